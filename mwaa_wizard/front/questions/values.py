"""Values of connections that no API returns: secret, kept by keyring where that is safe, never in the session."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine_entries
from mwaa_wizard.front.question import Answer, Question
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_entries import ConnectionLine
    from mwaa_wizard.session.model import Session

ASKABLE = ("needed", "given", "complete")


def value_questions(lines: Sequence[ConnectionLine]) -> list[Question]:
    """One for each connection that still needs a value."""
    return [of_line(line) for line in lines if line.state == "needed"]


def of_line(line: ConnectionLine) -> Question:
    """The question for a connection's value."""
    words = _("Its password ({kind}), or the whole connection as Airflow's JSON or URI. It is not shown; keyring keeps "
              "it where that is safe, else this window only. Empty: forget what was given.")  # fmt: skip
    return Question(
        name=f"values.{line.conn_id}", page="entries", kind="text",
        label=_("Value of connection {name}").format(name=clean(line.conn_id, limit=80)),
        help=" ".join(part for part in (clean(line.why, limit=300), words.format(
            kind=clean(line.conn_type, limit=40) or "?")) if part),
        read=lambda _session: None, write=partial(_write, line.conn_id), secret=True,
    )  # fmt: skip


def _write(conn_id: str, session: Session, answer: Answer) -> None:
    engine_entries.give(session, conn_id, str(answer or ""))
