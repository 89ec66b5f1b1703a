"""The cut-over board's rows and sentences. Pure, so they are tested without a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.front import cutover_text as words
from mwaa_wizard.i18n import _, ngettext, sentences
from mwaa_wizard.text import clean, fit

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.board import Line
    from mwaa_wizard.execution.unpausing.forecast import Forecast

_STATE, _RUNS, _BATCH, _PLACE, _WHEN = 9, 6, 7, 15, 27  # cells of the columns beside the name
_TONES = {"both": "error", "neither": "warning", "no-target": "warning", "target": "good", "resting": "quiet",
          "no-source": "quiet"}  # fmt: skip


def needed(longest: int) -> int:
    """The cells of a row whose name takes `longest`: where there are more, they would only part it from its states."""
    return 4 + max(24, longest) + 1 + 3 * _STATE + _RUNS + _BATCH + _PLACE + _WHEN


def heads(cells: int) -> str:
    """The names of the columns."""
    return _columns(
        "    " + _("DAG"), (_("before"), _("source"), _("runs"), _("target"), _("batch"), _("runs in"),
                            _("when unpaused there")), cells,
    )  # fmt: skip


def row(line: Line, picked: bool, forecast: Forecast | None, cells: int) -> tuple[str, str]:
    """A DAG's line and its tone."""
    mark = "[✔]" if picked else "[ ]" if line.movable and line.source is not True else "   "
    glyph, place = words.place(line)
    batch = line.batch
    number = f"{batch.number}{'½' if batch.half else ''}" if batch is not None else ""
    others = (
        words.state(line.before, line.before is not None), words.state(line.source, line.on_source), words.runs(line),
        words.state(line.target, line.on_target), number, f"{glyph} {place}",
        forecast.brief() if forecast and line.place == "source" else "",
    )  # fmt: skip
    tone = "warning" if batch is not None and batch.half else _TONES.get(line.place, "")
    return _columns(f"{mark} {clean(line.dag_id, limit=250)}", others, cells), tone


def _columns(name: str, others: Sequence[str], cells: int) -> str:
    before, source, runs, target, batch, place, when = others
    fixed = 3 * _STATE + _RUNS + _BATCH + _PLACE
    wide = cells >= 4 + 24 + fixed + _WHEN
    room = max(8, cells - fixed - (_WHEN if wide else 0))
    text = fit(name, room - 1) + " " + fit(before, _STATE) + fit(source, _STATE) + fit(runs, _RUNS)
    text += fit(target, _STATE) + fit(batch, _BATCH) + fit(place, _PLACE)
    return text + (fit(when, _WHEN) if wide else "")


def told(line: Line, forecast: Forecast | None) -> list[str]:
    """What there is to say of one DAG."""
    said = []
    if line.place == "no-target":
        said.append(_("The target does not list it, so it stays with the source."))
    elif line.place == "no-source":
        said.append(_("The source does not list it; batches leave it alone."))
    elif line.batch is not None:
        said.append(_("{words}.").format(words=words.batch_line(line.batch)))
    elif line.source is True:
        said.append(_("It is paused on the source, so it stays paused on both sides."))
    elif line.source is None:
        said.append(_("The source's Airflow does not say whether it is paused, and no note of it was made."))
    elif forecast is not None:
        said += forecast.sentences()
    if line.runs:
        text = ngettext("{n} run on the source is not at its end.", "{n} runs on the source are not at their end.",
                        line.runs)  # fmt: skip
        said.append(text.format(n=f"{line.runs:,}"))
    return said


def forecast_of(dag_ids: Sequence[str], forecasts: Mapping[str, Forecast]) -> str:
    """What the target does at once when all of these are unpaused there."""
    known = [forecasts[dag_id] for dag_id in dag_ids if dag_id in forecasts]
    counted = [one for one in known if one.at_once is not None and not one.why]
    runs = sum(one.at_once or 0 for one in counted)
    text = ngettext("The target makes {n} run at once.", "The target makes {n} runs at once.", runs)
    parts = [text.format(n=f"{runs:,}") if runs else _("The target makes no run at once.")]
    if again := sum(one.again or 0 for one in counted):
        text = ngettext(
            "{n} of them has run on the source already.", "{n} of them have run on the source already.", again
        )
        parts.append(text.format(n=f"{again:,}"))
    if unknown := len(dag_ids) - len(counted):
        text = ngettext("Of {n} DAG it is not known.", "Of {n} DAGs it is not known.", unknown)
        parts.append(text.format(n=f"{unknown:,}"))
    return sentences(parts)


def listed(dag_ids: Sequence[str]) -> str:
    """The first names, one a line."""
    lines = [f"· {clean(dag_id, limit=120)}" for dag_id in dag_ids[:6]]
    if len(dag_ids) > 6:
        lines.append(_("· and {n} more").format(n=f"{len(dag_ids) - 6:,}"))
    return "\n".join(lines)
