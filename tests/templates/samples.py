"""Five different environments, each with what somebody decided about it. The target is always the test account."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.environments import settings as page
from mwaa_wizard.session.model import Session
from tests.environments.samples import environment
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION

CANARY = "hunter2-canary"
HERE = {"Arn": f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/analytics-prod",
        "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/mwaa-prod",
        "NetworkConfiguration": {"SubnetIds": ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
                                 "SecurityGroupIds": ["sg-0aaaaaaaaaaaaaaa1"]}}  # fmt: skip
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1b2c3d4e-1111-2222-3333-444455556666"
# Everything that a careless writer of YAML or HCL would turn into something else.
ODD = {
    "core.x_dollar": "${var.x} $${y} $$${z} %{if a}", "core.x_jinja": "{{ ti.dag_id }}/{% if a %}b{% endif %}",
    "core.x_quotes": "\"a\" 'b' \\n \\u0041", "core.x_number": "08", "core.x_truth": "yes", "core.x_null": "null",
    "core.x_time": "12:30:45", "core.x_hash": "a # b", "core.x_colon": "a: b", "core.x_space": " padded ",
    "core.x_star": "*alias &anchor !tag", "core.x_exp": "1e3", "core.x_sub": "${AWS::Region}",
}  # fmt: skip


def session(*, version: str = "2.11.2", source: str = "2.8.1") -> Session:
    """From `analytics-prod` to `analytics-v2` in one account and region."""
    made = Session(id="5e551011")
    made.source.environment, made.source.airflow_version = "analytics-prod", source
    made.target.environment, made.target.airflow_version = "analytics-v2", version
    for side in (made.source.connection, made.target.connection):
        side.account, side.region, side.partition = ACCOUNT, REGION, "aws"
    return made


def _edited(made: Session, **edits: str) -> Session:
    for name, text in edits.items():
        assert page.edit(made, name.replace("__", "."), text) == [], name
    return made


def _plain() -> tuple[Session, dict[str, Any]]:
    bare = environment(**HERE, AirflowConfigurationOptions=None, Tags=None, LoggingConfiguration=None)
    return session(), bare


def _private() -> tuple[Session, dict[str, Any]]:
    """Customer managed endpoints, the source's own bucket and a chosen role stay."""
    made = session()
    made.target.create_role = made.target.create_bucket = False
    source = environment(
        **HERE, WebserverAccessMode="PRIVATE_ONLY", EndpointManagement="CUSTOMER", StartupScriptS3Path="startup.sh",
        StartupScriptS3ObjectVersion="script-of-the-source", PluginsS3Path="plugins.zip",
    )  # fmt: skip
    return _edited(made, ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/service-role/chosen"), source


def _micro() -> tuple[Session, dict[str, Any]]:
    ones = dict.fromkeys(("MinWorkers", "MaxWorkers", "Schedulers", "MinWebservers", "MaxWebservers"), 1)
    return session(version="2.10.3"), environment(**HERE, EnvironmentClass="mw1.micro", **ones)


def _elsewhere() -> tuple[Session, dict[str, Any]]:
    """From another account and region, with a key of its own, odd tags, a folder in another script, and secrets."""
    made = session()
    made.source.connection.account, made.source.connection.region = "444455556666", "eu-west-1"
    edits = {"KmsKey": KEY, "DagS3Path": "ワークフロー/日次 ${x}", "Tags__部門": "データ 基盤"}
    _edited(made, **edits)
    made.target.airflow_options = dict(ODD)
    _edited(made, AirflowConfigurationOptions__sentry__sentry_dsn=f"https://user:{CANARY}@sentry.example/1")
    source = environment(
        Arn="arn:aws:airflow:eu-west-1:444455556666:environment/analytics-prod",
        ExecutionRoleArn="arn:aws:iam::444455556666:role/mwaa-prod", StartupScriptS3Path="in/startup.sh",
        KmsKey="arn:aws:kms:eu-west-1:444455556666:key/1b2c3d4e-1111-2222-3333-444455556666",
        Tags={f"k{number}": f"v {number} = +-@" for number in range(40)},
    )  # fmt: skip
    source["AirflowConfigurationOptions"]["core.sql_alchemy_conn_x"] = f"postgres://{CANARY}"
    return made, source


def _settings_only() -> tuple[Session, dict[str, Any]]:
    """Airflow 3 made directly, from Airflow 3."""
    made = session(version="3.3.1", source="3.0.6")
    made.route = "settings-only"
    options = {"core.parallelism": "40", "fab.session_lifetime_minutes": "60"}
    return made, environment(**HERE, AirflowVersion="3.0.6", AirflowConfigurationOptions=options)


FIVE = {"plain": _plain, "private": _private, "micro": _micro, "elsewhere": _elsewhere,
        "settings-only": _settings_only}  # fmt: skip
