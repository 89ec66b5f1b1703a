"""What an environment should be: the part of MWAA's Environment that its Airflow processes feel."""

from __future__ import annotations

from dataclasses import dataclass, field

from mwaa_wizard.sandbox.airflow import versions

# MWAA's log groups are `airflow-<name>-<module>`, with a capital S in WebServer (MWAA user guide: monitoring-airflow).
LOG_MODULES = ("Task", "Scheduler", "Worker", "WebServer", "DAGProcessing")


@dataclass(frozen=True)
class RuntimeSpec:
    """Settings of one environment, named as in MWAA's GetEnvironment.

    `logging` maps a module of `LOG_MODULES` to (enabled, level); `log_group_arns` the same module to its group's ARN.
    Paths are keys in `bucket`; a `*_version` is an S3 object version id.
    """

    name: str
    version: str
    account: str
    region: str
    partition: str
    endpoint_url: str
    bucket: str
    dag_s3_path: str
    requirements_s3_path: str | None = None
    requirements_version: str | None = None
    plugins_s3_path: str | None = None
    plugins_version: str | None = None
    startup_s3_path: str | None = None
    startup_version: str | None = None
    config_options: dict[str, str] = field(default_factory=dict)
    logging: dict[str, tuple[bool, str]] = field(default_factory=dict)
    log_group_arns: dict[str, str] = field(default_factory=dict)
    environment_class: str = "mw1.small"
    webserver_access_mode: str = "PUBLIC_ONLY"

    @property
    def release(self) -> tuple[int, int, int]:
        """The Airflow version as numbers, for comparisons."""
        return versions.parse(self.version)

    def log_group_arn(self, module: str) -> str:
        """ARN of the module's CloudWatch log group."""
        default = f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:airflow-{self.name}-{module}"
        return self.log_group_arns.get(module, default).removesuffix(":*")

    def log_level(self, module: str) -> str | None:
        """The module's log level, or None when its logs are off."""
        enabled, level = self.logging.get(module, (True, "INFO"))
        return level if enabled else None
