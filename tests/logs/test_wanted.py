"""Which exported rows want their logs copied."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from typing import Any

import pytest

from mwaa_wizard.logs import wanted
from mwaa_wizard.metadata.bundle import Manifest, PartInfo, TableExport, part_key
from mwaa_wizard.session.model import Session
from tests.logs.cloud import SOURCE, TARGET, Cloud

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def row(**changes: str) -> dict[str, str]:
    made = {
        "dag_id": "etl", "run_id": "r", "task_id": "t", "map_index": "-1", "try_number": "2", "state": "success",
        "start_date": "2026-11-21 23:00:00.5+00", "end_date": "2026-11-21 23:10:00+00",
    }  # fmt: skip
    return {**made, **changes}


def kept(session: Session, *rows: dict[str, str]) -> list[wanted.LogWanted]:
    return wanted.from_rows(rows, session, NOW)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"end_date": "2026-11-15 00:00:00+00"}, 1),
        ({"end_date": "2026-11-14 23:59:59+00"}, 0),
        ({"end_date": "2026-11-15 01:00:00+02"}, 0),
        ({"end_date": ""}, 1),
        ({"end_date": "", "start_date": ""}, 0),
        ({"dag_id": "mwz_export"}, 0),
        ({"state": "failed"}, 1),
    ],
)
def test_the_last_days_only(changes: dict[str, str], count: int) -> None:
    assert len(kept(Session(), row(**changes))) == count


def test_failed_only() -> None:
    made = Session()
    made.logs.failed_only = True
    assert [item.state for item in kept(made, row(), row(state="failed"), row(state=""))] == ["failed"]


def test_values_are_typed() -> None:
    item = kept(Session(), row(map_index="0"))[0]
    assert (item.map_index, item.try_number) == (0, 2)
    assert item.start == dt.datetime(2026, 11, 21, 23, 0, 0, 500_000, dt.UTC)


def test_rows_come_from_every_part_of_the_bundle(cloud: Cloud) -> None:
    cloud.environment("a", SOURCE, "us-east-1")
    cloud.environment("b", TARGET, "eu-west-1")
    ctx = cloud.context(cloud.session("a", "b"))
    client: Any = ctx.client("source", "s3")
    client.create_bucket(Bucket=ctx.session.migration_bucket)
    today = dt.datetime.now(dt.UTC).isoformat()
    for number, text in enumerate(["one", 'two\n"quoted"']):
        plain = io.StringIO()
        writer = csv.DictWriter(plain, [*row(), "rendered"])
        writer.writeheader()
        writer.writerow({**row(task_id=f"t{number}", end_date=today), "rendered": text * 100_000})
        body = gzip.compress(plain.getvalue().encode())
        client.put_object(Bucket=ctx.session.migration_bucket, Key=part_key("task_instance", number), Body=body)
    parts = [PartInfo(key=part_key("task_instance", n), rows=1, bytes=1, sha256="") for n in range(2)]
    manifest = Manifest(
        run_id="x", environment="a", airflow_version="2.8.1", alembic_head="", snapshot="", created_at="",
        tables={"task_instance": TableExport(rows=2, parts=parts)},
    )  # fmt: skip
    assert [item.task_id for item in wanted.from_bundle(ctx, manifest)] == ["t0", "t1"]
    assert wanted.from_bundle(ctx, manifest.model_copy(update={"tables": {}})) == []
