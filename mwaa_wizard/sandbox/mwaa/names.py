"""ARNs, log group names and the limits of environment classes and versions.

Sources: MWAA user guide (environment-class, mwaa-quotas, airflow-versions, monitoring-airflow).
"""

from __future__ import annotations

import functools
import hashlib

# Creatable on MWAA now (MWAA user guide: airflow-versions); older environments only run on.
CREATABLE = ("2.7.2", "2.8.1", "2.9.2", "2.10.1", "2.10.3", "2.11.0", "2.11.2", "3.0.6", "3.2.1", "3.3.1")
DEFAULT_VERSION = CREATABLE[-1]
NEWEST_2 = "2.11.2"
CLASSES = ("mw1.micro", "mw1.small", "mw1.medium", "mw1.large", "mw1.xlarge", "mw1.2xlarge")
QUOTA_ENVIRONMENTS = 10
QUOTA_WORKERS = 25
QUOTA_WEBSERVERS = 5

# LoggingConfiguration member -> the word in the log group's name.
MODULES = {
    "DagProcessingLogs": "DAGProcessing",
    "SchedulerLogs": "Scheduler",
    "WebserverLogs": "WebServer",
    "WorkerLogs": "Worker",
    "TaskLogs": "Task",
}


@functools.cache
def partition_of(region: str) -> str:
    """aws, aws-cn, ...; botocore's table, `aws` for a region it does not know."""
    from botocore.exceptions import UnknownRegionError
    from botocore.session import get_session

    try:
        return str(get_session().get_partition_for_region(region))
    except UnknownRegionError:
        return "aws"


def environment_arn(account: str, region: str, name: str) -> str:
    return f"arn:{partition_of(region)}:airflow:{region}:{account}:environment/{name}"


def airflow_role_arn(account: str, region: str, name: str, role: str) -> str:
    return f"arn:{partition_of(region)}:airflow:{region}:{account}:role/{name}/{role}"


def log_group(name: str, module: str) -> str:
    """`airflow-NAME-Task` for module `TaskLogs`."""
    return f"airflow-{name}-{MODULES[module]}"


def log_group_arn(account: str, region: str, name: str, module: str) -> str:
    return f"arn:{partition_of(region)}:logs:{region}:{account}:log-group:{log_group(name, module)}"


def stable_id(*parts: str) -> str:
    """A UUID-shaped id that depends only on `parts`."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


def version_tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
