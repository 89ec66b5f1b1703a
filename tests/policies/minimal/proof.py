"""Which parts of the documents a recorded run needs: without them one of its calls is refused.

A condition, and a statement that forbids, is shown the other way round: a call as it was recorded, but without TLS,
through another service or for another resource, is refused with it and allowed without.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from mwaa_wizard.sandbox.aws.authorise.policy import applying
from tests.policies.minimal import replay
from tests.policies.minimal.cuts import Cut, Names, Part, cuts
from tests.policies.minimal.record import Document, Record, Row, belongs

# What a request has in place of what a condition asks for.
_OTHER = "arn:aws:other:us-east-1:999999999999:other"


# Made by the same functions for somebody who does a part of the whole: a statement that is word for word the same is
# shown by the calls of the whole.
SAME = {"log-export-source": "operator-source", "log-export-target": "operator-target", "ui-custom": "ui-public"}


def refused(record: Record) -> list[Row]:
    """Recorded calls that the documents of today do not allow."""
    return [row for row in record.rows if not replay.decide(record, row, record.documents).allowed]


@dataclasses.dataclass
class Proof:
    """What one record shows. `needed`: part -> a call that shows it; `idle`: parts that none of its calls shows."""

    needed: dict[Part, str]
    idle: set[Part]


def prove(record: Record) -> Proof:
    """Take every part of every document away in turn."""
    found = Proof({}, set())
    names = Names(record.facts, record.session)
    for name, document in record.documents.items():
        rows = [row for row in record.rows if _concerns(record, row, name)]
        near: dict[int, list[Row]] = {}
        for cut in cuts(names, name, document):
            if cut.number not in near:
                near[cut.number] = [row for row in rows if _applies(record, row, document, cut.number)]
            shown = _shown(record, cut, near[cut.number], rows)
            if shown:
                found.needed[cut.part] = shown
            else:
                found.idle.add(cut.part)
    for name, whole in SAME.items():
        for part, other in _same(record, names, name, whole):
            if other in found.needed:
                found.needed[part] = found.needed[other]
    found.idle -= set(found.needed)
    return found


def _same(record: Record, names: Names, name: str, whole: str) -> Iterator[tuple[Part, Part]]:
    """The parts of a document whose statements stand in another one, too, with those parts' names there."""

    def said(statement: dict[str, Any]) -> str:
        return replay.text({key: value for key, value in statement.items() if key != "Sid"})

    there = {said(one): str(one["Sid"])
             for several in record.documents if belongs(several, whole)
             for one in record.documents[several]["Statement"]}  # fmt: skip
    for cut in cuts(names, name, record.documents[name]) if name in record.documents else ():
        if sid := there.get(said(cut.statement)):
            yield cut.part, dataclasses.replace(cut.part, piece=whole, sid=sid)


def _concerns(record: Record, row: Row, name: str) -> bool:
    """Whether a document can have a say in a call."""
    if name == "execution-role-trust":
        return bool(row["action"] == "sts:AssumeRole")
    if name == "bucket":
        return str(row["resource"]).partition("/")[0] == record.bucket
    if name == replay.KEY_PIECE:
        return bool(row["resource"] == record.facts.environment_kms_key_arn)
    return name in record.attached(row["principal"])


def _applies(record: Record, row: Row, document: Document, number: int) -> bool:
    """Whether one statement, of whatever effect, fits a call."""
    statement = document["Statement"][number]
    alone = replay.text({**document, "Statement": [{**statement, "Effect": "Allow"}]})
    return bool(applying([alone], "Allow", replay.ask_of(record, row)))


def _shown(record: Record, cut: Cut, near: list[Row], rows: list[Row]) -> str:
    """A call that is refused without the part, or one that only then is allowed; empty where there is neither."""
    less = {**record.documents, cut.name: cut.document}
    widens = cut.deny or cut.part.element in ("Condition", "NotResource")
    if cut.deny or not widens:
        for row in rows if cut.deny else near:
            if not replay.decide(record, row, less).allowed:
                return _said(row)
    if widens:
        for row in rows if cut.deny else near:
            for other in _altered(row, cut):
                if _only_without(record, other, less):
                    return _said(other)
    return ""


def _only_without(record: Record, row: Row, less: Mapping[str, Document]) -> bool:
    full = replay.decide(record, row, record.documents).allowed
    return not full and replay.decide(record, row, less).allowed


def _altered(row: Row, cut: Cut) -> Iterator[Row]:
    """The call with another value, and with none, for each key that the statement asks for; and on another's key."""
    for keys in cut.statement.get("Condition", {}).values():
        for key in keys:
            wanted = key.lower()
            context = {name: value for name, value in row["context"].items() if name.lower() != wanted}
            other = "false" if wanted == "aws:securetransport" else _OTHER
            yield {**row, "context": {**context, wanted: other}}
            yield {**row, "context": context}
    if "NotResource" in cut.statement:
        yield {**row, "resource": str(cut.statement["NotResource"]).replace("*", "1")}


def _said(row: Row) -> str:
    keys = " ".join(f"{key}={value}" for key, value in row["context"].items())
    return f"{row['action']} {row['resource']} {keys}".strip()
