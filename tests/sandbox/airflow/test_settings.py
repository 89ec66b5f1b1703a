"""Airflow's environment: sandbox defaults < the user's options < what MWAA forces."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow import settings
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from tests.sandbox.airflow.specs import PORTS, SECRETS, URI, spec

HOME = Path("/somewhere/prod")


def compose(of: RuntimeSpec, startup: dict[str, str] | None = None) -> dict[str, str]:
    return settings.compose(of, HOME, URI, PORTS, SECRETS, startup or {})


def test_a_users_option_wins_over_a_default_of_the_sandbox() -> None:
    env = compose(spec(config_options={"scheduler.dag_dir_list_interval": "300", "core.default_task_retries": "3"}))
    assert env["AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL"] == "300"
    assert env["AIRFLOW__CORE__DEFAULT_TASK_RETRIES"] == "3"


@pytest.mark.parametrize("key", sorted(settings.RESERVED_OPTIONS))
def test_a_reserved_option_of_the_user_has_no_effect(key: str) -> None:
    assert compose(spec(config_options={key: "mine"})) == compose(spec())


def test_what_mwaa_forces() -> None:
    env = compose(spec())
    assert env["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert env["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] == "True"
    assert env["AIRFLOW__LOGGING__REMOTE_LOGGING"] == "True"
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:airflow-prod-Task"
    assert env["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"] == f"cloudwatch://{group}"
    assert env["AIRFLOW_ENV_NAME"] == "prod"
    assert env["AWS_REGION"] == "eu-west-1"


def test_task_logs_that_are_off_stay_local() -> None:
    env = compose(spec(logging={"Task": (False, "INFO")}))
    assert env["AIRFLOW__LOGGING__REMOTE_LOGGING"] == "False"
    assert "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER" not in env


def test_the_arn_of_the_api_ends_in_a_star_and_carries_its_partition() -> None:
    arn = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:airflow-prod-Task"
    env = compose(spec(partition="aws-cn", region="cn-north-1", log_group_arns={"Task": arn + ":*"}))
    assert env["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"] == f"cloudwatch://{arn}"
    assert spec(partition="aws-cn", region="cn-north-1").log_group_arn("Task") == arn


@pytest.mark.parametrize(
    ("version", "name"),
    [("2.2.2", "AIRFLOW__CORE__SQL_ALCHEMY_CONN"), ("2.8.1", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN")],
)
def test_where_a_version_looks_for_its_database(version: str, name: str) -> None:
    env = compose(spec(version))
    assert env[name] == URI
    assert [key for key in env if key.endswith("SQL_ALCHEMY_CONN")] == [name]


def test_airflow_3_gets_fab_and_the_shared_token_secret() -> None:
    env = compose(spec("3.0.6"))
    assert env["AIRFLOW__CORE__AUTH_MANAGER"].endswith("FabAuthManager")
    assert len(env["AIRFLOW__API_AUTH__JWT_SECRET"]) >= 64
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == f"http://127.0.0.1:{PORTS.webserver}/execution/"
    assert "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL" not in env


def test_nothing_of_the_user_leaks_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__PARALLELISM", "99")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAPRODUCTION")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    env = compose(spec())
    assert env["AIRFLOW__CORE__PARALLELISM"] != "99"
    assert not {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "HTTP_PROXY"} & env.keys()
    assert env["AWS_SHARED_CREDENTIALS_FILE"].startswith(str(HOME))


def test_a_startup_script_cannot_change_reserved_variables() -> None:
    exported = {
        "MY_TEAM": "data", "AIRFLOW__CORE__FERNET_KEY": "mine", "AWS_ENDPOINT_URL": "https://elsewhere",
        "AIRFLOW_HOME": "/elsewhere", "AIRFLOW__WEBSERVER__NAVBAR_COLOR": "#123456",
    }  # fmt: skip
    env = compose(spec(), exported)
    assert env["MY_TEAM"] == "data"
    assert env["AIRFLOW__WEBSERVER__NAVBAR_COLOR"] == "#123456"
    assert env["AIRFLOW__CORE__FERNET_KEY"] == SECRETS.fernet_key
    assert env["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert env["AIRFLOW_HOME"] == str(HOME)


def test_the_processes_carry_both_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.MARK, "/data/root")
    env = compose(spec())
    assert env[settings.MARK] == "/data/root"
    assert env[settings.MARK_HOME] == str(HOME)


def test_1_10_has_closed_api_its_own_cloudwatch_and_reads_files_often() -> None:
    env = compose(spec("1.10.12"))
    assert env["AIRFLOW__API__AUTH_BACKEND"] == "airflow.api.auth.backend.deny_all"
    assert env["AIRFLOW__CORE__REMOTE_LOGGING"] == "False"
    assert env["AIRFLOW__CORE__LOGGING_CONFIG_CLASS"] == "sandbox_logging.CONFIG"
    assert env["MWAA_WIZARD_TASK_LOG_GROUP"] == "airflow-prod-Task"
    assert int(env["AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL"]) < 10


def test_programs_of_the_virtual_environment_come_first() -> None:
    env = settings.on_path({"PATH": "/usr/bin", "TZ": "UTC"}, Path("/cache/airflow"))
    assert env == {"PATH": "/cache/airflow/bin:/usr/bin", "TZ": "UTC"}
