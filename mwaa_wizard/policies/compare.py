"""The document beside what is there now: statement by statement in words, and line by line."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import Any, Literal

from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.i18n import listed as in_a_row
from mwaa_wizard.policies.facts import Document, Policy
from mwaa_wizard.policies.simulated import listed
from mwaa_wizard.policies.statements import of, plain

Statement = dict[str, Any]
Change = Literal["same", "new", "changed", "gone"]
_ELEMENTS = ("Action", "Resource", "Principal", "Condition", "NotResource", "Effect")


@dataclass(frozen=True)
class Difference:
    """One statement. `text` says what differs; empty where nothing does."""

    sid: str
    change: Change
    text: str = ""


def differences(policy: Policy, there: Document | None) -> list[Difference]:
    """Each statement of the policy, then those that are there and not in it. Neither the order of statements and lists
    nor a Sid is a difference: a statement counts by what it says.
    """
    pairs, rest = _paired(policy, there)
    found = []
    for statement, before in pairs:
        sid = str(statement["Sid"])
        if before is None:
            found.append(Difference(sid, "new"))
        elif plain(before) == plain(statement):
            found.append(Difference(sid, "same"))
        else:
            found.append(Difference(sid, "changed", _changed(before, statement)))
    if policy.principal != "kms-key":  # a key's other statements stay
        unnamed = _("(without Sid)")
        found += [Difference(str(one.get("Sid") or unnamed), "gone") for one in rest]
    return found


def _paired(policy: Policy, there: Document | None) -> tuple[list[tuple[Statement, Statement | None]], list[Statement]]:
    """Each of the policy's statements with the one that is there for it, and those that are left."""
    rest, wanted = list(of(there)), list(policy.document["Statement"])
    found: dict[int, Statement] = {}
    for alike in (lambda one, other: plain(one) == plain(other), lambda one, other: one.get("Sid") == other.get("Sid")):
        for number, statement in enumerate(wanted):
            if number not in found and (one := next((one for one in rest if alike(one, statement)), None)) is not None:
                found[number] = one
                rest.remove(one)
    return [(statement, found.get(number)) for number, statement in enumerate(wanted)], rest


def _changed(before: dict[str, Any], after: dict[str, Any]) -> str:
    """`2 actions more: a, b · 1 resource less: c`."""
    parts = []
    for element in _ELEMENTS:
        old, new = before.get(element), after.get(element)
        if old == new:
            continue
        if element in ("Action", "Resource") and old is not None and new is not None:
            more = [item for item in listed(new) if item not in listed(old)]
            less = [item for item in listed(old) if item not in listed(new)]
            parts += [_counted(element, more, True)] if more else []
            parts += [_counted(element, less, False)] if less else []
        else:
            parts.append(_("{element} differs").format(element=element))
    return " · ".join(parts)


def _counted(element: str, items: list[str], more: bool) -> str:
    count = len(items)
    if element == "Action":
        text = (
            ngettext("{n} action more: {items}", "{n} actions more: {items}", count)
            if more
            else ngettext("{n} action less: {items}", "{n} actions less: {items}", count)
        )
    else:
        text = (
            ngettext("{n} resource more: {items}", "{n} resources more: {items}", count)
            if more
            else ngettext("{n} resource less: {items}", "{n} resources less: {items}", count)
        )
    return text.format(n=count, items=in_a_row(items[:3]) + (" …" if count > 3 else ""))


def _wanted(policy: Policy, there: Document | None) -> Document:
    """What would be there afterwards: a key's other statements stay, elsewhere the document replaces all."""
    if policy.principal != "kms-key" or not there:
        return policy.document
    had = [plain(one) for one in of(there)]
    more = [one for one in policy.document["Statement"] if plain(one) not in had]
    return {**there, "Statement": [*of(there), *more]}


def _aligned(policy: Policy, there: Document) -> Document:
    """What is there in the order of the policy, so that only what it says differs."""
    if policy.principal == "kms-key":
        return {**there, "Statement": of(there)}
    pairs, rest = _paired(policy, there)
    listed_ = [_as(one, before) for one, before in pairs if before is not None]
    version = {"Version": there["Version"]} if "Version" in there else {}
    more = {key: value for key, value in there.items() if key not in ("Version", "Statement")}
    return {**version, **more, "Statement": [*listed_, *rest]}


def _as(statement: Statement, before: Statement) -> Statement:
    """The statement that is there, with keys and lists in the order of the other."""
    if plain(before) == plain(statement):
        return statement
    ordered = {key: before[key] for key in statement if key in before} | before
    for key, value in statement.items():
        if isinstance(value, list) and key in ordered:
            had = listed(ordered[key])
            ordered[key] = [one for one in value if one in had] + [one for one in had if one not in value]
    return ordered


def lines(policy: Policy, there: Document | None, *, around: int = 3) -> list[tuple[str, str]]:
    """(sign, line): `-` only there now, `+` only in the policy, ` ` in both, `@` lines left out between."""
    old = json.dumps(_aligned(policy, there), indent=2).splitlines() if there else []
    new = json.dumps(_wanted(policy, there), indent=2).splitlines()
    found = []
    for line in list(difflib.unified_diff(old, new, lineterm="", n=around))[2:]:
        found.append(("@", "") if line.startswith("@@") else (line[:1], line[1:]))
    return found[1:] if found[:1] == [("@", "")] else found
