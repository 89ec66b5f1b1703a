"""The run's snapshot as text: heading, one line a step, a bar. Pure, so it is tested without a screen."""

from __future__ import annotations

import datetime as dt

from textual.content import Content

from mwaa_wizard.front.run_state import RunState, StepView
from mwaa_wizard.front.words import shorten
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit, human_time, width

_LOOK = {
    "waiting": ("·", "$text-muted"),
    "checking": ("▸", "bold $text-accent"),
    "running": ("▸", "bold $text-accent"),
    "verifying": ("▸", "bold $text-accent"),
    "done": ("✔", "$text-success"),
    "skipped": ("✔", "$text-success"),
    "failed": ("✘", "bold $text-error"),
    "stopped": ("■", "$text-warning"),
    "undone": ("↶", "$text-muted"),
}


def step_word(step: StepView) -> str:
    """The state in a word, empty for a waiting step."""
    return {
        "waiting": "",
        "checking": _("checking"),
        "running": _("running"),
        "verifying": _("proving"),
        "done": _("done"),
        "skipped": _("present"),
        "failed": _("failed"),
        "stopped": _("stopped"),
        "undone": _("undone"),
    }[step.state]


def step_prompt(step: StepView, cells: int, now: dt.datetime) -> Content:
    """`✔ import            done     0:38`, `cells` wide; without the word below 40 cells."""
    glyph, style = _LOOK[step.state]
    seconds = step.seconds(now)
    clock = human_time(seconds) if seconds is not None else ""
    # The word repeats the glyph: it goes where the log needs the room.
    word = fit(step_word(step), 9) if cells >= 40 else ""
    title = fit(clean(step.title), max(6, cells - 3 - width(word) - 7))
    return Content.styled(f"{glyph} {title} {word}{clock:>7}", style)


def outcome_line(state: RunState, now: dt.datetime) -> tuple[str, str]:
    """The page's heading: how the run stands, and for how long."""
    words = {
        "": _("Not started"),
        "running": _("RUNNING"),
        "done": _("DONE"),
        "failed": _("✘ FAILED"),
        "stopped": _("■ STOPPED"),
    }
    left = words[state.outcome]
    if state.undoing:
        left = (
            _("UNDOING") if state.outcome == "running" else _("UNDONE") if state.outcome == "done" else left
        )
    elif state.stopping:
        left = _("STOPPING at the next safe point")
    right = _("{done} of {all} steps").format(done=state.done_count, all=len(state.steps))
    if state.undoing:
        undone = sum(step.state == "undone" for step in state.steps)
        right = _("{done} of {all} steps undone").format(done=undone, all=len(state.steps))
    if state.started_at is not None:
        elapsed = ((state.ended_at or now) - state.started_at).total_seconds()
        right += " · " + _("{time} elapsed").format(time=human_time(max(0, elapsed)))
    return left, right


def progress_line(step: StepView, cells: int) -> str:
    """A bar with counts where the total is known, counts alone where it is not, nothing without progress."""
    progress = step.progress
    if progress is None or not step.busy:
        return ""
    unit, detail = clean(progress.unit), clean(progress.detail)
    if not progress.total:
        return shorten(f"{progress.done:,} {unit}  {detail}".rstrip(), cells)
    share = min(1.0, max(0.0, progress.done / progress.total))
    tail = f" {share:4.0%}  {progress.done:,}/{progress.total:,} {unit}"
    bar_cells = max(6, min(30, cells - width(tail) - 1))
    full = round(share * bar_cells)
    return shorten("█" * full + "░" * (bar_cells - full) + tail + (f"  {detail}" if detail else ""), cells)


def listed_things(things: list[tuple[str, str]]) -> list[str]:
    """`· bucket mwaa-…` a line; kinds with many names are counted, so that the list can be read."""
    names: dict[str, list[str]] = {}
    for kind, name in things:
        names.setdefault(kind, []).append(name)
    rows = []
    for kind, all_names in names.items():
        if len(all_names) > 4:
            rows.append(_("· {count} × {kind}").format(count=f"{len(all_names):,}", kind=clean(kind)))
        else:
            rows += [f"· {clean(kind)} {clean(name)}" for name in all_names]
    return rows
