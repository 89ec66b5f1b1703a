"""Whether the records are still of this program: what other runs in the sandbox ask for has to be among it.

The end-to-end tests of `make test` run with an operator who may do more than the generated policies say; what the
wizard itself asks for, and what its DAGs ask for on the migration bucket, is compared with the records at their end.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from tests.policies.minimal import record
from tests.policies.minimal.marks import MARKS
from tests.policies.minimal.record import Row

_BUCKET = ":s3:::mwaa-migration-"


def unknown(rows: Iterable[Row]) -> list[str]:
    """Actions of the wizard (`operator`) or of its DAGs (`role`) that no record has and no mark names."""
    known = {
        (who, row["action"])
        for one in record.recorded()
        for row in one.rows
        for who in ("operator", "role")
        if who in one.label(row)
    }
    asked = {(_who(row), str(row["action"])) for row in rows if row["allowed"]}
    return [f"{who}: {action}" for who, action in sorted(asked) if who and (who, action) not in known
            and not _marked(who, action)]  # fmt: skip


def _who(row: Row) -> str:
    if row["kind"] in ("service", "root", "anonymous"):
        return ""
    if row["ours"]:
        return "operator"
    # Of the roles only those of environments: a test's own calls are a user's.
    return "role" if row["kind"] == "assumed-role" and _BUCKET in row["resource"] else ""


def _marked(who: str, action: str) -> bool:
    return any(who in mark.piece and mark.value != "*" and fnmatch.fnmatchcase(action, mark.value) for mark in MARKS)
