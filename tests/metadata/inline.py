"""The functions of a rendered DAG file, without Airflow: everything above the line that makes the DAG object."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

from mwaa_wizard.metadata import dagfile


@cache
def functions(dag_id: str) -> Any:
    """A namespace with the functions, classes and constants of a DAG file."""
    source = dagfile.render(dag_id).decode()
    body, _, _ = source.partition("\ndag = make_dag(")
    namespace: dict[str, Any] = {"__name__": dag_id}
    exec(compile(body, dag_id + ".py", "exec"), namespace)
    return SimpleNamespace(**namespace)
