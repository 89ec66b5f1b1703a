"""Entries by route settings-only: the choices, then each connection whose value no API gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import engine_entries, questions
from mwaa_wizard.i18n import _

from .asking import ask, ask_page
from .looking import look
from .settings import environment_of
from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_entries import ConnectionLine
    from mwaa_wizard.front.opened import Opened


def entries_page(talk: Talk, opened: Opened) -> None:
    """The page. Raises Back."""
    ask_page(talk, opened, "entries")
    session = opened.session
    if session.entries.connections == "leave":
        return
    environment = environment_of(talk, opened)
    what = _("Asking {name} for its variables, pools and connections …").format(name=session.source.environment)
    found = look(talk, what, lambda: engine_entries.listed(session))
    counts = (("variables", found.variables), ("pools", found.pools), ("connections", len(found.connections)))
    talk.say(_("{variables} variables, {pools} pools, {connections} connections.").format(**dict(counts)))
    asked: set[str] = set()
    while True:
        what = _("Looking at the connections …")
        lines = look(talk, what, lambda: engine_entries.states(session, environment, found))
        needed = [line for line in lines if line.state == "needed" and line.conn_id not in asked]
        if not needed:
            _say(talk, lines)
            return
        asked.add(needed[0].conn_id)
        _one(talk, opened, needed[0], [line.conn_id for line in needed])


def _one(talk: Talk, opened: Opened, line: ConnectionLine, needed: list[str]) -> None:
    """What becomes of a connection that cannot go along as it is."""
    talk.heading(_("Connection {name} needs a value: {why}").format(name=line.conn_id, why=line.why))
    ways = [
        ("value", _("give its password, or all of it")),
        ("empty", _("it has no password")),
        ("leave", _("leave it behind")),
        ("all", _("leave behind all that still need a value")),
        ("later", _("decide later: without a value it stays behind, and the report names it")),
    ]
    # A file of answers cannot hold the value, but it can say that there is none, or that it comes at the prompt.
    default = 1 if talk.answers is None else len(ways)
    way = talk.choose(_("What to do about it"), ways, f"values.{line.conn_id}", default=default)
    entries, session = opened.session.entries, opened.session
    if way == "value":
        question = next(iter(questions.value_questions([line])))
        ask(talk, opened, question)
    elif way == "empty":
        engine_entries.give(session, line.conn_id, '{"password": ""}')
    elif way in ("leave", "all"):
        entries.left = [*entries.left, *([line.conn_id] if way == "leave" else needed)]
        opened.save()


def _say(talk: Talk, lines: list[ConnectionLine]) -> None:
    moved = sum(line.moves for line in lines)
    talk.say(_("{moved} of {count} connections can move.").format(moved=moved, count=len(lines)))
    for line in lines:
        if not line.moves:
            word = _("left behind") if line.state == "left" else line.why or line.state
            talk.say(f"{line.conn_id}: {word}")
