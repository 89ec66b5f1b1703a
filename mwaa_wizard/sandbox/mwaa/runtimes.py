"""How the API builds the Airflow behind an environment: the runtime's interface, its spec, its log groups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.mwaa import names
from mwaa_wizard.sandbox.mwaa.artefacts import code_of
from mwaa_wizard.sandbox.mwaa.environment import Environment


class CliLike(Protocol):
    @property
    def returncode(self) -> int: ...
    @property
    def stdout(self) -> str: ...
    @property
    def stderr(self) -> str: ...


class RestLike(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Any: ...


class Runtime(Protocol):
    """What the life cycle and the web front need of an Airflow (airflow.runtime.AirflowRuntime, or a test's)."""

    @property
    def webserver_url(self) -> str: ...
    def create(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def delete(self) -> None: ...
    def update(self, spec: RuntimeSpec) -> None: ...
    def snapshot(self) -> None: ...
    def restore(self) -> None: ...
    def cli(self, args: list[str]) -> CliLike: ...
    def rest(self, method: str, path: str, query: Any, body: Any) -> RestLike: ...


Credentials = Callable[[], dict[str, str]]
Progress = Callable[[str], None]
RuntimeFactory = Callable[[RuntimeSpec, Path, Credentials, Progress], Any]


def spec_of(environment: Environment, endpoint_url: str) -> RuntimeSpec:
    """The environment's settings in the runtime's words."""
    settings = environment.settings
    logging: dict[str, tuple[bool, str]] = {}
    arns: dict[str, str] = {}
    for module, word in names.MODULES.items():
        given = settings.get("LoggingConfiguration", {}).get(module) or {}
        logging[word] = (bool(given.get("Enabled")), given.get("LogLevel", "INFO"))
        arns[word] = names.log_group_arn(environment.account, environment.region, environment.name, module)
    return RuntimeSpec(
        name=environment.name,
        version=environment.version,
        account=environment.account,
        region=environment.region,
        partition=names.partition_of(environment.region),
        endpoint_url=endpoint_url,
        bucket=environment.bucket,
        dag_s3_path=settings["DagS3Path"],
        requirements_s3_path=settings.get("RequirementsS3Path") or None,
        requirements_version=settings.get("RequirementsS3ObjectVersion") or None,
        plugins_s3_path=settings.get("PluginsS3Path") or None,
        plugins_version=settings.get("PluginsS3ObjectVersion") or None,
        startup_s3_path=settings.get("StartupScriptS3Path") or None,
        startup_version=settings.get("StartupScriptS3ObjectVersion") or None,
        config_options=dict(settings.get("AirflowConfigurationOptions") or {}),
        logging=logging,
        log_group_arns=arns,
        environment_class=settings["EnvironmentClass"],
        webserver_access_mode=settings["WebserverAccessMode"],
    )


def make_log_groups(logs: Any, environment: Environment) -> None:
    """The CloudWatch log group of every enabled module, as MWAA makes them; those that exist stay."""
    for module, given in (environment.settings.get("LoggingConfiguration") or {}).items():
        if not given.get("Enabled"):
            continue
        try:
            logs.create_log_group(logGroupName=names.log_group(environment.name, module))
        except ClientError as error:
            if code_of(error) != "ResourceAlreadyExistsException":
                raise
