"""All that is known of one step, in a box: what it does, what it made, attempts, AWS's request ids, its log."""

from __future__ import annotations

from textual.content import Content

from mwaa_wizard.front.run_state import StepView
from mwaa_wizard.front.step_facts import StepFacts
from mwaa_wizard.front.words import shown_path, wrap
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean, human_time

from .full_text import FullText


def detail_lines(step: StepView, facts: StepFacts, seconds: float | None, cells: int) -> list[Content]:
    """The box's text, at most `cells` wide."""
    lines: list[Content] = []

    def section(title: str, rows: list[str]) -> None:
        if rows:
            lines.append(Content.styled(title, "bold"))
            lines.extend(Content(part) for row in rows for part in wrap(row, cells, "    ", "  "))

    section(_("What it does"), facts.does)
    told = []
    attempts = max(facts.attempts, step.attempts)
    if attempts:
        told.append(ngettext("begun {n} time", "begun {n} times", attempts).format(n=attempts))
    retries = max(facts.retries, step.retries)
    if retries:
        told.append(ngettext("{n} call tried again", "{n} calls tried again", retries).format(n=retries))
    if seconds is not None:
        told.append(_("{time} long").format(time=human_time(seconds)))
    section(_("How it went"), [" · ".join(told)] if told else [])
    if step.error is not None:
        section(_("Why it failed"), [clean(row, limit=600) for row in step.error.lines()])
    words = {"made": _("made"), "changed": _("changed"), "removed": _("took away")}
    things = [f"{words[event]} {kind} {name}" for event, kind, name in facts.things]
    if facts.more:
        things.insert(0, _("{count} more, in the journal").format(count=f"{facts.more:,}"))
    section(_("What it made or changed"), things)
    section(_("AWS request ids"), [f"{request} · {call}" for call, request in facts.requests])
    section(_("If nobody watches"), [facts.while_away] if facts.while_away else [])
    section(_("May be left out"), [facts.skippable] if facts.skippable else [])
    section(_("Its log"), [shown_path(str(facts.log))])
    return lines


class StepDetail(FullText):
    """Shows the facts; scrolls where they are long."""

    def __init__(self, step: StepView, facts: StepFacts, seconds: float | None, cells: int) -> None:
        super().__init__(step.title, Content("\n").join(detail_lines(step, facts, seconds, cells)))
