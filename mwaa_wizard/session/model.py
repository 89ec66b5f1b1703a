"""The session: every decision of the user and nothing else. No secret is ever a member of it.

Edited Airflow options whose name looks secret are kept as a reference (`secrets.py`), never as a value.
"""

from __future__ import annotations

import datetime as dt
import secrets as _random
import uuid
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mwaa_wizard.aws.factory import Clients, Place, Side
from mwaa_wizard.i18n import _

SCHEMA_VERSION = 2  # an older file is brought up by session/migrations.py

# What each does and needs: environments/routes; its steps: execution/routes.
Route = Literal["new-environment", "bridge", "in-place", "settings-only"]
# What the user insists on when a route is chosen (environments/routes: KEEPABLE).
Keep = Literal["history", "logs", "name", "url"]
CutOver = Literal["restore-source", "switch"]
# What happens to a row that is in the target already: it stays, it takes the source's values, or nothing is imported.
Policy = Literal["keep", "replace", "fail"]
POLICIES: tuple[Policy, ...] = ("keep", "replace", "fail")


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
    environment_class: str = ""  # the same; for what it costs


class Target(_Part):
    """The environment that is made. `settings` holds only what the user changed from the clone (API member names).

    `airflow_options`: key -> new value, or None to leave the source's key out. `secret_options`: keys whose value
    is asked for or held by keyring. `create_role`/`create_bucket`: the wizard makes them. `upgrade_to`: the 3.x that
    the environment will be upgraded to in place afterwards; what that upgrade cannot convert is then not imported.
    `same_place`: profile and region are the source's, also when those change; None where nobody said so yet.
    """

    connection: Connection = Field(default_factory=Connection)
    same_place: bool | None = None
    environment: str = ""
    airflow_version: str = ""
    upgrade_to: str = ""
    settings: dict[str, object] = Field(default_factory=dict)
    airflow_options: dict[str, str | None] = Field(default_factory=dict)
    secret_options: list[str] = Field(default_factory=list)
    create_role: bool = True
    create_bucket: bool = True


class Conflict(_Part):
    """The policy where the target has rows already, per kind; `history` is every table that is not one of the others.

    The members are those of the import's orders (`conflict` in requests/mwz_import.json).
    """

    variable: Policy = "keep"
    connection: Policy = "keep"
    slot_pool: Policy = "keep"
    history: Policy = "keep"

    def changed(self) -> dict[str, Policy]:
        """Kind -> policy, of those that are not the default."""
        found: dict[str, Policy] = self.model_dump()
        return {kind: policy for kind, policy in found.items() if policy != "keep"}


class Tables(_Part):
    """Which history comes along. `selected` None means the catalogue's default.

    `since` and `until` are whole days in UTC, both included. `dag_patterns`: shell patterns (`*`, `?`); a DAG comes
    along where any of them matches its whole id, and all do where there is none. `workers`: over how many Airflow
    tasks export and import are spread, so over the environment's own workers (metadata/dagfile.py: MAX_TASKS).
    """

    selected: list[str] | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    dag_patterns: list[str] = Field(default_factory=list, max_length=100)
    conflict: Conflict = Field(default_factory=Conflict)
    drain_seconds: int = Field(default=600, ge=0, le=3600)
    workers: int = Field(default=1, ge=1, le=8)

    @field_validator("dag_patterns")
    @classmethod
    def _plain_patterns(cls, value: list[str]) -> list[str]:
        """Without empty and double ones; `*` beside others would take all, so it stands for none at all."""
        kept = list(dict.fromkeys(pattern.strip() for pattern in value if pattern.strip()))
        return [] if "*" in kept else kept

    def problem(self) -> str:
        """What contradicts itself, in words; empty where nothing does."""
        if self.since and self.until and self.since > self.until:
            return _("The first day ({since}) is after the last one ({until}): nothing would come along.").format(
                since=self.since, until=self.until
            )
        return ""


class Logs(_Part):
    """Which task logs are copied; CloudWatch takes nothing older than 14 days (PutLogEvents)."""

    copy_logs: bool = True
    days: int = Field(default=7, ge=1, le=13)
    failed_only: bool = False


class Entries(_Part):
    """What route settings-only moves (mwaa_wizard/entries); the other routes take these tables along as they are.

    `connections`: written to AWS Secrets Manager where the target reads them, or left out altogether. `left`: ids of
    connections that stay behind. `prefix`: of the secrets' names, without what comes after (`/connections/ID`); empty
    stands for one of the target's own. `conflict`: what happens to a variable or pool that the target has already;
    secrets that are there are never overwritten. Values that the user gives for connections are not in here
    (`secrets.py`).
    """

    variables: bool = True
    pools: bool = True
    connections: Literal["secrets-manager", "leave"] = "secrets-manager"
    left: list[str] = Field(default_factory=list)
    prefix: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9/_+=.@-]*$")
    conflict: Literal["keep", "replace"] = "keep"


class Page(_Part):
    """Where the user was, for resume. `basis`: for each page that is done, the earlier answers it was done with, as
    short digests (front/stale.py): one that is another by now makes the page stale.
    """

    name: str = "connect"
    done: list[str] = Field(default_factory=list)
    basis: dict[str, dict[str, str]] = Field(default_factory=dict)


class LastResult(_Part):
    """How the last run ended, for the list of sessions."""

    state: Literal["", "running", "stopped", "failed", "verified", "differs", "undone"] = ""
    step: str = ""
    at: dt.datetime | None = None


class Seen(_Part):
    """What AWS said of a side when it was last looked at (session/drift.py); no value of an option that may be secret.

    `at` None: never looked at. `status` empty after a look: there was no such environment.
    """

    at: dt.datetime | None = None
    account: str = ""
    arn: str = ""
    status: str = ""
    version: str = ""
    environment_class: str = ""
    settings: dict[str, str] = Field(default_factory=dict)


class LastSeen(_Part):
    """To tell what changed while the session was closed."""

    source: Seen | None = None
    target: Seen | None = None


class Session(_Part):
    """Everything the user decided; saved after every change."""

    schema_version: int = SCHEMA_VERSION
    id: str = Field(default_factory=lambda: _random.token_hex(4))
    name: str = ""
    created_at: dt.datetime = Field(default_factory=_now)
    updated_at: dt.datetime = Field(default_factory=_now)
    route: Route = "new-environment"
    keep: list[Keep] = Field(default_factory=list)
    source: Source = Field(default_factory=Source)
    target: Target = Field(default_factory=Target)
    tables: Tables = Field(default_factory=Tables)
    logs: Logs = Field(default_factory=Logs)
    entries: Entries = Field(default_factory=Entries)
    cut_over: CutOver = "restore-source"
    keep_bundle: bool = False
    migration_bucket: str = Field(default_factory=lambda: f"mwaa-migration-{uuid.uuid4()}")
    page: Page = Field(default_factory=Page)
    last_result: LastResult = Field(default_factory=LastResult)
    last_seen: LastSeen = Field(default_factory=LastSeen)

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
