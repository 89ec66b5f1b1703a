"""The answers file of a session: what somebody would have typed to make it. It holds no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def answers_of(session: Session, *, start: bool = False) -> dict[str, Any]:
    """The document of the file. Only what is asked on the session's route, and of that what has an answer."""
    from mwaa_wizard.environments.secret import is_secret
    from mwaa_wizard.front import flow, questions

    shown = flow.shown(session)
    found: dict[str, Any] = {}
    for question in questions.all_questions():
        if question.page in shown and question.asked(session) and not question.secret:
            answer = question.read(session)
            if answer not in (None, "", []) or question.kind == "several":
                found[question.name] = answer
    # Values of secret options are in keyring, never in the session; their names are told in a comment.
    options = {key: value for key, value in session.target.airflow_options.items() if not is_secret(key, value or "")}
    document: dict[str, Any] = {"answers": found}
    if session.target.settings:
        document["settings"] = dict(session.target.settings)
    if options:
        document["airflow_options"] = {key: value or "" for key, value in options.items()}
    if start:
        document["run"] = {"start": True, "confirm": session.target.environment, "questions": True}
        if after := _after(session):
            document["after"] = after
    return document


def _after(session: Session) -> dict[str, Any]:
    """What was done when the run had ended, as the journal has it: batches that were not taken back, the clean-up."""
    from mwaa_wizard.execution.journal import Journal
    from mwaa_wizard.execution.unpausing import batches

    journal = Journal.of(session.id)
    found: dict[str, Any] = {}
    if handed := [list(batch.dags) for batch in batches.live(journal) if not batch.half]:
        found["batches"] = handed
    if journal.last("take-away", "done") is not None:
        found["cleanup"] = True
    return found


def to_yaml(session: Session, *, start: bool = False) -> str:
    """The file as text, with a head that says how it is used and what is not in it."""
    import yaml

    lines = [
        _("Answers of session {id}: {title}").format(id=session.id, title=session.title()),
        _("Played again by: mwaa-wizard --answers FILE (with --plain: as lines)"),
    ]
    if session.target.secret_options:
        names = ", ".join(session.target.secret_options)
        lines.append(_("Asked for again, because they are secret: {names}").format(names=names))
    head = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    return head + str(yaml.safe_dump(answers_of(session, start=start), sort_keys=False, allow_unicode=True))
