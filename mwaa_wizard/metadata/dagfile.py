"""The DAG files as they are uploaded: each one complete file, put together from the fragments in `dags/`."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

_ROOM = Path(__file__).parent
_INCLUDE = re.compile(r"^# include: ([\w.]+)$")
_TASKS = re.compile(r"^TASKS = 1\b", re.MULTILINE)
_FUTURE = "from __future__ import annotations"
_PACKAGE = "from mwaa_wizard."  # modules the engine shares with the DAGs import one another; there they are one file

MAX_TASKS = 8
DAG_IDS_SOURCE = ("mwz_inventory", "mwz_export")
DAG_IDS_TARGET = ("mwz_key", "mwz_import", "mwz_verify")

# What each DAG does with the migration bucket, in IAM's words. Multipart uploads are s3:PutObject;
# s3:ListBucket makes S3 answer 404 instead of 403 for a key that is not there (S3 API: GetObject).
_BASE = ("s3:GetObject", "s3:ListBucket", "s3:PutObject")
S3_ACTIONS: dict[str, tuple[str, ...]] = {
    "mwz_inventory": _BASE,
    "mwz_key": _BASE,
    "mwz_export": ("s3:AbortMultipartUpload", *_BASE),
    "mwz_import": ("s3:AbortMultipartUpload", *_BASE),
    "mwz_verify": _BASE,
}


def file_name(dag_id: str) -> str:
    """Name of the DAG's file below the environment's DAG folder."""
    return f"{dag_id}.py"


def _fragment(name: str) -> str:
    path = _ROOM / "dags" / name
    if not path.exists():
        path = _ROOM / name  # mapping.py is shared with the engine
    return path.read_text(encoding="utf-8")


def _without_docstring(source: str) -> tuple[str, str]:
    """(the module docstring's text, the lines after it)."""
    first = ast.parse(source).body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        return "", source
    lines = source.splitlines()[first.end_lineno or 0 :]
    return str(first.value.value).strip(), "\n".join(lines).strip("\n") + "\n"


@cache
def render(dag_id: str, tasks: int = 1) -> bytes:
    """The one file to upload for a DAG. It runs on Python 3.7 and later and imports nothing of this package.

    `tasks`: over how many Airflow tasks (1 to MAX_TASKS) an export or import is spread; the other DAGs have one.
    Raises WizardError for an unknown DAG id.
    """
    if dag_id not in DAG_IDS_SOURCE + DAG_IDS_TARGET:
        raise WizardError(
            what=_("There is no DAG file {dag_id}.").format(dag_id=dag_id),
            changed=_("Nothing was changed."),
            remedy=_("This is a fault of the program; please report it."),
        )
    title, body = _without_docstring(_fragment(file_name(dag_id)))
    out = [f'"""{title}"""', "", _FUTURE, "", *_assembled(body, set())]
    text = "\n".join(out).rstrip("\n") + "\n"
    return _TASKS.sub(rf"TASKS = {max(1, min(MAX_TASKS, tasks))}", text).encode("utf-8")


def _assembled(body: str, done: set[str]) -> list[str]:
    """The lines of a fragment, each `# include:` replaced once by that fragment, which may include others."""
    out: list[str] = []
    for line in body.splitlines():
        match = _INCLUDE.match(line)
        if match and match[1] not in done:
            done.add(match[1])
            words, inner = _without_docstring(_fragment(match[1]))
            out += [f"# --- {match[1]}: {words.splitlines()[0]}", "", *_assembled(inner, done), ""]
        elif not match and line != _FUTURE and not line.startswith(_PACKAGE):
            out.append(line)
    return out


def file_names() -> frozenset[str]:
    """The names of all files that are uploaded, on either side."""
    return frozenset(file_name(dag_id) for dag_id in (*DAG_IDS_SOURCE, *DAG_IDS_TARGET))
