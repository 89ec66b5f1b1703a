"""One source with all its exports; one cell: import, import again, verify, judge; one cell over the bridge."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from mwaa_wizard.metadata import bundle
from mwaa_wizard.sandbox.airflow.commands import upgrade
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.versions import parse
from tests.matrix import facts
from tests.matrix.bridge import compare
from tests.matrix.judge import Judge
from tests.matrix.pairs import Pair, last
from tests.matrix.world import YOUNG, World, dashed, slug
from tests.metadata.lab import Bucket

ALL = [
    "slot_pool", "variable", "connection", "dag_run", "dag_run_note", "task_instance", "task_instance_note",
    "task_instance_history", "task_fail", "task_reschedule", "rendered_task_instance_fields", "task_map", "xcom",
    "sla_miss", "log", "job",
]  # fmt: skip


@dataclass
class Outcome:
    """One line of the table."""

    pair: Pair
    rows: int = 0
    inserted: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    same: bool = False
    second: int = -1
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems and self.same and self.second == 0


def bucket_of(world: World, pair: Pair) -> Bucket:
    """The migration bucket of a pair."""
    return world.bucket(f"mig-{dashed(pair.source)}---{dashed(pair.target)}")


def export(world: World, source: str, pairs: list[Pair]) -> facts.Facts:
    """Export a source once for every target in one process, sealed to each target's key; the source's facts."""
    environment = world.source(source)
    steps: list[list[Any]] = [["secrets"]]
    for pair in pairs:
        bucket = bucket_of(world, pair)
        bucket.client.put_object(Bucket=bucket.name, Key=bundle.PUBLIC_KEY, Body=world.public_key(pair.target))
        there = facts_tables(world.postgres, environment.home.name)
        steps.append(["dag", *environment.order(bucket, "mwz_export", tables=[t for t in ALL if t in there])])
    done = world.steps(environment, *steps)
    for pair, (ended, _) in zip(pairs, done[1:], strict=True):
        assert ended["state"] == "success", f"export {pair.name}: {ended['error']}\n{environment.output[-3000:]}"
    found = facts.read(world.postgres, environment.home.name)
    found.secrets = done[0][0]
    return found


def facts_tables(postgres: Postgres, database: str) -> list[str]:
    """Names of the tables in a database."""
    return postgres.sql("SELECT relname FROM pg_class WHERE relkind = 'r'", database).split()


def home(pair: Pair, leap: bool) -> str:
    """The database a pair is imported into."""
    return f"{'leap' if leap else 'cell'}_{slug(pair.source)}___{slug(pair.target)}"[:63]


def migrate(world: World, pair: Pair, source: facts.Facts, leap: bool = False) -> Outcome:
    """Import a pair's bundle twice into a clone of its receiver, verify, and judge what came.

    `leap`: it goes on to Airflow 3, so what would break its upgrade stays behind; the database is kept.
    """
    begun, out = time.monotonic(), Outcome(pair)
    receiver, bucket = world.receiver(pair.target), bucket_of(world, pair)
    target = world.clone(receiver, last(pair.target), home(pair, leap))
    order = {"bridge": True} if leap else {}
    before = facts.read(world.postgres, target.home.name)
    blobs = {name: sorted({row[name] for row in source.tables[table] if row[name] is not None})
             for table, name in (("dag_run", "conf"), ("task_instance", "executor_config"))}  # fmt: skip
    orders = [
        ["dag", *target.order(bucket, dag_id, **order)] for dag_id in ("mwz_import", "mwz_import", "mwz_verify")
    ]
    (secrets, _), *imports, (verified, _), (after_secrets, _), (pickles, _), (orm, _) = world.steps(
        target, ["secrets"], *orders, ["secrets"], ["pickles", blobs], ["orm", YOUNG]
    )
    for ended in (imports[0][0], imports[1][0], verified):
        if ended["state"] != "success":
            out.problems.append(f"{ended['dag_id']}: {ended['error']}\n{target.output[-2500:]}")
            out.seconds = round(time.monotonic() - begun, 1)
            return out
    after = facts.read(world.postgres, target.home.name)
    before.secrets, after.secrets = secrets, after_secrets
    judge = Judge(source, before, after, pickles, leap)
    out.problems += judge.run()
    first, again = (ended["document"]["tables"] for ended, _ in imports)
    manifest = bundle.Manifest.model_validate(bucket.json(bundle.MANIFEST)).model_dump()["tables"]
    out.problems += account(source, manifest, first, judge)
    out.rows = sum(len(rows) for table, rows in source.tables.items() if table in ALL)
    out.inserted = sum(table["inserted"] for table in first.values())
    out.second = sum(table["inserted"] + table["updated"] for table in again.values())
    out.same, words = unlike(verified["document"], judge)
    out.problems += words
    for table, entry in manifest.items():
        for why, number in {**entry["rejected"], **first.get(table, {}).get("reasons", {})}.items():
            out.rejected[f"{table}: {why}"] = number
        for why, number in first.get(table, {}).get("emptied", {}).items():
            out.emptied[f"{table}: {why}"] = number
    # A target that lived before the import may hold pickles of its own that it cannot read.
    held = [
        sum(not row["dag_id"].endswith(YOUNG) for row in after.tables[table]) for table in ("dag_run", "task_instance")
    ]
    if [orm["runs"], orm["tasks"]] != held:
        out.problems.append(f"the target's models read {orm}, not the {held} runs and task instances that are there")
    if not leap and out.passed:
        world.forget(target)
    out.seconds = round(time.monotonic() - begun, 1)
    return out


def account(source: facts.Facts, manifest: Any, first: Any, judge: Judge) -> list[str]:
    """Every row of the source goes, stays for a reason or is rejected for one; and what went in came in."""
    problems = []
    for table, entry in manifest.items():
        rows, stays, rejected = entry["rows"], sum(entry["left_out"].values()), sum(entry["rejected"].values())
        held = len(source.tables.get(table, []))
        if table in source.tables and rows + stays + rejected != held:
            problems.append(f"{table}: {held} rows in the source; {rows} go, {stays} stay, {rejected} are rejected")
        found = first.get(table)
        if found is None:
            continue
        if found["inserted"] + found["present"] + found["rejected"] != found["read"] or found["read"] != rows:
            problems.append(f"{table}: {rows} exported, but the import says {found}")
        if found["inserted"] != judge.inserted.get(table, found["inserted"]):
            problems.append(f"{table}: {found['inserted']} inserted, the oracle says {judge.inserted[table]}")
        if sum(found["emptied"].values()) != judge.emptied[table]:
            problems.append(f"{table}: {found['emptied']} values emptied, the oracle says {judge.emptied[table]}")
        if sum(found["reasons"].values()) != found["rejected"]:
            problems.append(f"{table}: {found['rejected']} rejected, with reasons {found['reasons']}")
    return problems


def unlike(verified: Any, judge: Judge) -> tuple[bool, list[str]]:
    """(are all checksums of history equal, what is wrong). Secrets that nobody can read, and names the target had
    with other values, are differences: verification has to see these and no others."""
    problems = []
    for table, found in verified["tables"].items():
        differ = judge.differ.get(table, [])
        if found["same"] and differ:
            problems.append(f"{table}: verification does not see what is different: {differ[:5]}")
        elif not found["same"] and not differ:
            problems.append(f"{table}: verification says {found['notes']}")
    return not problems, problems


def over_the_bridge(world: World, pair: Pair, first: Outcome) -> Outcome:
    """Clone what the import at 2.11.2 left (`first`), let Airflow 3 migrate it, and compare the two."""
    begun = time.monotonic()
    out = replace(first, pair=pair, rejected=dict(first.rejected), problems=list(first.problems))
    name = home(pair, True)
    imported = world.environment("bridge", last(pair.target), "target", name)
    there = facts.read(world.postgres, name)
    new = world.clone(imported, pair.after, f"over_{slug(pair.source)}___{slug(pair.after)}"[:63])
    try:
        new.call("airflow", *upgrade(parse(pair.after)), timeout=300)
    except AssertionError as error:
        out.problems.append(f"airflow db migrate failed: {str(error)[-2500:]}")
        return out
    out.problems += compare(there, facts.read(world.postgres, new.home.name), out)
    out.same = out.same and not out.problems
    world.forget(new)
    out.seconds = round(time.monotonic() - begun, 1)
    return out
