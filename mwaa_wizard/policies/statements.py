"""Documents compared by what they say: the order of lists, a list of one, and Sids say nothing."""

from __future__ import annotations

from typing import Any


def plain(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement as it counts: lists in one order, a list of one as its only item, without its Sid."""

    def item(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: item(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return str(value[0]) if len(value) == 1 else sorted(map(str, value))
        return value

    return {key: item(value) for key, value in statement.items() if key != "Sid"}


def of(document: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A document's statements; IAM takes a single one without its list."""
    found = (document or {}).get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def same(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether two documents say the same: the same statements in any order, in the same version of the language."""
    if one is None or other is None:
        return one is other
    if one.get("Version") != other.get("Version"):
        return False
    key = repr
    return sorted((plain(s) for s in of(one)), key=key) == sorted((plain(s) for s in of(other)), key=key)


def holds(document: dict[str, Any] | None, wanted: dict[str, Any]) -> bool:
    """Whether a document has every statement of another in it, and takes nothing back by a Deny."""
    there = [plain(one) for one in of(document)]
    if any(one.get("Effect") != "Allow" for one in there):
        return False
    return bool(there) and all(plain(one) in there for one in of(wanted))
