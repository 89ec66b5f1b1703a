"""How long steps usually take: what AWS's guide says, and what this machine's earlier runs of the same kind took."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.text import human_time

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

# MWAA user guide: create-environment ("20 to 30 minutes"), upgrading-environment ("up to two hours").
_FACTS: dict[str, tuple[int, int]] = {"create-target": (20, 30)}
_MOST_JOURNALS, _MOST_BYTES = 20, 8 << 20


def earlier(session: Session) -> dict[str, float]:
    """Step -> median seconds in earlier runs into the same account and region; reads journals: call it in a thread.

    Other accounts do not count: an environment of the sandbox is there in a minute.
    """
    from mwaa_wizard.session import store

    here = session.target.connection
    if not here.account:
        return {}
    found: dict[str, list[float]] = {}
    alike = [
        item.session.id
        for item in store.list_sessions()
        if item.session is not None and item.session.id != session.id
        and (item.session.target.connection.account, item.session.target.connection.region)
        == (here.account, here.region)
    ]  # fmt: skip
    for session_id in alike[:_MOST_JOURNALS]:
        for step, seconds in _times(session_id).items():
            found.setdefault(step, []).append(seconds)
    return {step: statistics.median(times) for step, times in found.items()}


def _times(session_id: str) -> dict[str, float]:
    """Seconds from the start to the end of each step that was done in one go."""
    import datetime as dt

    from mwaa_wizard import paths

    path = paths.run_dir(session_id) / "journal.jsonl"
    begun: dict[str, str] = {}
    found: dict[str, float] = {}
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                if '"started"' not in line and '"done"' not in line and '"stopped"' not in line:
                    continue
                record = json.loads(line)
                step, event, at = str(record.get("step")), record.get("event"), str(record.get("at"))
                if event == "started":
                    begun[step] = at
                elif event == "done" and step in begun:
                    took = dt.datetime.fromisoformat(at) - dt.datetime.fromisoformat(begun.pop(step))
                    found[step] = took.total_seconds()
                elif event == "stopped":
                    begun.pop(step, None)
    except (OSError, ValueError, TypeError, AttributeError):
        return found
    return found


def words(step: str, times: dict[str, float]) -> str:
    """`MWAA's guide: 20–30 min` or `took 24:10 before`; empty where nothing is known."""
    if step in times:
        return _("took {time} before").format(time=human_time(times[step]))
    if step in _FACTS:
        low, high = _FACTS[step]
        return _("MWAA's guide: {low}–{high} min").format(low=low, high=high)
    return ""


def remaining(
    waiting: Sequence[str], times: dict[str, float], current: str, elapsed: float, left: float | None
) -> float | None:
    """Seconds the run still takes; None where a step of it was never timed. `left` is what the counts of the running
    step say, before what it took in earlier runs.
    """
    if any(step not in times for step in waiting):
        return None
    if left is None:
        if current not in times or elapsed > 1.5 * times[current]:
            return None
        left = max(0.0, times[current] - elapsed)
    return left + sum(times[step] for step in waiting)
