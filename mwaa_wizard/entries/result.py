"""What became of variables, pools and connections: names and counts, kept in the run folder for pages and report."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from mwaa_wizard import paths
from mwaa_wizard.session.store import write_atomic

FILE = "entries.json"
# `secret-variable`: a variable that only the source's secrets backend has.
Kind = Literal["variable", "slot_pool", "connection", "secret-variable"]


class KindResult(BaseModel):
    """One kind. `found` on the source; `written` by this session; `kept`: there before it, left as they were.

    `not_moved`, `doubtful` (moved, with a word of caution) and `differs` (seen by verification) are name -> reason.
    `unread`: rows that are larger than MWAA passes on, so that not even their names are known. `unlisted`: nothing
    lists this kind on the source. `anew`: values that are the same JSON in Airflow's own spacing.
    """

    found: int = 0
    written: list[str] = Field(default_factory=list)
    kept: list[str] = Field(default_factory=list)
    not_moved: dict[str, str] = Field(default_factory=dict)
    doubtful: dict[str, str] = Field(default_factory=dict)
    differs: dict[str, str] = Field(default_factory=dict)
    unread: int = 0
    unlisted: bool = False
    anew: int = 0


class EntriesResult(BaseModel):
    """All kinds. `same` None: not verified yet. `dags`: on the source; `dags_missing`: not listed by the target."""

    kinds: dict[Kind, KindResult] = Field(default_factory=dict)
    airflow_version: str = ""
    dags: int = 0
    dags_missing: list[str] = Field(default_factory=list)
    same: bool | None = None

    def of(self, kind: Kind) -> KindResult:
        """A kind's result, made where there is none yet."""
        return self.kinds.setdefault(kind, KindResult())


def load(session_id: str) -> EntriesResult:
    """What is known so far; empty where nothing is, or where the file is damaged."""
    try:
        return EntriesResult.model_validate_json((paths.run_dir(session_id) / FILE).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return EntriesResult()


def save(session_id: str, result: EntriesResult) -> None:
    """Keep it (0600); whoever changes what was moved makes the verification before it void."""
    write_atomic(paths.run_dir(session_id) / FILE, result.model_dump_json(indent=2) + "\n")


def forget(session_id: str) -> None:
    """Drop the file: what it tells of was undone."""
    (paths.run_dir(session_id) / FILE).unlink(missing_ok=True)
