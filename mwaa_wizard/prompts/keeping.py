"""Keeping saved sessions in order: rename, duplicate, export, delete, and bring back what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.answering import NOTHING
from mwaa_wizard.front.words import shown_path, worded
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .talk import Back, Talk

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.session.store import Listed


def keep_sessions(talk: Talk) -> None:
    """Ask which session and what becomes of it, until nothing more is wanted."""
    from mwaa_wizard.session import store

    while True:
        talk.heading(_("Saved sessions"))
        listed, deleted = {one.id: one for one in store.list_sessions()}, store.deleted()
        choices = [("done", _("nothing more: back to the first question"))]
        choices += [(name, _titled(one)) for name, one in listed.items()]
        for name, _at, title in deleted:
            choices.append((name, _("bring back {title}, which was deleted").format(title=clean(title) or name)))
        try:
            answer = talk.choose(_("Which session"), choices)
            if answer == "done":
                return
            _act(talk, listed[answer]) if answer in listed else _bring_back(talk, answer)
        except Back:
            return
        except (WizardError, OSError) as problem:
            talk.error(worded(problem))


def _titled(one: Listed) -> str:
    return _title(one.session) if one.session is not None else _("{id}: damaged. {why}").format(
        id=one.id, why=one.problem)  # fmt: skip


def _title(session: Session) -> str:
    title = session.title() if session.name or session.source.environment else _("New migration")
    return f"{clean(title)} ({session.id})"


def _act(talk: Talk, one: Listed) -> None:
    """What becomes of one session. Raises Back, WizardError where another window has it."""
    from mwaa_wizard.session import copying, export, store

    session, ways = one.session, [("nothing", _("leave it as it is"))]
    if session is not None:
        ways += [
            ("rename", _("give it a name")),
            ("duplicate", _("duplicate it: the same choices, nothing run yet")),
            ("export", _("write it to a file for others, without account numbers and secrets")),
        ]
    ways.append(("delete", _("delete it from the list; in AWS nothing is changed")))
    way = talk.choose(_("What to do with it"), ways)
    if way == "rename" and session is not None:
        plain = clean(session.model_copy(update={"name": ""}).title())
        talk.say(_("{sign} goes back to: {title}").format(sign=NOTHING, title=plain))
        name = talk.ask(_("Name of this session"), default=session.name)
        if name:
            renamed = store.rename(session.id, "" if name == NOTHING else name)
            talk.say(_("{id} is called: {title}").format(id=session.id, title=clean(renamed.title())))
    elif way == "duplicate" and session is not None:
        copy = copying.duplicate(session)
        talk.say(_("Duplicated: same choices, nothing run yet."), _title(copy))
    elif way == "export" and session is not None:
        where = shown_path(export.write(session))
        talk.say(_("Written, without account numbers and secrets: {path}").format(path=where))
    elif way == "delete" and talk.yes(_("Delete it from the list?")):
        with store.Lock(one.id):
            store.delete(one.id)
        talk.say(_("Deleted from the list; in AWS nothing was changed. It can be brought back here for {days} days.")
                 .format(days=store.KEPT.days))  # fmt: skip


def _bring_back(talk: Talk, session_id: str) -> None:
    from mwaa_wizard.session import store

    store.undelete(session_id)
    talk.say(_("It is back in the list."))
