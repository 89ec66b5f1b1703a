"""The environment variables Airflow's processes get: sandbox defaults < the user's options < what MWAA forces."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

MARK = "MWAA_WIZARD_SANDBOX"
ROLE_CONNECTION = "execution_role"
TASK_LOG_GROUP = "MWAA_WIZARD_TASK_LOG_GROUP"
MARK_HOME = "MWAA_WIZARD_ENVIRONMENT_HOME"

# Passed on from the user's environment; everything else (AIRFLOW_*, AWS_*, PYTHON*) would leak into the sandbox.
_INHERITED = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
)  # fmt: skip

# Options a user of MWAA cannot set (MWAA user guide: configuring-env-variables; amazon-mwaa-docker-images
# config/airflow.py). A value given for one of them is dropped.
RESERVED_OPTIONS = frozenset(
    {
        "core.executor", "core.fernet_key", "core.sql_alchemy_conn", "database.sql_alchemy_conn",
        "core.sql_alchemy_conn_cmd", "database.sql_alchemy_conn_cmd", "core.dags_folder", "core.plugins_folder",
        "core.load_examples", "core.auth_manager", "core.execution_api_server_url", "core.internal_api_url",
        "celery.broker_url", "celery.result_backend", "webserver.secret_key", "api.secret_key",
        "api_auth.jwt_secret", "api.auth_backends", "api.auth_backend", "fab.auth_backends", "webserver.rbac",
        "logging.remote_logging", "logging.remote_base_log_folder", "logging.remote_log_conn_id",
        "core.logging_config_class", "logging.base_log_folder", "logging.logging_config_class",
        "logging.dag_processor_manager_log_location",
        "scheduler.child_process_log_directory", "scheduler.standalone_dag_processor", "webserver.web_server_port",
        "webserver.web_server_host", "webserver.config_file", "api.host", "api.port", "api.base_url",
        "fab.config_file", "logging.worker_log_server_port", "logging.trigger_log_server_port",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Ports:
    """TCP ports on 127.0.0.1 that belong to one environment."""

    webserver: int
    worker_logs: int
    trigger_logs: int


@dataclass(frozen=True)
class Secrets:
    """Random values made once per environment and kept 0600 in its home."""

    fernet_key: str
    webserver_key: str
    admin_password: str


def compose(
    spec: RuntimeSpec, home: Path, database_uri: str, ports: Ports, secrets: Secrets, startup: dict[str, str]
) -> dict[str, str]:
    """The whole environment of an Airflow process; `startup` is what the startup script exported."""
    env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    env.update({name: value for name, value in startup.items() if not _is_reserved_variable(name)})
    env.update(_as_variables(_defaults(spec)))
    env.update(_as_variables(user_options(spec)))
    env.update(_as_variables(_forced(spec, home, database_uri, ports, secrets)))
    env.update(_process_variables(spec, home))
    return env


def on_path(env: dict[str, str], venv: Path) -> dict[str, str]:
    """The variables with the virtual environment's programs first on PATH: 1.10's executors start `airflow` by name."""
    return {**env, "PATH": os.pathsep.join([str(venv / "bin"), env.get("PATH", os.defpath)])}


def user_options(spec: RuntimeSpec) -> dict[str, str]:
    """The environment's AirflowConfigurationOptions without those MWAA reserves."""
    return {key: value for key, value in spec.config_options.items() if key not in RESERVED_OPTIONS}


def database_section(release: tuple[int, ...]) -> str:
    """The section that holds `sql_alchemy_conn`: `database` since 2.3, `core` before."""
    return "database" if release >= (2, 3) else "core"


def _as_variables(options: dict[str, str]) -> dict[str, str]:
    variables = {}
    for key, value in options.items():
        section, _dot, name = key.rpartition(".")
        variables[f"AIRFLOW__{section.replace('.', '_').upper() or 'CORE'}__{name.upper()}"] = value
    return variables


def _is_reserved_variable(name: str) -> bool:
    section, _sep, option = name.removeprefix("AIRFLOW__").partition("__")
    reserved = {"AIRFLOW_HOME", "AIRFLOW_ENV_NAME", "AIRFLOW_CONFIG", "PYTHONPATH", MARK, MARK_HOME}
    return (
        name in reserved or name.startswith("AWS_")
        or (name.startswith("AIRFLOW__") and f"{section}.{option}".lower() in RESERVED_OPTIONS)
    )  # fmt: skip


def _defaults(spec: RuntimeSpec) -> dict[str, str]:
    """Short intervals, so that a new DAG file shows up in seconds, and few processes: two cores carry two of us."""
    options = {
        "core.dags_are_paused_at_creation": "True",
        "core.parallelism": "8",
        "scheduler.max_tis_per_query": "8",
        "core.default_timezone": "utc",
        "scheduler.scheduler_heartbeat_sec": "1",
        "scheduler.job_heartbeat_sec": "1",
        "scheduler.scheduler_idle_sleep_time": "0.5",
        "scheduler.parsing_processes": "1",
        # New and changed files are parsed at once all the same; this is for files that did not change.
        "scheduler.min_file_process_interval": "60",
        "scheduler.dag_dir_list_interval": "2",
        "scheduler.scheduler_health_check_threshold": "60",
        "core.min_serialized_dag_update_interval": "2",
        "core.min_serialized_dag_fetch_interval": "2",
        "usage_data_collection.enabled": "False",
        "webserver.show_recent_stats_for_completed_runs": "False",
        "core.lazy_load_plugins": "True",
    }
    if spec.release < (2, 0):
        # 1.10 takes a run's next step only when it reads the DAG's file again.
        options["scheduler.min_file_process_interval"] = "2"
    if spec.release >= (3, 0):
        options |= {
            "dag_processor.parsing_processes": "1",
            "dag_processor.min_file_process_interval": "60",
            "dag_processor.refresh_interval": "2",
            "dag_processor.bundle_refresh_check_interval": "2",
        }
        for moved in ("parsing_processes", "min_file_process_interval", "dag_dir_list_interval"):
            del options[f"scheduler.{moved}"]
    return options


def _forced(spec: RuntimeSpec, home: Path, database_uri: str, ports: Ports, secrets: Secrets) -> dict[str, str]:
    base_url = f"http://127.0.0.1:{ports.webserver}"
    options = {
        "core.executor": "LocalExecutor",
        "core.load_examples": "False",
        f"{database_section(spec.release)}.load_default_connections": "False",
        f"{database_section(spec.release)}.sql_alchemy_conn": database_uri,
        "core.fernet_key": secrets.fernet_key,
        "core.dags_folder": str(home / "dags"),
        "core.plugins_folder": str(home / "plugins"),
        "logging.base_log_folder": str(home / "logs"),
        "logging.worker_log_server_port": str(ports.worker_logs),
        "logging.trigger_log_server_port": str(ports.trigger_logs),
        "scheduler.child_process_log_directory": str(home / "logs" / "scheduler"),
        "logging.dag_processor_manager_log_location": str(home / "logs" / "dag_processor_manager.log"),
        "metrics.statsd_on": "False",
    }
    options |= _web_options(spec, base_url, secrets) | _remote_logging(spec)
    if spec.release < (2, 0):
        moved = ("base_log_folder", "remote_logging", "remote_base_log_folder", "remote_log_conn_id")
        options |= {f"core.{name}": options[f"logging.{name}"] for name in moved if f"logging.{name}" in options}
        options["webserver.rbac"] = "True"
    return options


def _web_options(spec: RuntimeSpec, base_url: str, secrets: Secrets) -> dict[str, str]:
    port = base_url.rpartition(":")[2]
    if spec.release >= (3, 0):
        return {
            "core.auth_manager": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
            "core.execution_api_server_url": f"{base_url}/execution/",
            "api.host": "127.0.0.1",
            "api.port": port,
            "api.base_url": base_url,
            "api.workers": "1",
            "api.secret_key": secrets.webserver_key,
            "api_auth.jwt_secret": secrets.webserver_key * 2,
        }
    return {
        "webserver.web_server_host": "127.0.0.1",
        "webserver.web_server_port": port,
        "webserver.base_url": base_url,
        "webserver.secret_key": secrets.webserver_key,
        "webserver.warn_deployment_exposure": "False",
        **_api_auth(spec.release),
    }


def _api_auth(release: tuple[int, ...]) -> dict[str, str]:
    """`session` exists since 2.3 (list option `auth_backends`); before, one backend is all there is.

    1.10 has no stable API, and its experimental one is closed.
    """
    own = "airflow.api.auth.backend."
    if release >= (2, 3):
        return {"api.auth_backends": f"{own}basic_auth,{own}session"}
    return {"api.auth_backend": own + ("basic_auth" if release >= (2, 0) else "deny_all")}


def _remote_logging(spec: RuntimeSpec) -> dict[str, str]:
    level = spec.log_level("Task")
    if level is None:
        return {"logging.remote_logging": "False"}
    if spec.release < (2, 0):
        # Its settings know no CloudWatch; see inside/config/sandbox_logging.py.
        own = "sandbox_logging.CONFIG"
        return {"core.logging_level": level, "logging.remote_logging": "False", "core.logging_config_class": own}
    return {
        "logging.logging_level": level,
        "logging.remote_logging": "True",
        "logging.remote_base_log_folder": f"cloudwatch://{spec.log_group_arn('Task')}",
        # The execution role itself, as on MWAA: a connection `aws_default` of the user must not redirect the logs.
        # 3.x insists on a connection; one without content, known from the environment, means the same.
        "logging.remote_log_conn_id": ROLE_CONNECTION if spec.release >= (3, 0) else "",
    }


def _process_variables(spec: RuntimeSpec, home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_ENV_NAME": spec.name,
        "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
        # New packages of requirements.txt win over those of the image; plugins are importable as on MWAA.
        "PYTHONPATH": os.pathsep.join(str(home / name) for name in ("overlay", "plugins", "config")),
        "PYTHONUNBUFFERED": "1",
        "AWS_ENDPOINT_URL": spec.endpoint_url,
        "AWS_REGION": spec.region,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_CONFIG_FILE": str(home / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "aws" / "credentials"),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        # setproctitle would else overwrite the block that psutil reads the mark from.
        "SPT_NOENV": "1",
        # macOS kills forked children that touch certain frameworks unless told otherwise.
        **({"OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"} if sys.platform == "darwin" else {}),
        **({f"AIRFLOW_CONN_{ROLE_CONNECTION.upper()}": "aws://"} if spec.release >= (3, 0) else {}),
        TASK_LOG_GROUP: spec.log_group_arn("Task").split(":")[6],
        MARK: os.environ.get(MARK) or str(paths.sandbox_dir()),
        MARK_HOME: str(home),
    }
