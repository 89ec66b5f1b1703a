"""One recorded run: what its policies are made from, who had which, and which permissions were asked for."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mwaa_wizard.execution import names
from mwaa_wizard.policies import build, principals
from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.session.model import Session

FOLDER = Path(__file__).parent / "recorded"
AGAIN = "MWAA_WIZARD_RECORD"  # set to 1: the end-to-end tests write their records anew
# What most rows say alike is not written; an empty owner is the principal's own account.
_USUAL: dict[str, Any] = {"kind": "assumed-role", "must_allow": False, "policy": None, "context": {}}
Row = dict[str, Any]
Document = dict[str, Any]


def facts_of(session: Session, environment: dict[str, Any]) -> Facts:
    """As when the policies are generated: from the session, what it keeps in its folder, and its journal."""
    facts = build.from_session(session)
    if environment:
        facts = build.with_environment(facts, session, environment)
    return planned(session, facts)


def planned(session: Session, facts: Facts) -> Facts:
    """With the role that the run is going to make."""
    if session.target.create_role and not facts.target_role_arn:
        arn = f"arn:{facts.partition}:iam::{facts.target_account}:role/{names.target_role(session)}"
        facts = dataclasses.replace(facts, target_role_arn=arn)
    return facts


def belongs(piece: str, label: str) -> bool:
    """Whether a document is one of those that a label stands for: `operator-target` has a second part at times."""
    return re.fullmatch(re.escape(label) + r"(-\d+)?", piece) is not None


@dataclasses.dataclass
class Record:
    """`who`: role -> labels of its documents; `others`: role -> documents that are not the wizard's."""

    name: str
    session: Session
    facts: Facts
    environment: dict[str, Any]
    who: dict[str, tuple[str, ...]]
    others: dict[str, list[Document]]
    rows: list[Row]

    @functools.cached_property
    def documents(self) -> dict[str, Document]:
        """Name -> document, as the builders make them today."""
        pieces = principals.principals(self.session, self.facts, self.environment).pieces()
        return {name: piece.policy.document for name, piece in pieces.items()}

    @functools.cached_property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """Role -> labels: those of `who`, and the two that the run itself gives documents."""
        found = dict(self.who)
        own: dict[str, tuple[str, ...]] = {self.facts.target_role_arn: ("target-role", "secrets")}
        if self.session.target.create_role:
            own = {self.facts.target_role_arn: ("execution-role", "target-role", "secrets")}
        for role, labels in (*own.items(), (self.facts.source_role_arn, ("source-role",))):
            if role:
                found[role] = tuple(dict.fromkeys((*found.get(role, ()), *labels)))
        return found

    @functools.cached_property
    def _attached(self) -> dict[str, tuple[str, ...]]:
        return {
            role: tuple(name for name in self.documents if any(belongs(name, label) for label in labels))
            for role, labels in self.roles.items()
        }

    def attached(self, role: str) -> tuple[str, ...]:
        """The names of the documents that a role has."""
        return self._attached.get(role, ())

    @property
    def bucket(self) -> str:
        """The migration bucket's ARN."""
        return f"arn:{self.facts.partition}:s3:::{self.session.migration_bucket}"

    def label(self, row: Row) -> str:
        """Whose call it was, in words that are the same in every run."""
        if row["kind"] == "service":
            return "execution-role-trust" if row["action"] == "sts:AssumeRole" else "kms-key"
        return "+".join(self.roles[row["principal"]])

    def save(self, folder: Path = FOLDER) -> Path:
        """Write it; an earlier record of the name is replaced."""
        place = folder / self.name
        place.mkdir(parents=True, exist_ok=True)
        parts = {
            "session": self.session.model_dump(mode="json"), "facts": dataclasses.asdict(self.facts),
            "environment": self.environment, "who": self.who, "others": self.others,
        }  # fmt: skip
        for name, part in parts.items():
            text = json.dumps(part, indent=1, sort_keys=True, default=str) + "\n"
            (place / f"{name}.json").write_text(text, encoding="utf-8")
        lines = [json.dumps(_short(row), sort_keys=True) for row in self.rows]
        (place / "calls.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return place


def _short(row: Row) -> Row:
    usual = _whole({"principal": row["principal"], "action": "", "resource": ""})
    return {key: value for key, value in row.items() if key == "principal" or value != usual.get(key)}


def _whole(row: Row) -> Row:
    account = str(row["principal"]).split(":")[4] if ":" in row["principal"] else ""
    return {**_USUAL, "account": account, "owner": row.get("account", account), **row}


def load(place: Path) -> Record:
    """A record as it was saved."""
    part = {name: json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("session", "facts", "environment", "who", "others")}  # fmt: skip
    facts: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value
                             for key, value in part["facts"].items()}  # fmt: skip
    lines = (place / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [_whole(json.loads(line)) for line in lines]
    return Record(
        place.name, Session.model_validate(part["session"]), Facts(**facts), part["environment"],
        {role: tuple(labels) for role, labels in part["who"].items()}, part["others"], rows,
    )  # fmt: skip


def as_runner(record: Record) -> Record:
    """The same calls by people who have the documents for the run: who runs has planned before."""
    who = {role: tuple(label.removesuffix("-planning") for label in labels) for role, labels in record.who.items()}
    return dataclasses.replace(record, who=who)


@functools.cache
def recorded() -> tuple[Record, ...]:
    """Every record there is."""
    return tuple(load(file.parent) for file in sorted(FOLDER.glob("*/calls.jsonl")))


def actions(record: Record, rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Who asked for which action."""
    return {(record.label(row), str(row["action"])) for row in rows}
