"""The run's snapshot as text: heading, one line a step, a bar. Pure, so it is tested without a screen."""

from __future__ import annotations

import datetime as dt

from textual.content import Content

from mwaa_wizard.front.run_state import RunState, StepView
from mwaa_wizard.front.words import kind_word, shorten
from mwaa_wizard.i18n import _, listed, ngettext
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
    "left out": ("–", "$text-warning"),
}


def step_word(step: StepView) -> str:
    """The state in a word, empty for a waiting step."""
    if step.left_out:
        return _("left out")
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


def step_prompt(step: StepView, cells: int, now: dt.datetime, *, chosen: bool = False) -> Content:
    """`✔ import            done  ↻2 0:38 ›`, `cells` wide; without the word below 40 cells. `↻2`: two calls were tried
    again; `›`: its log is shown.
    """
    glyph, style = _LOOK["left out" if step.left_out else step.state]
    seconds = step.seconds(now)
    clock = human_time(seconds) if seconds is not None else ""
    again = f" ↻{min(step.retries, 99)}" if step.retries else ""
    # The word repeats the glyph: it goes where the log needs the room.
    word = fit(step_word(step), 9) if cells >= 40 else ""
    title = fit(clean(step.title), max(6, cells - 5 - width(word) - width(again) - 7))
    return Content.styled(f"{glyph} {title} {word}{again}{clock:>7} {'›' if chosen else ' '}", style)


def outcome_line(state: RunState, now: dt.datetime, left: float | None = None) -> tuple[str, str]:
    """The page's heading: how the run stands, for how long, and how long it still takes where that is known."""
    words = {
        "": _("Not started"),
        "running": _("RUNNING"),
        "done": _("DONE"),
        "failed": _("✘ FAILED"),
        "stopped": _("■ STOPPED"),
    }
    word = _("■ CUT OFF") if state.cut_off else words[state.outcome]
    if state.undoing:
        word = _("UNDOING") if state.outcome == "running" else _("UNDONE") if state.outcome == "done" else word
    elif state.stopping:
        word = _("STOPPING at the next safe point")
    failed = state.step(state.failed_step) if state.outcome in ("failed", "stopped") else None
    if failed is not None:
        word = _("{word} at {step}").format(word=word, step=clean(failed.title))
    count = len(state.left_out)
    if count and state.outcome == "done" and not state.undoing:
        word = listed((word, ngettext("{n} step left out", "{n} steps left out", count).format(n=count)))
    right = _("{done} of {all} steps").format(done=state.done_count, all=len(state.steps))
    if state.undoing:
        undone = sum(step.state == "undone" for step in state.steps)
        right = _("{done} of {all} steps undone").format(done=undone, all=len(state.steps))
    if state.started_at is not None:
        elapsed = ((state.ended_at or now) - state.started_at).total_seconds()
        right += " · " + _("{time} elapsed").format(time=human_time(max(0, elapsed)))
    if left is not None and state.outcome == "running" and not state.stopping and not state.undoing:
        right += " · " + about(left)
    return word, right


def about(seconds: float) -> str:
    """`≈ 6 min left`; seconds only in the last minute, no more exact than it is."""
    if seconds >= 5400:
        return _("≈ {hours} h left").format(hours=f"{seconds / 3600:.1f}")
    if seconds >= 60:
        return _("≈ {minutes} min left").format(minutes=round(seconds / 60))
    return _("≈ {seconds} s left").format(seconds=max(1, round(seconds)))


def progress_line(step: StepView, cells: int, now: dt.datetime | None = None, usual: str = "") -> str:
    """A bar with counts and the time left where the total is known; else counts, what is usual, and the next look."""
    progress = step.progress
    if not step.busy:
        return ""
    now = now or dt.datetime.now(dt.UTC)
    look = ""
    if step.next_look is not None:
        wait = max(0, round((step.next_look - now).total_seconds()))
        look = _("next look in {seconds} s").format(seconds=wait) if wait else _("looking …")
    if progress is None:
        return shorten(" · ".join(part for part in (usual, look) if part), cells)
    unit, detail = clean(progress.unit), clean(progress.detail)
    if not progress.total:
        # Seconds are what the clock beside the step says.
        counted = f"{progress.done:,} {unit}" if unit and unit != _("s") else ""
        return shorten(" · ".join(part for part in (counted, look, usual, detail) if part), cells)
    share = min(1.0, max(0.0, progress.done / progress.total))
    tail = f" {share:4.0%}  {progress.done:,}/{progress.total:,} {unit}"
    left = step.seconds_left(now)
    if left is not None and share < 1:
        tail += "  " + about(left)
    tail = tail if width(tail) <= cells - 7 else f" {share:4.0%}  {progress.done:,} {unit}"
    more = "  ".join(part for part in (look, detail) if part)
    # The bar gives way to what is at work, down to a length that still tells something.
    room = cells - width(tail) - 1
    bar_cells = max(6, min(30, room, max(12, room - width(more) - 2)))
    full = int(share * bar_cells)  # full only when it is done
    line = "█" * full + "░" * (bar_cells - full) + tail
    # A few letters of it would say nothing.
    return shorten(f"{line}  {more}", cells) if more and cells - width(line) > 10 else line


def step_line(step: StepView) -> str:
    """`Export · running · part 5/8`: what is said above the log."""
    parts = [clean(step.title), step_word(step) or _("waiting"), clean(step.detail)]
    if step.attempts > 1:
        parts.insert(2, _("attempt {number}").format(number=step.attempts))
    if step.retries:
        retries = ngettext("{n} call tried again", "{n} calls tried again", step.retries).format(n=step.retries)
        parts.insert(2, retries)
    return " · ".join(part for part in parts if part)


def stopping_words(state: RunState, now: dt.datetime) -> str:
    """What a stop waits for, and for how long it does."""
    step = state.current
    if step is None or not state.stopping:
        return ""
    waited = (now - state.stop_asked_at).total_seconds() if state.stop_asked_at else 0
    return _("Stopping … {step} goes on to a point where nothing is half-done ({time} so far).").format(
        step=clean(step.title), time=human_time(max(0, waited))
    )


def listed_things(things: list[tuple[str, str]]) -> list[str]:
    """`· bucket mwaa-…` a line; kinds with many names are counted, so that the list can be read."""
    names: dict[str, list[str]] = {}
    for kind, name in things:
        names.setdefault(kind, []).append(name)
    rows = []
    for kind, all_names in names.items():
        if len(all_names) > 4:
            rows.append(_("· {count} × {kind}").format(count=f"{len(all_names):,}", kind=clean(kind_word(kind))))
        else:
            rows += [f"· {clean(kind_word(kind))} {clean(name)}" for name in all_names]
    return rows
