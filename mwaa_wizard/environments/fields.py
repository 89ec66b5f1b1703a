"""The settings of an environment as a flat list: dotted API names, labels, help, and what each depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mwaa_wizard.i18n import _, sentences

Kind = Literal["text", "number", "list", "log"]
Bound = Literal["", "region", "account"]  # what a value cannot leave: the region (and so the account), the account

SUBNETS = "NetworkConfiguration.SubnetIds"
SECURITY_GROUPS = "NetworkConfiguration.SecurityGroupIds"
LOG_MODULES = ("DagProcessingLogs", "SchedulerLogs", "TaskLogs", "WebserverLogs", "WorkerLogs")
LOG = "LoggingConfiguration"
TAGS = "Tags"
COUNTS = ("MinWorkers", "MaxWorkers", "Schedulers", "MinWebservers", "MaxWebservers")
OBJECT_VERSIONS = {
    "PluginsS3Path": "PluginsS3ObjectVersion",
    "RequirementsS3Path": "RequirementsS3ObjectVersion",
    "StartupScriptS3Path": "StartupScriptS3ObjectVersion",
}


@dataclass(frozen=True)
class Field:
    """One setting. `name` is the dotted member of CreateEnvironmentInput."""

    name: str
    label: str
    help: str
    kind: Kind = "text"
    bound: Bound = ""
    fixed: bool = False  # cannot be changed once the environment is there
    optional: bool = True


def fields() -> tuple[Field, ...]:
    """All settings but Airflow options and tags, in the order they are shown (labels translated)."""
    fixed = _("Cannot be changed later (MWAA user guide: update-environment).")
    logs = _("CRITICAL, ERROR, WARNING, INFO, DEBUG or off. Its log group appears once it is on.")
    return (
        Field("AirflowVersion", _("Airflow version"), _("The version the new environment starts with."),
              optional=False),
        Field("EnvironmentClass", _("Class"), _("How large scheduler, workers and database are.")),
        Field("MinWorkers", _("Min workers"), _("Workers kept when nothing runs."), "number"),
        Field("MaxWorkers", _("Max workers"), _("Workers at most; AWS's quota is 25 unless raised."), "number"),
        Field("Schedulers", _("Schedulers"), _("2 to 5; 1 on mw1.micro."), "number"),
        Field("MinWebservers", _("Min web servers"), _("2 to 5; 1 on mw1.micro."), "number"),
        Field("MaxWebservers", _("Max web servers"), _("2 to 5; 1 on mw1.micro."), "number"),
        Field("WebserverAccessMode", _("Web server access"), _("Who reaches the Airflow UI: the internet or the VPC.")),
        Field("ExecutionRoleArn", _("Execution role"),
              _("The role Airflow's tasks run as. Empty: the wizard makes one."), bound="account"),
        Field("SourceBucketArn", _("Source bucket"),
              _("Holds DAGs and requirements; versioned and private. Empty: the wizard makes one."), bound="region"),
        Field("DagS3Path", _("DAG folder"), _("Path inside the bucket, like dags."), optional=False),
        Field("RequirementsS3Path", _("Requirements"), _("Path of requirements.txt inside the bucket.")),
        Field("PluginsS3Path", _("Plugins"), _("Path of plugins.zip inside the bucket.")),
        Field("StartupScriptS3Path", _("Startup script"), _("Path of the startup script inside the bucket.")),
        Field("KmsKey", _("KMS key"), sentences([_("Empty: a key owned by AWS."), fixed]), bound="region", fixed=True),
        Field(SUBNETS, _("Subnets"), sentences([_("Two private subnets in different zones of one VPC."), fixed]),
              "list", "region", fixed=True, optional=False),
        Field(SECURITY_GROUPS, _("Security groups"), _("1 to 5; one must let its own members in."), "list", "region",
              optional=False),
        *(
            Field(f"{LOG}.{module}", label, logs, "log")
            for module, label in zip(
                LOG_MODULES,
                (_("DAG processing logs"), _("Scheduler logs"), _("Task logs"), _("Web server logs"), _("Worker logs")),
                strict=True,
            )
        ),
        Field("WeeklyMaintenanceWindowStart", _("Maintenance window"), _("Day and half hour in UTC, like TUE:03:30.")),
        Field("EndpointManagement", _("Endpoint management"),
              sentences([_("SERVICE: MWAA makes the VPC endpoints; CUSTOMER: you do, within 72 hours."), fixed]),
              fixed=True),
    )  # fmt: skip


def field(name: str) -> Field | None:
    """The field of that name, if it is one."""
    return next((item for item in fields() if item.name == name), None)


def get(environment: dict[str, object], name: str) -> object | None:
    """The value at a dotted name of an API document; None where it is absent."""
    value: object = environment
    for part in name.split(".", 1):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value
