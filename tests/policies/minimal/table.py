"""All parts of all documents: what is generated, what is shown to be needed, and the table of it for people."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

from tests.policies import combos
from tests.policies.minimal import proof, record
from tests.policies.minimal.cuts import Names, Part, cuts
from tests.policies.minimal.marks import MARKS

FILE = Path(__file__).parents[3] / "docs" / "policies-proof.md"
_HEAD = """# What shows that nothing in a policy is too much

Made by `python -m tests.policies.minimal` from {runs} recorded runs in the sandbox ({names}), in which each principal
had the generated documents and nothing else. Each action, resource, principal and condition of each document is taken
away in turn; the sandbox's IAM evaluator then has to refuse a recorded call (or, for a condition and a statement that
forbids, to allow one that it has to refuse). {shown} of {all} parts are shown that way. The others stand below with
the reason why no run in the sandbox can show them.
"""


@functools.cache
def proven() -> dict[Part, str]:
    """Every part that some record shows to be needed, with what shows it."""
    found: dict[Part, str] = {}
    for one in record.recorded():
        planning = any("planning" in label for labels in one.who.values() for label in labels)
        for seen in (one, record.as_runner(one)) if planning else (one,):
            for part, call in proof.prove(seen).needed.items():
                found.setdefault(part, f"{one.name}: {call}")
    return {part: call for part, call in found.items() if part in generated()}


@functools.cache
def generated() -> frozenset[Part]:
    """Every part that the builders make: of the records' sessions, and of the combinations of one partition."""
    made = [(one.session, one.facts, one.documents) for one in record.recorded()]
    for one in combos.combos():
        if one.facts.partition == "aws" and not one.name.endswith("long"):
            documents = {name: piece.policy.document for name, piece in one.found.pieces().items()}
            made.append((one.session, record.planned(one.session, one.facts), documents))
    return frozenset(
        cut.part
        for session, facts, documents in made
        for name, document in documents.items()
        for cut in cuts(Names(facts, session), name, document)
    )


def unmarked() -> list[Part]:
    """Parts that no record shows and no mark names."""
    idle = generated() - set(proven())
    return [part for part in sorted(idle) if not any(mark.names(part) for mark in MARKS)]


def render() -> str:
    """The table as Markdown."""
    names = [one.name for one in record.recorded()]
    lines = [_HEAD.format(runs=len(names), names=", ".join(names), shown=len(proven()), all=len(generated()))]
    for piece, parts in itertools.groupby(sorted(generated()), key=lambda part: part.piece):
        lines += [f"## {piece}", "", "| Statement | Refused without it | Not shown, because |", "|---|---|---|"]
        for sid, several in itertools.groupby(parts, key=lambda part: part.sid):
            lines.append(_row(sid, list(several)))
        lines.append("")
    return "\n".join(lines)


def _row(sid: str, parts: list[Part]) -> str:
    shown = [_said(part) for part in parts if part in proven()]
    reasons: dict[str, list[str]] = {}
    for part in parts:
        if part not in proven():
            mark = next((mark for mark in MARKS if mark.names(part)), None)
            reasons.setdefault(mark.reason if mark else "–", []).append(_said(part))
    idle = "; ".join(f"{', '.join(several)}: {reason}" for reason, several in reasons.items())
    return f"| {sid} | {', '.join(shown) or '–'} | {idle} |"


def _said(part: Part) -> str:
    text = part.value.replace("|", "\\|")
    return f"`{text}`" if part.element in ("Action", "Resource") else f"{part.element} `{text}`"
