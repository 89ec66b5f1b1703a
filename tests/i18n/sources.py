"""The sources as trees: which calls stand where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MARKS = ("_", "ngettext", "N_", "NN_")
# They run inside other people's Airflow (dags), inside the sandbox's own (seed), or play AWS (aws, mwaa).
ELSEWHERE = ("mwaa_wizard/metadata/dags/", "mwaa_wizard/sandbox/seed/", "mwaa_wizard/sandbox/aws/",
             "mwaa_wizard/sandbox/mwaa/", "mwaa_wizard/sandbox/airflow/inside/")  # fmt: skip


@cache
def trees() -> dict[str, ast.Module]:
    """File -> its tree, of all that speaks to a user."""
    found = {}
    for package in ("mwaa_wizard", "screens"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(ELSEWHERE) and name != "mwaa_wizard/i18n.py":
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def called(node: ast.AST) -> str:
    """The name that a call calls; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of functions or methods of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that are made when the module is imported: not inside a function or a lambda."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += node.decorator_list
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def literal(node: ast.expr) -> str | None:
    """The text of a string that stands there as it is, or of the texts of an f-string; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return " ".join(
            part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
    return None
