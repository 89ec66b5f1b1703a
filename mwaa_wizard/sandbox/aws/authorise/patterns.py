"""Wildcards and policy variables.

Source: IAM user guide, "IAM policy elements: Variables and tags" and "Resource".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

#: Condition context: keys are compared without regard to case, so they are stored lowered.
Context = Mapping[str, Sequence[str]]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERAL = {"*": "*", "?": "?", "$": "$"}


class MissingVariable(Exception):
    """A policy variable has no value in this request: the element then matches nothing."""


@functools.lru_cache(maxsize=4096)
def _wildcard(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    text = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """``*`` stands for any number of characters and ``?`` for one, over the whole value."""
    if pattern == "*":
        return True
    return _wildcard(pattern, ignore_case).fullmatch(value) is not None


def _value(expression: str, context: Context) -> str:
    name, _, default = expression.partition(",")
    values = context.get(name.strip().lower(), ())
    if len(values) == 1:
        return values[0]
    if default.strip():
        return default.strip().strip("'")
    raise MissingVariable(name.strip())


def substitute(text: str, context: Context) -> str:
    """Replace variables by their values. Raises MissingVariable."""
    return _VARIABLE.sub(lambda found: _LITERAL.get(found[1]) or _value(found[1], context), text)


def matches_with_variables(pattern: str, value: str, context: Context) -> bool:
    """Like `matches`, with variables; a wildcard inside a variable's value is an ordinary character."""
    if "${" not in pattern:
        return matches(pattern, value)
    parts: list[str] = []
    position = 0
    try:
        for found in _VARIABLE.finditer(pattern):
            parts.append(_wildcard(pattern[position : found.start()], False).pattern)
            parts.append(re.escape(_LITERAL.get(found[1]) or _value(found[1], context)))
            position = found.end()
    except MissingVariable:
        return False
    parts.append(_wildcard(pattern[position:], False).pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def arn_matches(pattern: str, value: str, context: Context) -> bool:
    """ARN comparison: each of the six parts on its own, so a ``*`` does not cross a colon before the resource."""
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", 5), value.split(":", 5)
    if len(wanted) != 6 or len(given) != 6:
        return False
    return all(matches_with_variables(left, right, context) for left, right in zip(wanted, given, strict=True))
