"""A source that its own scheduler has filled, and its history brought into a living target by our DAGs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mwaa_wizard.metadata import bundle, dagfile, schemas
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from tests.life import history
from tests.life.airflow import Airflow, wait
from tests.metadata.lab import SESSION, Bucket
from tests.services import aws_and_postgres

ROOM = Path(__file__).parent
MANUAL_RUN = "order_4711+05:30~by-hand"
DAYS = 4
LIFE_DAGS = ("life_daily", "life_often", "life_manual", "life_told", "life_broken")


@dataclass
class Place:
    """PostgreSQL and S3 for as many Airflows as a test wants; what it started is ended with it."""

    root: Path
    postgres: Postgres
    endpoint: str
    living: list[Airflow] = field(default_factory=list)

    def airflow(self, name: str, version: str, **options: str) -> Airflow:
        """A new Airflow without a database; `options` are configuration options with `__` for the dot."""
        named = {key.replace("__", "."): value for key, value in options.items()}
        made = Airflow(name, version, self.root, self.postgres, self.endpoint, named)
        self.living.append(made)
        return made

    def end(self) -> None:
        """End every process of every Airflow."""
        for airflow in self.living:
            airflow.stop()

    def bucket(self, name: str) -> Bucket:
        import boto3

        client = boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )  # fmt: skip
        client.create_bucket(Bucket=name)
        return Bucket(client, name)


@contextmanager
def place(root: Path) -> Iterator[Place]:
    """Start both; end everything."""
    with aws_and_postgres(root) as (postgres, endpoint):
        made = Place(root, postgres, endpoint)
        try:
            yield made
        finally:
            made.end()


@dataclass
class Migrated:
    """The living target, and what the source's history was."""

    source: Airflow
    target: Airflow
    bucket: Bucket
    before: history.History


def migrate(here: Place, source_version: str, target_version: str, tasks: int = 1) -> Migrated:
    """Let a source live, move its history into a target whose scheduler runs all the time; DAGs there stay paused.

    `tasks`: over how many Airflow tasks export and import are spread; each is a process of the LocalExecutor.
    """
    tag = f"{source_version.replace('.', '_')}_{len(here.living)}"
    source = here.airflow(f"source_{tag}", source_version, core__dags_are_paused_at_creation="False")
    # XComs of 1.10 are pickles, unless somebody said otherwise; an operator has to keep the option.
    pickles = {"core__enable_xcom_pickling": "True"} if source.release < (2, 0) else {}
    # Its files are not read again after the import: what it knew of them before must do no harm.
    target = here.airflow(f"target_{tag}", target_version, scheduler__min_file_process_interval="600", **pickles)
    bucket = here.bucket(f"migration-{tag.replace('_', '-')}")
    text = dag_file()
    for airflow, ours in ((source, dagfile.DAG_IDS_SOURCE), (target, dagfile.DAG_IDS_TARGET)):
        (airflow.layout.dags / "life.py").write_text(text, encoding="utf-8")
        for dag_id in ours:
            (airflow.layout.dags / dagfile.file_name(dag_id)).write_bytes(dagfile.render(dag_id, tasks))
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(_begin, target)
        _begin(source)
        source.call("python", str(ROOM / "inside" / "settings.py"))
        source.listed(*LIFE_DAGS)
        source.trigger("life_manual", MANUAL_RUN, {"order": 4711, "names": ["a", "é"]})
        source.trigger("life_told", "told", {})
        source.trigger("life_broken", "broken", {})
        started.result()
    target.listed(*LIFE_DAGS)
    order(target, bucket, "mwz_key")
    wait("the source's history", lambda: _has_lived(source), 300, every=1)
    _forget(source)
    head = schemas.alembic_head(source_version)
    order(source, bucket, "mwz_inventory", alembic_head=head)
    order(source, bucket, "mwz_export", pause=True, drain_seconds=60, parallel=2, part_rows=10)
    before = history.read(source)
    source.stop()
    manifest = bundle.Manifest.model_validate(bucket.json(bundle.MANIFEST))
    head = schemas.alembic_head(target_version)
    order(target, bucket, "mwz_import", manifest_run_id=manifest.run_id, alembic_head=head, bridge=True)
    order(target, bucket, "mwz_verify")
    return Migrated(source, target, bucket, before)


def order(airflow: Airflow, bucket: Bucket, dag_id: str, **orders: Any) -> None:
    """One run of one of our DAGs by the environment's own scheduler; AssertionError with its words when it fails."""
    run_id = f"mw-{datetime.now(UTC):%H%M%S%f}"
    bucket.put(
        bundle.request_key(dag_id),
        {"format": 1, "run_id": run_id, "environment": airflow.name, "alembic_head": None, **orders},
    )
    airflow.listed(dag_id)
    airflow.unpause(dag_id)
    airflow.trigger(dag_id, run_id, {"bucket": bucket.name, "region": "us-east-1", "session": SESSION})

    def ended() -> bundle.Progress | None:
        key = bundle.progress_key(dag_id)
        if key not in set(bucket.keys()):
            return None
        progress = bundle.Progress.model_validate(bucket.json(key))
        return progress if progress.run_id == run_id and progress.state != "running" else None

    progress = wait(f"the end of {dag_id}", ended, 240)
    assert progress.state == "success", progress.error
    state = f"SELECT state FROM dag_run WHERE dag_id = '{dag_id}' AND run_id = '{run_id}'"
    wait(f"success of the run of {dag_id}", lambda: airflow.sql(state) == "success", 120)


def _begin(airflow: Airflow) -> None:
    airflow.make_database()
    airflow.start()


def dag_file() -> str:
    """The DAGs of `dags/`, with dates that lie right behind us."""
    now = datetime.now(UTC)
    daily = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    often = now.replace(second=0, microsecond=0) - timedelta(minutes=3)
    text = (ROOM / "dags" / "life.py.in").read_text(encoding="utf-8")
    for name, date in (("DAILY", daily), ("OFTEN", often)):
        line = f"{name} = datetime(2021, 1, 1)"
        assert line in text
        text = text.replace(line, f"{name} = datetime({date:%Y, %-m, %-d, %-H, %-M})")
    return text


def _has_lived(airflow: Airflow) -> bool:
    ended = airflow.rows(
        "SELECT dag_id, count(*) AS runs FROM dag_run WHERE state IN ('success', 'failed') GROUP BY dag_id"
    )
    runs = {row["dag_id"]: row["runs"] for row in ended}
    wanted = {"life_daily": DAYS, "life_often": 3, "life_manual": 1, "life_told": 1, "life_broken": 1}
    return all(runs.get(dag_id, 0) >= count for dag_id, count in wanted.items())


def _forget(airflow: Airflow) -> None:
    """Delete the first and the third daily run, as people and `airflow db clean` do.

    The source never makes them again, so the target must not, either.
    """
    tables = ["dag_run"]
    if airflow.release < (2, 2):  # task instances hang on the date only
        tables = ["task_instance", "xcom", "dag_run"]
    dates = airflow.sql("SELECT execution_date FROM dag_run WHERE dag_id = 'life_daily' ORDER BY 1").splitlines()
    for date in (dates[0], dates[2]):
        for table in tables:
            airflow.sql(f"DELETE FROM {table} WHERE dag_id = 'life_daily' AND execution_date = '{date}'")
