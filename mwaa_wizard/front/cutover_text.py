"""The cut-over board in words: places, phases, and the whole table for a terminal without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean, fit, width

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.batches import Batch
    from mwaa_wizard.execution.unpausing.board import Board, Line
    from mwaa_wizard.execution.unpausing.forecast import Forecast


def place(line: Line) -> tuple[str, str]:
    """(glyph, words): who runs the DAG now."""
    # Not a dictionary of all of them, translated anew for each DAG: a board may have ten thousand.
    match line.place:
        case "source":
            return "▸", _("source")
        case "target":
            return "✔", _("target")
        case "resting":
            return "–", _("stays paused")
        case "neither":
            return "■", _("runs nowhere")
        case "both":
            return "✘", _("runs on BOTH")
        case "no-target":
            return "!", _("not in target")
        case "no-source":
            return "·", _("only in target")


def state(paused: bool | None, there: bool = True) -> str:
    """A pause state in a word."""
    if not there:
        return "–"
    return "?" if paused is None else _("paused") if paused else _("unpaused")


def runs(line: Line) -> str:
    """Unfinished runs on the source."""
    if line.runs is None:
        return "?" if line.on_source else "–"
    return str(line.runs) if line.runs else _("none")


def phase(batch: Batch) -> str:
    """How far a batch is."""
    if batch.rolled_back:
        return _("rolled back")
    return {
        "pausing": _("half done: pausing on the source"),
        "draining": _("half done: waiting for the source's tasks"),
        "unpausing": _("half done: unpausing on the target"),
        "rolling-back": _("half done: rolling back"),
        "done": _("runs in the target"),
    }[batch.phase]


def batch_line(batch: Batch) -> str:
    """`Batch 2: 3 DAGs, runs in the target`."""
    text = ngettext("Batch {number}: {count} DAG, {phase}", "Batch {number}: {count} DAGs, {phase}", len(batch.moves))
    return text.format(number=batch.number, count=len(batch.moves), phase=phase(batch))


def totals(board: Board) -> str:
    """`12 source · 3 target · 5 paused`."""
    parts = [
        (board.count("source"), _("{n} source")),
        (board.count("target"), _("{n} target")),
        (board.count("resting"), _("{n} paused")),
        (board.count("neither"), _("{n} nowhere")),
        (board.count("both"), _("{n} on BOTH")),
        (board.count("no-target"), _("{n} not in target")),
    ]
    return " · ".join(text.format(n=f"{count:,}") for count, text in parts if count)


def table(board: Board, told: dict[str, Forecast]) -> list[str]:
    """The board as lines of text."""
    lines = []
    if board.lines:
        heads = (_("DAG"), _("before"), _("source now"), _("runs"), _("target now"), _("batch"), _("runs in"),
                 _("when unpaused there"))  # fmt: skip
        rows = [heads, *(_cells(line, told.get(line.dag_id)) for line in board.lines)]
        widths = [max(width(row[column]) for row in rows) for column in range(len(heads))]
        lines += [
            "  ".join(fit(cell, cells) for cell, cells in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        lines += ["", totals(board)]
    lines += [batch_line(batch) for batch in board.batches]
    if board.obstacle:
        lines.append(clean(board.obstacle))
    return lines


def _cells(line: Line, forecast: Forecast | None) -> tuple[str, ...]:
    glyph, words = place(line)
    return (
        clean(line.dag_id, limit=250),
        state(line.before, line.before is not None),
        state(line.source, line.on_source),
        runs(line),
        state(line.target, line.on_target),
        str(line.batch.number) if line.batch else "",
        f"{glyph} {words}",
        forecast.brief() if forecast else "",
    )
