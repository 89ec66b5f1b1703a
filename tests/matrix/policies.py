"""What the orders say of rows that are there already: fail, keep and replace, on a target somebody changed."""

from __future__ import annotations

import csv
import gzip
import time
from typing import Any

from mwaa_wizard.metadata import bundle
from tests.matrix import facts
from tests.matrix.cells import ALL, Outcome, account, bucket_of, unlike
from tests.matrix.judge import Judge
from tests.matrix.pairs import Pair, last
from tests.matrix.world import World, dashed, slug
from tests.metadata.lab import Bucket, Environment

# Rows that get other values, and rows that go: in each table about a third of those there are.
SPOIL = """
UPDATE dag_run SET state = CASE state WHEN 'success' THEN 'failed' ELSE 'success' END, conf = NULL WHERE id % 3 = 0;
UPDATE task_instance SET hostname = 'spoiled', duration = 0.125 WHERE priority_weight % 3 = 0;
UPDATE xcom SET value = '\\x31' WHERE length(key) > 100;
UPDATE rendered_task_instance_fields SET rendered_fields = '{"spoiled": 1}' WHERE task_id = 'extract';
UPDATE slot_pool SET slots = slots + 5 WHERE pool <> 'default_pool';
DELETE FROM xcom WHERE key = 'return_value' AND task_id <> 'extract';
DELETE FROM log WHERE event = 'trigger';
"""
NOTES = "UPDATE {0} SET content = 'spoiled'; DELETE FROM {0} WHERE created_at < '2017-02-01';"


def copied(world: World, pair: Pair) -> Bucket:
    """The pair's bundle in a bucket of its own."""
    found = bucket_of(world, Pair(pair.source, pair.target))
    own = world.bucket(f"pol-{dashed(pair.source)}---{dashed(pair.target)}")
    for key in found.keys():  # noqa: SIM118
        if key in (bundle.MANIFEST, bundle.PUBLIC_KEY) or key.startswith(("tables/", "sealed/", "rejected/source/")):
            own.client.put_object(Bucket=own.name, Key=key, Body=found.read(key))
    return own


class Cell:
    """The target of one pair, and what is wrong so far."""

    def __init__(self, world: World, pair: Pair, source: facts.Facts) -> None:
        self.world, self.pair, self.source, self.out = world, pair, source, Outcome(pair)
        name = f"policy_{slug(pair.source)}___{slug(pair.target)}"[:63]
        self.bucket = copied(world, pair)
        self.target: Environment = world.clone(world.receiver(pair.target), last(pair.target), name)
        self.blobs = {name: sorted({row[name] for row in source.tables[table] if row[name] is not None})
                      for table, name in (("dag_run", "conf"), ("task_instance", "executor_config"))}  # fmt: skip

    def seen(self, secrets: Any) -> facts.Facts:
        """What the target holds; its secrets as its own models read them."""
        found = facts.read(self.world.postgres, self.target.home.name)
        found.secrets = secrets
        return found

    def imported(self, policy: str, *further: list[Any]) -> tuple[Any, Any, Any, list[Any]]:
        """One import under a policy: (secrets before, how it ended, secrets after, results of further steps)."""
        order = ["dag", *self.target.order(self.bucket, "mwz_import", conflict=policy)]
        found = [result for result, _ in self.world.steps(self.target, ["secrets"], order, ["secrets"], *further)]
        return found[0], found[1], found[2], found[3:]

    def demand(self, right: bool, words: str) -> None:
        """Note what is wrong."""
        if not right:
            self.out.problems.append(words)

    def fails(self, before: facts.Facts) -> facts.Facts:
        """An import that may change nothing; what is there after it."""
        _, ended, after, _ = self.imported("fail")
        self.demand(ended["state"] == "failed", "fail: the import did not fail")
        self.demand("other values. Nothing was changed." in ended["error"], f"fail: {ended['error']}")
        for table in ("dag_run", "task_instance", "slot_pool", "variable", "connection"):
            self.demand(f"{table}: " in ended["error"], f"fail: {table} is not named in {ended['error']}")
        found = self.seen(after)
        same = (found.tables, found.secrets) == (before.tables, before.secrets)
        self.demand(same, "fail: something was changed")
        return found

    def goes_in(self, policy: str, before: facts.Facts) -> facts.Facts:
        """An import, the same again, and verification, judged; what is there after it."""
        again = ["dag", *self.target.order(self.bucket, "mwz_import", conflict=policy)]
        verify = ["dag", *self.target.order(self.bucket, "mwz_verify")]
        _, ended, _, (second, verified, secrets, pickles) = self.imported(
            policy, again, verify, ["secrets"], ["pickles", self.blobs])  # fmt: skip
        for one in (ended, second, verified):
            assert one["state"] == "success", f"{policy}: {one['error']}\n{self.target.output[-2500:]}"
        after = self.seen(secrets)
        judge = Judge(self.source, before, after, pickles, policy=policy)
        problems = judge.run()
        manifest = bundle.Manifest.model_validate(self.bucket.json(bundle.MANIFEST)).model_dump()["tables"]
        tables, twice = (one["document"]["tables"] for one in (ended, second))
        problems += account(self.source, manifest, tables, judge)
        problems += unlike(verified["document"], judge)[1]
        if policy == "replace":
            for table, found in tables.items():
                if found["updated"] != judge.updated.get(table, 0):
                    problems.append(f"{table}: {found['updated']} updated, the oracle says {judge.updated.get(table)}")
                if table not in ("variable", "connection") and found["updated"] != self.kept(table):
                    problems.append(f"{table}: {found['updated']} updated, {self.kept(table)} rows kept")
        self.out.problems += [f"{policy}: {problem}" for problem in problems]
        self.out.inserted += sum(table["inserted"] + table["updated"] for table in tables.values())
        self.out.second = max(
            self.out.second, sum(table["inserted"] + table["updated"] for table in twice.values()))  # fmt: skip
        return after

    def kept(self, table: str) -> int:
        """Rows of the target from before they were replaced."""
        key = bundle.replaced_key(table)
        if key not in self.bucket.keys():  # noqa: SIM118
            return 0
        csv.field_size_limit(1 << 30)
        return sum(1 for _ in csv.reader(gzip.decompress(self.bucket.read(key)).decode().splitlines(True))) - 1

    def spoil(self) -> facts.Facts:
        """Somebody works in the target after a first import."""
        _, ended, _, _ = self.imported("keep", ["spoil"])
        assert ended["state"] == "success", ended["error"]
        statements = SPOIL
        for table in ("dag_run_note", "task_instance_note"):
            there = self.world.postgres.sql(f"SELECT to_regclass('{table}') IS NOT NULL", self.target.home.name)
            statements += NOTES.format(table) if there.strip() == "t" else ""
        self.world.postgres.sql(statements, self.target.home.name)
        return self.seen(self.world.steps(self.target, ["secrets"])[0][0])


def under_policies(world: World, pair: Pair, source: facts.Facts) -> Outcome:
    """Import, let somebody change things, and import under each policy: nothing, what is missing, everything."""
    begun, cell = time.monotonic(), Cell(world, pair, source)
    before = cell.fails(cell.spoil())
    cell.goes_in("replace", cell.goes_in("keep", before))
    cell.out.rows = sum(len(rows) for table, rows in source.tables.items() if table in ALL)
    cell.out.same = not cell.out.problems
    if cell.out.passed:
        world.forget(cell.target)
    cell.out.seconds = round(time.monotonic() - begun, 1)
    return cell.out
