"""Every part of a document that can be taken away, under a name that is the same for every session."""

from __future__ import annotations

import copy
import dataclasses
import functools
import re
from collections.abc import Iterator
from typing import Any, Literal

from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.session.model import Session
from tests.policies.minimal.record import Document

Element = Literal["Action", "Resource", "NotResource", "Principal", "Condition", "Value"]


@dataclasses.dataclass(frozen=True, order=True)
class Part:
    """A part's name. `piece` without the number of a split document; `value` with placeholders, for a condition
    `operator key`, and for one of several values of a condition (element Value) `key=value`.
    """

    piece: str
    sid: str
    element: Element
    value: str

    def __str__(self) -> str:
        return f"{self.piece} {self.sid} {self.element} {self.value}"


@dataclasses.dataclass(frozen=True)
class Cut:
    """One part: of which document and statement it is, and the document without it."""

    part: Part
    name: str
    number: int
    statement: dict[str, Any]
    document: Document

    @property
    def deny(self) -> bool:
        """Whether it is taken from a statement that forbids."""
        return bool(self.statement.get("Effect") == "Deny")


@dataclasses.dataclass
class Names:
    """Puts placeholders in place of what is another in every session."""

    facts: Facts
    session: Session
    _said: dict[str, str] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def _known(self) -> list[tuple[str, str, re.Pattern[str]]]:
        facts, session = self.facts, self.session
        pairs = [
            # Of which side it is, the document and the statement say; in place both are the same.
            (session.migration_bucket, "{migration-bucket}"), (facts.source_role_arn, "{execution-role}"),
            (facts.target_role_arn, "{execution-role}"), (facts.environment_kms_key_arn or "", "{key}"),
            (facts.source_kms_key_arn or "", "{key}"),
            (facts.source_dag_bucket, "{dag-bucket}"), (facts.target_dag_bucket, "{dag-bucket}"),
            (session.target.environment, "{environment}"), (session.source.environment, "{environment}"),
            (session.id, "{session}"),
            # Whatever the file is called that somebody put there for the new version.
            (str(session.target.settings.get("RequirementsS3Path") or ""), "requirements.txt"),
        ]  # fmt: skip
        for arn in (facts.source_caller_arn, facts.target_caller_arn):
            if ":assumed-role/" in arn:
                role = arn.split(":assumed-role/", 1)[1].split("/")[0]
                account = arn.split(":")[4]
                pairs.append((f"arn:{facts.partition}:iam::{account}:role/{role}", "{caller}"))
                pairs.append((f"arn:{facts.partition}:iam::{account}:role/*/{role}", "{caller under a path}"))
            elif arn:
                pairs.append((arn, "{caller}"))
        return [
            (old, new, re.compile(rf"(?<![A-Za-z0-9{{]){re.escape(old)}(?![A-Za-z0-9}}])"))
            for old, new in sorted(pairs, key=lambda pair: -len(pair[0]))
            if old
        ]

    def plain(self, text: str) -> str:
        """The text with placeholders."""
        if text not in self._said:
            self._said[text] = self._plain(text)
        return self._said[text]

    def _plain(self, text: str) -> str:
        for old, new, pattern in self._known:
            if old in text:
                text = pattern.sub(lambda _found, new=new: new, text)  # type: ignore[misc]
        for path in dict.fromkeys((self.facts.source_dag_path, self.facts.target_dag_path)):
            text = re.sub(rf"(bucket\}}/|^){re.escape(path)}/", r"\1{dags}/", text)
        text = text.replace(f"arn:{self.facts.partition}:", "arn:").replace(".amazonaws.com.cn", ".amazonaws.com")
        text = re.sub(r"\b(us|eu|ap|cn|sa|ca)-[a-z]+-\d\b", "{region}", text)
        return _backend(re.sub(r"\b\d{12}\b", "{account}", text))


def _backend(text: str) -> str:
    """A secrets backend's names without the prefix that its environment happens to give them."""
    found = re.fullmatch(r"(arn:(?:secretsmanager|ssm):.*:(?:secret:|parameter))(.+?)(/?\*?)", text)
    if not found:
        return text
    kind = "variables" if "variable" in found[2] else "connections" if "conn" in found[2] else found[2]
    return f"{found[1]}{{{kind}}}{found[3]}"


def listed(value: Any) -> list[str]:
    """An element, always as a list."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def cuts(names: Names, name: str, document: Document) -> Iterator[Cut]:
    """Every part of one document, one at a time."""
    piece = re.sub(r"-\d+$", "", name)
    for number, statement in enumerate(document["Statement"]):
        sid = str(statement["Sid"])
        for element, value, left in _less(statement):
            there = document["Statement"]
            shorter = {**document, "Statement": [*there[:number], *([left] if left else []), *there[number + 1 :]]}
            yield Cut(Part(piece, sid, element, names.plain(value)), name, number, statement, shorter)


Less = tuple[Element, str, dict[str, Any] | None]


def _less(statement: dict[str, Any]) -> Iterator[Less]:
    for element in ("Action", "Resource", "NotResource"):
        if element in statement:
            values = listed(statement[element])
            for value in values:
                left = [one for one in values if one != value]
                yield element, value, {**statement, element: left} if left else None
    principal = statement.get("Principal")
    for kind, given in (principal if isinstance(principal, dict) else {}).items():
        for value in listed(given):
            left = [one for one in listed(given) if one != value]
            yield "Principal", f"{kind} {value}", {**statement, "Principal": {kind: left}} if left else None
    yield from _conditions(statement)


def _conditions(statement: dict[str, Any]) -> Iterator[Less]:
    """A condition taken away widens the statement; one of several values taken away narrows it."""
    for operator, keys in statement.get("Condition", {}).items():
        for key, given in keys.items():
            condition = copy.deepcopy(statement["Condition"])
            del condition[operator][key]
            yield "Condition", f"{operator} {key}", {**statement, "Condition": {
                name: inner for name, inner in condition.items() if inner}}  # fmt: skip
            if len(values := listed(given)) > 1:
                for value in values:
                    condition = copy.deepcopy(statement["Condition"])
                    condition[operator][key] = [one for one in values if one != value]
                    yield "Value", f"{key}={value}", {**statement, "Condition": condition}
