"""The Condition element. Source: IAM user guide, "IAM JSON policy elements: Condition operators"."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from mwaa_wizard.sandbox.aws.authorise.patterns import (
    Context,
    MissingVariable,
    arn_matches,
    matches_with_variables,
    substitute,
)

#: (value in the policy, value in the request, context) -> bool
Comparison = Callable[[str, str, Context], bool]


def _text(ignore_case: bool) -> Comparison:
    def compare(wanted: str, given: str, context: Context) -> bool:
        wanted = substitute(wanted, context)
        return wanted.lower() == given.lower() if ignore_case else wanted == given

    return compare


def _number(test: Callable[[float, float], bool]) -> Comparison:
    def compare(wanted: str, given: str, context: Context) -> bool:
        return test(float(given), float(wanted))

    return compare


def moment(text: str) -> datetime:
    """A date in a policy or a request: ISO 8601 or seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _date(test: Callable[[datetime, datetime], bool]) -> Comparison:
    def compare(wanted: str, given: str, context: Context) -> bool:
        return test(moment(given), moment(wanted))

    return compare


def _bool(wanted: str, given: str, context: Context) -> bool:
    return substitute(wanted, context).lower() == given.lower()


def _address(wanted: str, given: str, context: Context) -> bool:
    return ipaddress.ip_address(given) in ipaddress.ip_network(wanted, strict=False)


def _binary(wanted: str, given: str, context: Context) -> bool:
    return base64.b64decode(wanted) == base64.b64decode(given)


_POSITIVE: dict[str, Comparison] = {
    "StringEquals": _text(False),
    "StringEqualsIgnoreCase": _text(True),
    "StringLike": matches_with_variables,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
    "NumericEquals": _number(lambda given, wanted: given == wanted),
    "NumericLessThan": _number(lambda given, wanted: given < wanted),
    "NumericLessThanEquals": _number(lambda given, wanted: given <= wanted),
    "NumericGreaterThan": _number(lambda given, wanted: given > wanted),
    "NumericGreaterThanEquals": _number(lambda given, wanted: given >= wanted),
    "DateEquals": _date(lambda given, wanted: given == wanted),
    "DateLessThan": _date(lambda given, wanted: given < wanted),
    "DateLessThanEquals": _date(lambda given, wanted: given <= wanted),
    "DateGreaterThan": _date(lambda given, wanted: given > wanted),
    "DateGreaterThanEquals": _date(lambda given, wanted: given >= wanted),
    "Bool": _bool,
    "IpAddress": _address,
    "BinaryEquals": _binary,
}
#: Negated operators are true when none of the policy's values matches, and when the key is absent.
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
OPERATORS = frozenset(_POSITIVE) | frozenset(_NEGATED) | {"Null"}


def as_list(value: Any) -> list[str]:
    """A policy element that is one value or a list, as strings (``true`` for a JSON boolean)."""
    values = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]


def _split(operator: str) -> tuple[str, str, bool]:
    quantifier, _, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    return quantifier, base.removesuffix("IfExists"), if_exists


def known_operator(operator: str) -> bool:
    """Whether AWS has this operator (quantifier and IfExists included)."""
    quantifier, base, if_exists = _split(operator)
    if base == "Null" and if_exists:
        return False
    return base in OPERATORS and quantifier in ("", "ForAllValues", "ForAnyValue")


def _one(base: str, wanted: list[str], given: str, context: Context) -> bool:
    negated = base in _NEGATED
    compare = _POSITIVE[_NEGATED.get(base, base)]
    found = False
    for value in wanted:
        try:
            found = found or compare(value, given, context)
        except (MissingVariable, ValueError):
            continue
    return found != negated


def _operator_holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    quantifier, base, if_exists = _split(operator)
    given = context.get(key.lower())
    if base == "Null":
        return (not given) == (wanted[0].lower() == "true")
    if quantifier == "ForAllValues":
        # True for an absent key as well: that is AWS's rule, and its documentation warns of it.
        return all(_one(base, wanted, value, context) for value in given or ())
    if quantifier == "ForAnyValue":
        return any(_one(base, wanted, value, context) for value in given or ())
    if not given:
        return if_exists or base in _NEGATED
    if base in _NEGATED:
        return all(_one(base, wanted, value, context) for value in given)
    return any(_one(base, wanted, value, context) for value in given)


def holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """All operators and all keys must hold; several values of one key are alternatives.

    An operator AWS does not know makes the condition false: such a document is refused when it is stored.
    """
    return all(
        known_operator(operator) and _operator_holds(operator, key, as_list(value), context)
        for operator, keys in condition.items()
        for key, value in keys.items()
    )
