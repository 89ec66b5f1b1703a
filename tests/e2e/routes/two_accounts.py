"""Two accounts of one sandbox, each with an operator's profile and a region, and what was asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.state import AccountStatus
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Session, Source, Target
from tests.e2e.world import World

# Signed for one region of the partition wherever the client is. Source: AWS general reference, IAM and STS endpoints.
GLOBAL = {"iam", "sts"}


@dataclass
class Side(World):
    """One account as its own operator sees it."""

    place: AccountStatus = field(default_factory=lambda: AccountStatus("", "", ""))

    def client(self, service: str) -> Any:
        """A boto3 client as this account's operator."""
        import boto3

        return boto3.Session(profile_name=self.place.profile, region_name=self.place.region).client(service)

    @property
    def connection(self) -> Connection:
        return Connection(profile=self.place.profile, region=self.place.region)


@dataclass
class TwoAccounts:
    """The source's account and the target's."""

    home: Path
    source: Side
    target: Side
    source_name: str

    def sides(self) -> tuple[Side, Side]:
        return self.source, self.target

    def new_session(self, target: str, **changes: Any) -> Session:
        """A saved session from the one account to the other; subnets and security group as picked in the target's."""
        place = self.target.place
        session = Session(
            source=Source(
                connection=self.source.connection,
                environment=self.source_name,
                airflow_version=self.source.source_version,
            ),
            target=Target(
                connection=self.target.connection,
                environment=target,
                airflow_version=self.target.target_version,
                settings={
                    "NetworkConfiguration.SubnetIds": list(place.subnet_ids),
                    "NetworkConfiguration.SecurityGroupIds": list(place.security_group_ids),
                },
            ),
            **changes,
        )
        store.save(session)
        return session


@contextmanager
def clients_made() -> Iterator[set[tuple[str, str, str]]]:
    """(profile, region, service) of every boto3 client that this process makes meanwhile."""
    import boto3

    made: set[tuple[str, str, str]] = set()
    original = boto3.Session.client

    def client(self: Any, service_name: str, region_name: str | None = None, *more: Any, **named: Any) -> Any:
        made.add((str(self.profile_name), str(region_name or self.region_name), service_name))
        return original(self, service_name, region_name, *more, **named)

    boto3.Session.client = client
    try:
        yield made
    finally:
        boto3.Session.client = original


def difference(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls made between two counts, as `control.calls` answers them."""

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(value) for name, value in row.items() if name != "count")

    known = {key(row): int(row["count"]) for row in before}
    rows = [{**row, "count": row["count"] - known.get(key(row), 0)} for row in after]
    return [row for row in rows if row["count"]]


def table(rows: list[dict[str, Any]]) -> str:
    """The counts by account, region, caller and service, for the test's output."""
    sums: dict[tuple[str, ...], int] = {}
    for row in rows:
        kind = (row["account"], row["region"], row["caller"].split("/")[0], row["service"], row["owner"])
        sums[kind] = sums.get(kind, 0) + int(row["count"])
    return "\n".join(f"{count:>7}  {' '.join(kind)}" for kind, count in sorted(sums.items()))
