"""Terraform's language, written so that no text of a user becomes an expression.

Source: HCL native syntax specification (quoted templates: `\\` escapes, `${` and `%{` begin a template sequence).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

INDENT = "  "
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BEGINS = re.compile(r"([$%]+)(?=\{)")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = ("true", "false", "null", "for", "if", "in", "else", "endif", "endfor")


@dataclass(frozen=True)
class Expression:
    """Written as it is: `var.name`, a call, a reference."""

    text: str


@dataclass(frozen=True)
class Template:
    """Text with expressions in it, as `"...${expression}..."`."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True)
class Call:
    """A function of one argument."""

    name: str
    argument: Any


@dataclass
class Block:
    """`type "label" { ... }` with attributes, blocks inside, and comments above it. Empty attributes are left out."""

    type: str
    labels: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def quoted(text: str) -> str:
    """A string literal. A lone `${` is written `$${`; in a longer run of `$` that would be ambiguous, so the run is
    escaped as code points.
    """
    return f'"{_inner(text)}"'


def _inner(text: str, *, before_expression: bool = False) -> str:
    found = re.sub(r'[\\"\x00-\x1f\x7f\ue000-\uf8ff\u2028\u2029]', _escaped, text)
    found = _BEGINS.sub(lambda run: run[1] * 2 if len(run[1]) == 1 else _code_points(run[1]), found)
    if before_expression:
        found = re.sub(r"[$%]+\Z", lambda run: _code_points(run[0]), found)
    return found


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}")


def _code_points(text: str) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in text)


def expression(value: Any, depth: int = 0) -> str:
    """A value as HCL writes it; lists and objects over several lines."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Call):
        return f"{value.name}({expression(value.argument, depth)})"
    if isinstance(value, Template):
        return f'"{_template(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return _list(value, depth)
    if isinstance(value, dict):
        return _object(value, depth)
    return quoted(str(value))


def _template(value: Template) -> str:
    parts = value.parts
    follows = [isinstance(part, Expression) for part in parts[1:]] + [False]
    return "".join(
        "${" + part.text + "}" if isinstance(part, Expression) else _inner(part, before_expression=next_one)
        for part, next_one in zip(parts, follows, strict=True)
    )


def _list(value: list[Any], depth: int) -> str:
    items = [expression(item, depth + 1) for item in value]
    if not items or (sum(map(len, items)) < 80 and not any("\n" in item for item in items)):
        return f"[{', '.join(items)}]"
    pad = INDENT * (depth + 1)
    return "[\n" + "".join(f"{pad}{item},\n" for item in items) + f"{INDENT * depth}]"


def _object(value: dict[str, Any], depth: int) -> str:
    if not value:
        return "{}"
    pad = INDENT * (depth + 1)
    rows = [(_key(key), expression(item, depth + 1)) for key, item in value.items()]
    return "{\n" + _aligned(rows, pad) + f"{INDENT * depth}}}"


def _aligned(rows: list[tuple[str, str]], pad: str) -> str:
    """`key = value` lines as `terraform fmt` has them: neighbours of one line each are aligned."""
    lines = []
    for several, group in itertools.groupby(rows, lambda row: "\n" in row[1]):
        near = list(group)
        width = 0 if several else max(len(key) for key, _text in near)
        lines += [f"{pad}{key:<{width}} = {text}\n" for key, text in near]
    return "".join(lines)


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) and key not in _KEYWORDS else quoted(key)


def block(item: Block, depth: int = 0) -> str:
    """A block's text with its comments."""
    pad, inner = INDENT * depth, INDENT * (depth + 1)
    attributes = {key: value for key, value in item.attributes.items() if value is not None}
    labels = "".join(f" {quoted(label)}" for label in item.labels)
    lines = _aligned([(key, expression(value, depth + 1)) for key, value in attributes.items()], inner)
    parts = [lines] if lines else []
    parts += [block(nested, depth + 1) for nested in item.blocks]
    head = "".join(f"{pad}# {line}".rstrip() + "\n" for line in item.comments)
    if not parts:
        return f"{head}{pad}{item.type}{labels} {{}}\n"
    return f"{head}{pad}{item.type}{labels} {{\n" + "\n".join(parts) + f"{pad}}}\n"
