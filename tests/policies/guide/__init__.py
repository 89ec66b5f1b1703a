"""The migration guide's own policies beside ours for the guide's own case, and every difference with its reason.

`blocks.json` is what the guide shows, with names filled in; `differences.json` what differs, action by action. After a
builder changed: python -m tests.policies.guide
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from tests.policies.combos import Combo, combo

HERE = Path(__file__).parent
BLOCKS, DIFFERENCES = HERE / "blocks.json", HERE / "differences.json"
DOCUMENT = HERE.parent.parent.parent / "docs" / "policies.md"
BEGIN, END = "<!-- differences: begin -->", "<!-- differences: end -->"


@dataclasses.dataclass
class Row:
    """One action whose resources differ. `instead`: the document that has it in place of the role's, and on what."""

    block: str
    action: str
    guide: list[str]
    ours: list[str]
    why: str = ""
    instead: str = ""

    def key(self) -> tuple[str, str]:
        """What a row is known by."""
        return self.block, self.action


def case() -> Combo:
    """The guide's own: a new environment in the same account and region, no key of its own, logs copied, connections
    in Secrets Manager under Airflow's own prefixes."""
    made = combo()
    options = {"secrets.backend": "airflow.contrib.secrets.aws_secrets_manager.SecretsManagerBackend"}
    return dataclasses.replace(made, environment={**made.environment, "AirflowConfigurationOptions": options})


def blocks() -> dict[str, Any]:
    """Piece name -> the guide's document."""
    found: dict[str, Any] = json.loads(BLOCKS.read_text(encoding="utf-8"))["blocks"]
    return found


def rows() -> list[Row]:
    """The differences that are written down."""
    return [Row(**one) for one in json.loads(DIFFERENCES.read_text(encoding="utf-8"))]


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def granted(document: dict[str, Any]) -> dict[str, list[str]]:
    """Action -> the resources it is granted on."""
    found: dict[str, set[str]] = {}
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in _listed(statement["Action"]):
            found.setdefault(action, set()).update(_listed(statement["Resource"]))
    return {action: sorted(resources) for action, resources in found.items()}


def computed() -> list[Row]:
    """The differences there are, without their reasons."""
    pieces = case().found.pieces()
    found = []
    for name, block in blocks().items():
        guide, ours = granted(block), granted(pieces[name].policy.document)
        found += [
            Row(name, action, guide.get(action, []), ours.get(action, []))
            for action in sorted({*guide, *ours})
            if guide.get(action) != ours.get(action)
        ]
    return found


def table() -> str:
    """The differences as Markdown."""
    lines = ["| document | action | the guide | here | why |", "|---|---|---|---|---|"]
    for one in rows():
        here = f"none; `{one.instead}` has it" if one.instead else _cell(one.ours)
        lines.append(f"| `{one.block}` | `{one.action}` | {_cell(one.guide)} | {here} | {one.why} |")
    return "\n".join(lines)


def _cell(resources: list[str]) -> str:
    if not resources:
        return "none"
    names = []
    for arn in resources:
        name = arn.split(":", 5)[-1]
        bucket, _slash, key = name.partition("/")
        ours = bucket.startswith("mwaa-migration-")
        names.append(f"`BUCKET/{key}`".replace("/`", "`") if ours else f"`{name}`")
    return ", ".join(names)
