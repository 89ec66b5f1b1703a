"""Which task instances' logs are wanted, and what became of them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.context import Context
from mwaa_wizard.metadata.bundle import Manifest
from mwaa_wizard.session.model import Session

TABLE = "task_instance"


@dataclass(frozen=True)
class LogWanted:
    """One task instance. `try_number` is its newest try; all tries that have a stream are copied.

    `logical_date` is only needed for runs logged by Airflow before 2.3 (see `streams.legacy_folder`).
    """

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    state: str
    start: dt.datetime | None
    end: dt.datetime | None
    logical_date: dt.datetime | None = None


@dataclass
class LogResult:
    """Counts of one copy. `missing`: task instances without any stream; `rejected`: events by reason
    (`too_old`, `expired`, `too_new`, `too_large`, `bad_name`), as CloudWatch Logs answered.
    """

    streams_found: int = 0
    streams_copied: int = 0
    already_there: int = 0
    events_read: int = 0
    events_written: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    wanted: int = 0

    def reject(self, reason: str, count: int) -> None:
        """Count events that did not arrive."""
        if count:
            self.rejected[reason] = self.rejected.get(reason, 0) + count

    def as_facts(self) -> dict[str, Any]:
        """For the journal, where the report reads it."""
        return dict(vars(self))


def moment(text: str | None) -> dt.datetime | None:
    """A timestamp as PostgreSQL writes it (`2024-01-02 03:04:05.6+00`); None for an empty field."""
    if not text:
        return None
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def from_rows(rows: Iterable[Mapping[str, str]], session: Session, now: dt.datetime | None = None) -> list[LogWanted]:
    """The task instances whose logs the session wants: ended (or begun) in the last `logs.days` days, only failed
    ones if asked, none that never began, none of the wizard's own DAGs.
    """
    first = (now or dt.datetime.now(dt.UTC)) - dt.timedelta(days=session.logs.days)
    found = []
    for row in rows:
        start, end = moment(row.get("start_date")), moment(row.get("end_date"))
        newest = end or start
        if newest is None or newest < first or row["dag_id"].startswith("mwz_"):
            continue
        if session.logs.failed_only and row.get("state") != "failed":
            continue
        found.append(
            LogWanted(
                dag_id=row["dag_id"],
                run_id=row["run_id"],
                task_id=row["task_id"],
                map_index=int(row.get("map_index") or -1),
                try_number=int(row.get("try_number") or 0),
                state=row.get("state") or "",
                start=start,
                end=end,
            )
        )
    return found


def from_bundle(ctx: Context, manifest: Manifest, side: Side = "source") -> list[LogWanted]:
    """As `from_rows`, over the exported task_instance rows; `side` says whose credentials read the bucket."""
    table = manifest.tables.get(TABLE)
    if table is None:
        return []
    return from_rows(_rows(ctx, side, [part.key for part in table.parts]), ctx.session)


def _rows(ctx: Context, side: Side, keys: list[str]) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(2**31 - 1)  # executor_config and rendered fields can be long
    client = ctx.client(side, "s3")
    for key in keys:
        body = client.get_object(Bucket=ctx.session.migration_bucket, Key=key)["Body"]
        with gzip.GzipFile(fileobj=body) as plain:
            yield from csv.DictReader(io.TextIOWrapper(plain, "utf-8", newline=""))
