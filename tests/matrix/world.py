"""Databases of every origin, made once and cloned: fresh, upgraded over years, filled, ready to receive."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard.metadata import bundle
from mwaa_wizard.sandbox.airflow.commands import upgrade
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.versions import parse
from tests.matrix import facts
from tests.matrix.pairs import last
from tests.metadata.lab import Bucket, Environment, client

INSIDE = Path(__file__).parent / "inside"
FILL = Path(__file__).parent.parent / "torture" / "inside" / "fill.py"
SEED, SIZE = "20261122", "16"
YOUNG = "~young"  # ends the names of what a lineage held at its first version


@dataclass
class World:
    """PostgreSQL, S3 and a folder; can be sent to another process."""

    postgres: Postgres
    endpoint: str
    root: Path
    size: str = SIZE
    facts: dict[str, facts.Facts] = field(default_factory=dict)

    def environment(self, name: str, version: str, side: str, database: str) -> Environment:
        """An Airflow on a database."""
        uri = self.postgres.uri(database)
        return Environment(name, version, side, self.root / database, uri, self.endpoint, self.postgres)

    def bucket(self, name: str) -> Bucket:
        """A bucket, made where it is not there."""
        found = Bucket(client(self.endpoint), name)
        found.client.create_bucket(Bucket=name)
        return found

    def steps(self, environment: Environment, *steps: list[Any], timeout: float = 600) -> list[Any]:
        """Several steps in one process of an Airflow (inside/steps.py): [result, seconds] of each."""
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=self.root) as file:
            json.dump(steps, file)
            file.flush()
            environment.output = environment.call("python", str(INSIDE / "steps.py"), file.name, timeout=timeout)
        *said, results = environment.output.strip().splitlines()
        environment.output = "\n".join(said)
        return list(json.loads(results))

    def fresh(self, version: str) -> str:
        """The name of an empty database of a version, as its own Airflow initialises it."""
        name = "fresh_" + slug(version)
        if not self.postgres.has_database(name):
            self._made(name, lambda half: self.environment("fresh", version, "neither", half).make_database())
        return name

    def _made(self, name: str, make: Any, like: str | None = None) -> None:
        """Build under another name first: a database with the final name is always complete."""
        half = name + "_half"
        self.postgres.drop_database(half)
        self.postgres.create_database(half, like)
        make(half)
        self.postgres.rename_database(half, name)

    def aged(self, lineage: str, side: str) -> str:
        """The name of a database filled at a lineage's first version and upgraded by each further Airflow."""
        name = f"aged_{slug(lineage)}_{side}"
        if self.postgres.has_database(name):
            return name
        first, *later = lineage.split(">")

        def make(half: str) -> None:
            # Oddities stay out: Airflow's own upgrades refuse some of them and move others away.
            self.environment("aged", first, side, half).call("python", str(FILL), SEED, "6", YOUNG, "0", "0")
            for version in later:
                self.environment("aged", version, side, half).call("airflow", *upgrade(parse(version)))

        self._made(name, make, self.fresh(first))
        return name

    def base(self, origin: str, side: str) -> str:
        """The database an origin starts from."""
        return self.aged(origin, side) if ">" in origin else self.fresh(origin)

    def source(self, origin: str, binary: bool = True) -> Environment:
        """An origin filled with torture data."""
        name = f"source_{slug(origin)}" + ("" if binary else "_plain")
        if not self.postgres.has_database(name):
            base = self.base(origin, "source")
            self._made(name, lambda half: self.fill(origin, half, binary), base)
        return self.environment("source-" + slug(origin), last(origin), "source", name)

    def fill(self, origin: str, database: str, binary: bool) -> None:
        """Torture data, oddities included, into a database of an origin."""
        environment = self.environment("fill", last(origin), "source", database)
        environment.call("python", str(FILL), SEED, self.size, "", "1", "1" if binary else "0")

    def receiver(self, origin: str) -> Environment:
        """An origin with a little life of its own and our key pair; the public half lies in the bucket `key-...`."""
        name = f"receiver_{slug(origin)}"
        environment = self.environment("target-" + slug(origin), last(origin), "target", name)
        if not self.postgres.has_database(name):
            bucket = self.bucket("key-" + dashed(origin))
            base = self.base(origin, "target")

            def make(half: str) -> None:
                made = self.environment(environment.name, last(origin), "target", half)
                _settled, key = self.steps(made, ["settle"], ["dag", *made.order(bucket, "mwz_key")])
                assert key[0]["state"] == "success", key[0]["error"] + made.output[-3000:]

            self._made(name, make, base)
        return environment

    def public_key(self, origin: str) -> bytes:
        """The public half of a receiver's key pair."""
        return self.bucket("key-" + dashed(origin)).read(bundle.PUBLIC_KEY)

    def clone(self, environment: Environment, version: str, name: str) -> Environment:
        """A copy of an environment's database under another name."""
        self.postgres.drop_database(name)
        self.postgres.create_database(name, environment.home.name)
        return self.environment(environment.name, version, environment.side, name)

    def forget(self, environment: Environment) -> None:
        """Drop an environment's database and home."""
        self.postgres.drop_database(environment.home.name)
        shutil.rmtree(environment.home, ignore_errors=True)


def slug(origin: str) -> str:
    """A version or lineage as part of a database's name."""
    return origin.replace(".", "_").replace(">", "__")


def dashed(origin: str) -> str:
    """A version or lineage as part of a bucket's name."""
    return origin.replace(".", "-").replace(">", "--")
