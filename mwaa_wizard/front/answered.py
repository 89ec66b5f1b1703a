"""Answers given all at once, by options: checked and written page by page, with what AWS has to say in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from . import flow, questions, stale
from .question import Question, Refused, give, parse
from .questions.settings import edited, of_setting, reset_all, setting_of

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

LEARNT = ("connect", "source", "target")  # pages after which AWS is asked


def answer_all(
    session: Session, texts: Mapping[str, str], *, reset: Iterable[str] = (), offline: bool = False
) -> list[str]:
    """Write answers by question name into the session. What is wrong, in the words that the screens use, each begun
    by the option; the session may then be half-written and is not to be kept. Raises WizardError of AWS.
    """
    found: list[str] = []
    given = {name: text for name, text in texts.items() if not setting_of(name)}
    for page in flow.PAGES:
        mine = [question for question in questions.all_questions() if question.page == page and question.name in given]
        questions.suggest(page, session)
        reason = flow.left_out(page, session) if page in flow.pages(session) else _("This route has no such page.")
        for question in mine:
            problems = [reason] if reason else _one(session, question, given[question.name])
            found += [f"{question.option}: {problem}" for problem in problems]
        if page == "settings":
            found += _settings(session, texts, reset)
        if found:
            return found
        if page in LEARNT and mine and not offline:
            found += questions.learn(page, session)
        changed = page == "settings" and any(setting_of(name) for name in texts)
        if (mine or changed) and not flow.missing(page, session):
            if page not in session.page.done:
                session.page.done = [*session.page.done, page]
            stale.looked(page, session)
    return found


def _one(session: Session, question: Question, text: str) -> list[str]:
    try:
        return give(session, question, parse(question, text))
    except ValueError as problem:
        return [str(problem)]


def _settings(session: Session, texts: Mapping[str, str], reset: Iterable[str]) -> list[str]:
    found = []
    for name in reset:
        if name == "all":
            reset_all(session)
            continue
        names = [one for one in edited(session) if name in (one, one.partition(".")[2])]
        if not names:
            found.append(_("--reset: {name} is not edited.").format(name=clean(name, limit=80)))
        for one in names:
            from . import engine

            engine.reset_setting(session, setting_of(one))
    for name, text in texts.items():
        if setting := setting_of(name):
            shown = clean(name.partition(".")[2], limit=80)
            try:
                question = of_setting(session, setting)
            except Refused as refusal:
                found += [f"{shown}: {problem}" for problem in refusal.problems]
                continue
            if question.secret or _is_secret(setting, text):
                found.append(_("{name}: its value is a secret, so it is no option. Give it in the wizard.").format(
                    name=shown))  # fmt: skip
                continue
            found += [f"{shown}: {problem}" for problem in _one(session, question, text)]
    return found


def _is_secret(setting: str, text: str) -> bool:
    from mwaa_wizard.environments.secret import OPTIONS, is_secret

    return setting.startswith(f"{OPTIONS}.") and is_secret(setting.removeprefix(f"{OPTIONS}."), text)


def refused(problems: list[str]) -> WizardError:
    """Refused answers as one error (usage)."""
    return WizardError(
        what="\n".join(clean(problem, limit=400) for problem in problems),
        changed=_("Nothing was changed."),
        exit_code=EXIT_USAGE,
    )


def where_to_go_on(session: Session) -> tuple[str, list[str]]:
    """The first page that misses something (else Review), and what that is."""
    for page in flow.shown(session):
        if page == "review":
            break
        if reasons := flow.missing(page, session):
            return page, reasons
    return "review", []
