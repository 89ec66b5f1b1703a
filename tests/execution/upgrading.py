"""An environment with DAGs, history and a requirements.txt that is about to change its Airflow version in place."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Outcome, Runner
from tests.execution.fakes import FakeAirflow, Rig, client_error

URL = "https://raw.githubusercontent.com/apache/airflow/constraints-{}/constraints-{}.txt"
OLD = f'--constraint "{URL.format("2.10.3", "3.11")}"\nparse==1.20.2\n'
NEW = f'--constraint "{URL.format("2.11.2", "3.12")}"\nparse==1.20.2\n'
STEPS = ("hold", "facts", "upgrade", "verify", "release")


def in_place(rig: Rig, here: str = "2.10.3", there: str = "2.11.2") -> FakeAirflow:
    """The rig's session as an in-place upgrade of `old`; returns its Airflow."""
    session, old = rig.session, rig.mwaa.environments["old"]
    session.route = "in-place"
    session.source.airflow_version = here
    session.target.environment, session.target.airflow_version = "old", there
    session.target.create_role = session.target.create_bucket = session.logs.copy_logs = False
    session.tables.drain_seconds = 3
    put = rig.s3.put_object(Bucket=rig.source_bucket, Key="requirements.txt", Body=OLD.encode())
    old.update(AirflowVersion=here, RequirementsS3ObjectVersion=put["VersionId"], WebserverAccessMode="PRIVATE_ONLY")
    old["NetworkConfiguration"] = {"SubnetIds": ["subnet-0a1", "subnet-0b2"], "SecurityGroupIds": ["sg-0c3"]}
    airflow = rig.mwaa.airflows["old"]
    airflow.version = here
    airflow.counts = {"daily": (10, 30), "hourly": (200, 400), "resting": (3, 3)}
    airflow.variables, airflow.connections = {"region"}, {"warehouse"}
    return airflow


def run(rig: Rig, *, ask: Any = None, until: str | None = None, undo: bool = False) -> Outcome:
    """The steps from `hold` on, as a new process would run them."""
    steps = [step for step in plan_for(rig.session) if step.id in STEPS]
    runner = Runner(rig.session, steps, rig.events.append, rig.clients)
    runner.context.ask = ask
    return runner.undo() if undo else runner.run(until)


def rolling_back(rig: Rig, message: str) -> Any:
    """An UpdateEnvironment that MWAA accepts and takes back."""

    def update(request: dict[str, Any]) -> None:
        rig.mwaa.begin_update(request["Name"], "FAILED", ErrorCode="INTERNAL_ERROR", ErrorMessage=message)
        rig.mwaa.environments[request["Name"]]["Status"] = "UPDATE_FAILED"
        rig.mwaa.states = ["UPDATING", "CREATING_SNAPSHOT", "UPDATING", "ROLLING_BACK"]

    return update


def refusing(code: str) -> Any:
    """An UpdateEnvironment that AWS refuses."""

    def update(_request: dict[str, Any]) -> None:
        raise client_error(code, "Environment old cannot be updated")

    return update
