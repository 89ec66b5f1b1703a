"""The session: every decision of the user and nothing else. No secret is ever a member of it.

Edited Airflow options whose name looks secret are kept as a reference (`secrets.py`), never as a value.
"""

from __future__ import annotations

import datetime as dt
import secrets as _random
import uuid
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mwaa_wizard.aws.factory import Clients, Place, Side

SCHEMA_VERSION = 1

Route = Literal["new-environment"]
CutOver = Literal["restore-source", "switch"]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", validate_assignment=True, hide_input_in_errors=True)


class Connection(_Part):
    """How one side is reached. `account` and `arn` are what STS answered last (shown, never trusted)."""

    profile: str | None = None
    region: str = ""
    account: str = ""
    arn: str = ""
    partition: str = ""


class Source(_Part):
    """The environment that is left."""

    connection: Connection = Field(default_factory=Connection)
    environment: str = ""
    airflow_version: str = ""  # as GetEnvironment said when it was chosen


class Target(_Part):
    """The environment that is made. `settings` holds only what the user changed from the clone (API member names).

    `airflow_options`: key -> new value, or None to leave the source's key out. `secret_options`: keys whose value
    is asked for or held by keyring. `create_role`/`create_bucket`: the wizard makes them.
    """

    connection: Connection = Field(default_factory=Connection)
    environment: str = ""
    airflow_version: str = ""
    settings: dict[str, object] = Field(default_factory=dict)
    airflow_options: dict[str, str | None] = Field(default_factory=dict)
    secret_options: list[str] = Field(default_factory=list)
    create_role: bool = True
    create_bucket: bool = True


class Tables(_Part):
    """Which history comes along. `selected` None means the catalogue's default."""

    selected: list[str] | None = None
    since: dt.date | None = None
    dag_pattern: str = "*"
    drain_seconds: int = Field(default=600, ge=0, le=3600)


class Logs(_Part):
    """Which task logs are copied; CloudWatch takes nothing older than 14 days (PutLogEvents)."""

    copy_logs: bool = True
    days: int = Field(default=7, ge=1, le=13)
    failed_only: bool = False


class Page(_Part):
    """Where the user was, for resume."""

    name: str = "connect"
    done: list[str] = Field(default_factory=list)


class LastResult(_Part):
    """How the last run ended, for the list of sessions."""

    state: Literal["", "running", "stopped", "failed", "verified", "differs", "undone"] = ""
    step: str = ""
    at: dt.datetime | None = None


class Session(_Part):
    """Everything the user decided; saved after every change."""

    schema_version: int = SCHEMA_VERSION
    id: str = Field(default_factory=lambda: _random.token_hex(4))
    name: str = ""
    created_at: dt.datetime = Field(default_factory=_now)
    updated_at: dt.datetime = Field(default_factory=_now)
    route: Route = "new-environment"
    source: Source = Field(default_factory=Source)
    target: Target = Field(default_factory=Target)
    tables: Tables = Field(default_factory=Tables)
    logs: Logs = Field(default_factory=Logs)
    cut_over: CutOver = "restore-source"
    keep_bundle: bool = False
    migration_bucket: str = Field(default_factory=lambda: f"mwaa-migration-{uuid.uuid4()}")
    page: Page = Field(default_factory=Page)
    last_result: LastResult = Field(default_factory=LastResult)

    def title(self) -> str:
        """`analytics-prod 2.8.1 → analytics-v2 2.11.2`, as far as known."""
        source = f"{self.source.environment} {self.source.airflow_version}".strip() or "…"
        target = f"{self.target.environment} {self.target.airflow_version}".strip() or "…"
        return self.name or f"{source} → {target}"

    def connection(self, side: Side) -> Connection:
        """The connection of a side."""
        return self.source.connection if side == "source" else self.target.connection

    def clients(self) -> Clients:
        """Fresh clients for both sides."""
        places: dict[Side, Place] = {}
        for side in ("source", "target"):
            connection = self.connection(side)
            places[side] = Place(connection.profile, connection.region)
        return Clients(places)

    def policy_name(self, which: str) -> str:
        """Name of our inline policy on a role (`source`, `target`); holds the session's id so undo finds it."""
        return f"mwaa-wizard-{self.id}-{which}"
