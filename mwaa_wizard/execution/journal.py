"""The journal: append-only JSON lines, one fsync each. Resume, undo and the report read nothing else.

Records carry what AWS answered (request ids, version ids, ARNs) and what was there before, never a secret.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mwaa_wizard import paths

Record = dict[str, Any]


class Journal:
    """One session's journal. Safe to use from several threads of one process; the session lock guards processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    @classmethod
    def of(cls, session_id: str) -> Journal:
        """The journal of a session, made on first write."""
        return cls(paths.run_dir(session_id) / "journal.jsonl")

    def write(self, step: str, event: str, **facts: Any) -> Record:
        """Append one record and make it durable before returning it.

        `event` is `started`, `checked`, `done`, `verified`, `failed`, `undone`, or `made`/`changed`/`removed` with
        `kind`, `name` and, for what was there before, `before`.
        """
        record: Record = {"at": dt.datetime.now(dt.UTC).isoformat(), "step": step, "event": event, **facts}
        line = json.dumps(record, ensure_ascii=False, default=str) + "\n"
        with self._lock:
            torn = self._ends_torn()
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                data = (("\n" if torn else "") + line).encode()
                # A full disk may take half a line without an error; the rest then tells.
                while data:
                    data = data[os.write(handle, data) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        return record

    def _ends_torn(self) -> bool:
        """Whether the last write was cut off (a kill): its half line must not swallow the next record."""
        try:
            with open(self.path, "rb") as file:
                file.seek(0, os.SEEK_END)
                if file.tell() == 0:
                    return False
                file.seek(-1, os.SEEK_END)
                return file.read(1) != b"\n"
        except FileNotFoundError:
            return False

    def records(self) -> Iterator[Record]:
        """All records in order; a torn line is skipped."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        for line in text.splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield record

    def of_step(self, step: str, event: str | None = None) -> list[Record]:
        """A step's records, the oldest first, those of one event where named."""
        return [r for r in self.records() if r.get("step") == step and event in (None, r.get("event"))]

    def last(self, step: str, event: str) -> Record | None:
        """The newest record of a step's event, or None."""
        found = self.of_step(step, event)
        return found[-1] if found else None

    def live(self, kind: str) -> list[Record]:
        """What was made of a kind and not removed since, in the order it was made (`name` identifies it)."""
        there: dict[tuple[str, str], Record] = {}
        for record in self.records():
            if record.get("kind") != kind:
                continue
            # One name may be on several roles: what was put on one does not stand for the other.
            name, role = record["name"], str(record.get("role", ""))
            if record["event"] in ("made", "changed"):
                # The first record keeps what was there before us; a later change must not hide it.
                there.setdefault((name, role), record)
            elif record["event"] == "removed":
                for key in [key for key in there if key[0] == name and role in ("", key[1])]:
                    del there[key]
        return list(there.values())
