"""CloudFormation's YAML by PyYAML: its short tags, and comments before the entries of a section.

A comment is no part of YAML's data, so each entry is written by PyYAML on its own and set below its comment.
"""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.templates.words import wrapped

WIDTH = 100
# What no reader of YAML 1.1 or 1.2 takes for a number, a date or a truth value is written without quotes.
_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.:*@+=-]*")


@dataclass(frozen=True)
class Tag:
    """`!Name value`: an intrinsic function of CloudFormation."""

    name: str
    value: Any


@functools.cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True  # CloudFormation knows no anchors

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
            return super().increase_indent(flow, False)

        def choose_scalar_style(self) -> Any:
            return "" if self.event.tag in ("!Ref", "!GetAtt") else super().choose_scalar_style()

    def text(dumper: Any, value: str) -> Any:
        style = None if _PLAIN.fullmatch(value) else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def tag(dumper: Any, value: Tag) -> Any:
        if isinstance(value.value, list):
            return dumper.represent_sequence(f"!{value.name}", value.value, flow_style=True)
        return dumper.represent_scalar(f"!{value.name}", value.value, style='"' if value.name == "Sub" else None)

    Dumper.add_representer(str, text)
    Dumper.add_representer(Tag, tag)
    return Dumper


def dump(value: Any, indent: int = 0) -> str:
    """One document, indented; mappings keep their order."""
    import yaml

    text = yaml.dump(value, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=10**9)
    return textwrap.indent(str(text), " " * indent)


def comment(lines: Iterable[str], indent: int = 0) -> str:
    """The lines as comments; what comes from outside cannot end one."""
    return "".join(f"{' ' * indent}# {part}".rstrip() + "\n" for part in wrapped(lines, WIDTH - indent))


def section(name: str, entries: dict[str, Any], comments: dict[str, list[str]]) -> str:
    """A top-level section with a comment before each entry that has one; empty where there is no entry."""
    if not entries:
        return ""
    parts = [comment(comments.get(key, []), 2) + dump({key: value}, 2) for key, value in entries.items()]
    return f"\n{name}:\n" + ("\n".join(parts) if comments else "".join(parts))
