"""A Terraform file against the provider's own schema (data/aws_provider.json), for where no terraform can be run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SCHEMA = json.loads((Path(__file__).parent / "data" / "aws_provider.json").read_text(encoding="utf-8"))
# Terraform's own, of any resource.
_META = {"count", "depends_on", "for_each", "lifecycle", "provider"}
_REFERENCE = re.compile(r"\b(data\.)?(aws_\w+)\.(\w+)(?:\[\*\])?\.(\w+)|\bvar\.(\w+)")


def read(text: str) -> dict[str, Any]:
    """The file's blocks, as python-hcl2 reads them; strings keep their quotes, expressions stand in `${}`."""
    import hcl2

    found: dict[str, Any] = hcl2.loads(text)
    return found


def plain(text: str) -> str:
    """What a quoted string of the file means; only for strings without expressions in them."""
    assert text[:1] == text[-1:] == '"', text
    found = text[1:-1].replace("$${", "${").replace("%%{", "%{")
    return re.sub(r'\\(u[0-9a-f]{4}|.)', lambda m: _unescaped(m[1]), found)


def _unescaped(code: str) -> str:
    return chr(int(code[1:], 16)) if code[0] == "u" else {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)


def labelled(blocks: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """{(type, name): body} of resource or data blocks."""
    return {
        (kind.strip('"'), name.strip('"')): body
        for item in blocks for kind, named in item.items() if kind != "__is_block__"
        for name, body in named.items() if name != "__is_block__"
    }  # fmt: skip


def problems(text: str) -> list[str]:
    """What the schema, or Terraform itself, would not take: unknown, missing, wrongly nested or dangling names."""
    found: list[str] = []
    document = read(text)
    made = {"resources": labelled(document.get("resource", [])), "data": labelled(document.get("data", []))}
    for section, items in made.items():
        for (kind, name), body in items.items():
            schema = SCHEMA[section].get(kind)
            found += [f"{kind} is no {section} type"] if schema is None else _block(schema, body, f"{kind}.{name}")
    variables = {name.strip('"') for item in document.get("variable", []) for name in item}
    for is_data, kind, name, member, variable in _REFERENCE.findall("\n".join(_expressions(document))):
        if variable and variable not in variables:
            found.append(f"var.{variable} is not declared")
        section = "data" if is_data else "resources"
        if kind and (kind, name) not in made[section]:
            found.append(f"{kind}.{name} is not there")
        elif kind and member not in {*SCHEMA[section][kind]["attributes"], *SCHEMA[section][kind].get("computed", [])}:
            found.append(f"{kind} has no {member}")
    return found


def _expressions(value: Any) -> list[str]:
    """The text of every expression; what stands in plain strings is none."""
    if isinstance(value, dict | list):
        return [text for item in (value.values() if isinstance(value, dict) else value) for text in _expressions(item)]
    if not isinstance(value, str):
        return []
    return [value] if value.startswith("${") else re.findall(r"(?<![$\\])\$\{[^}]*\}", value)


def _block(schema: dict[str, Any], body: dict[str, Any], where: str) -> list[str]:
    found = []
    blocks = schema.get("blocks", {})
    for name, value in body.items():
        if name in _META or name == "__is_block__":
            continue
        if name in blocks:
            rows = value if isinstance(value, list) else [value]
            if len(rows) > blocks[name].get("max", len(rows)):
                found.append(f"{where}: too many {name}")
            for row in rows:
                found += _block(blocks[name], row, f"{where}.{name}")
        elif name in schema["attributes"]:
            found += _kind(schema["attributes"][name]["type"], value, f"{where}.{name}")
        else:
            found.append(f"{where} has no {name}")
    found += [f"{where} lacks {name}" for name, one in schema["attributes"].items()
              if one.get("required") and name not in body]  # fmt: skip
    return found + [f"{where} lacks {name}" for name, one in blocks.items() if one.get("min") and name not in body]


def _kind(kind: Any, value: Any, where: str) -> list[str]:
    """Literals only: the type of an expression is known to Terraform alone."""
    if isinstance(value, str) and value.startswith("${"):
        return []
    head = kind if isinstance(kind, str) else kind[0]
    wanted: tuple[type, ...] = {
        "string": (str,), "number": (int,), "bool": (bool,), "map": (dict,), "list": (list,), "set": (list,),
    }[head]  # fmt: skip
    right = isinstance(value, wanted) and (head != "number" or not isinstance(value, bool))
    return [] if right else [f"{where} must be {head}"]
