"""Tables: the rows are counted first where somebody wants to know them, then the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import engine
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import human_bytes

from . import running
from .asking import ask_page
from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened

COUNT = "tables.count"


def tables_page(talk: Talk, opened: Opened) -> None:
    """The page. Raises Back."""
    if engine.inventory(opened.session) is None and talk.answers is None:
        _count(talk, opened)
    _say(talk, opened)
    ask_page(talk, opened, "tables")


def _count(talk: Talk, opened: Opened) -> None:
    talk.say(_("How many rows the source has is not known yet. Counting runs these steps now; the full run finds them "
               "done, and the clean-up takes them back:"))  # fmt: skip
    talk.say(*(f"- {title}" for _step, title in opened.run("inventory").steps))
    if talk.yes(_("Count the source's rows now?"), COUNT):
        running.count(talk, opened)


def _say(talk: Talk, opened: Opened) -> None:
    found = engine.inventory(opened.session)
    if found is None:
        return
    for line in engine.tables():
        count = found.tables.get(line.name)
        if count is not None:
            words = ngettext("{table}: {rows} row, {size}", "{table}: {rows} rows, {size}", count.rows)
            talk.say(words.format(table=line.name, rows=f"{count.rows:,}", size=human_bytes(count.size_bytes)))
