"""One question as plain lines: label, help, numbered choices, the present answer, the same checks as on the screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import answering, questions
from mwaa_wizard.front.question import Choice, Question, give, problems, said, shown
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean

from .talk import Back, Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.session.model import Session

_FEW = 25  # so many choices are said at once; of more the first ones, the others on request
_FIRST = 10
_PART = "/"


# Few change these, and each is read aloud: they are asked only where somebody wants to, or a file has them.
_DETAILS = ("tables.conflict.", "tables.drain_seconds", "tables.workers", "route.keep", "entries.prefix",
            "entries.replace", "review.name")  # fmt: skip
DETAILS = ".details"


def ask_page(talk: Talk, opened: Opened, page: str) -> None:
    """Every question that the page asks now, in order; which ones follow is looked up after each answer. Raises Back
    from the first.
    """
    done: list[str] = []
    details: bool | None = None
    while True:
        asked = [one for one in questions.of_page(page, opened.session)
                 if details or not one.name.startswith(_DETAILS)]  # fmt: skip
        following = next((one for one in asked if one.name not in done), None)
        if following is None:
            if details is not None:
                return
            details = _wants_details(talk, opened.session, page)
            continue
        try:
            ask(talk, opened, following, len(done) + 1, len(asked))
            done.append(following.name)
        except Back:
            if not done:
                raise
            done.pop()


def _wants_details(talk: Talk, session: Session, page: str) -> bool:
    """Whether what few change is to be asked, too."""
    more = [one for one in questions.of_page(page, session) if one.name.startswith(_DETAILS)]
    if not more:
        return False
    if talk.answers is not None:
        return any(one.name in talk.answers.texts for one in more)
    talk.say("", *(_("{label}: {answer}").format(label=one.label, answer=said(one, session) or _("(nothing)"))
                   for one in more))  # fmt: skip
    return talk.yes(_("Change any of these?"), page + DETAILS)


def ask(talk: Talk, opened: Opened, question: Question, number: int = 0, count: int = 0) -> None:
    """Ask until the answer is taken, and save it. Enter alone keeps the present answer."""
    session = opened.session
    place = _("{number} of {count}: ").format(number=number, count=count) if count > 1 else ""
    talk.heading(place + question.label)
    if question.secret:
        _ask_secret(talk, opened, question)
        return
    if question.help:
        talk.say(question.help)
    choices = list(_choices(talk, question, session))
    _say(talk, question, choices)
    # Choices by the name that is typed for them: it is in front of the words.
    kept = (said if question.kind == "yes-no" else shown)(question, session)
    prompt = question.label + (f" ({how})" if (how := _how(question, choices)) else "")
    while True:
        text = talk.ask(
            prompt, question.name, default=kept, help_lines=lambda: [question.help] if question.help else [],
            again=lambda: _say(talk, question, choices, everything=True),
        )  # fmt: skip
        if text.startswith(_PART) and choices:
            _say(talk, question, choices, part=text[1:].strip().lower(), everything=True)
            continue
        found = _take(session, question, text, choices)
        if not found:
            opened.save()
            return
        talk.problems(found)


def _take(session: Session, question: Question, text: str, choices: Sequence[Choice]) -> list[str]:
    """Write the answer; what stands against it."""
    if not text:
        return problems(session, question, question.read(session))
    try:
        answer = answering.meant(question, text, choices)
    except ValueError as problem:
        return [str(problem)]
    refused = [choice.problem for choice in choices if choice.problem and answer == choice.value]
    return refused or give(session, question, answer)


def _ask_secret(talk: Talk, opened: Opened, question: Question) -> None:
    if question.help:
        talk.say(question.help)
    while True:
        text = talk.secret(question.label, question.name)
        if not text:
            return
        found = give(opened.session, question, text)
        if not found:
            opened.save()
            return
        talk.problems(found)


# Choices


def _choices(talk: Talk, question: Question, session: Session) -> Sequence[Choice]:
    """What can be chosen. Where AWS refuses to tell, it is asked again, or the value is typed."""
    if question.choices is None:
        return ()
    while True:
        if question.slow:
            talk.say(_("Asking AWS …"))
        try:
            return question.choices(session)
        except WizardError as problem:
            talk.error(problem)
        given = talk.answers is not None and question.name in talk.answers.texts
        if given or not talk.there():
            return ()
        ways = [("again", _("ask again")), ("type", _("type the value"))]
        if talk.choose(_("What now"), ways if question.free else ways[:1]) == "type":
            return ()


def _say(
    talk: Talk, question: Question, choices: Sequence[Choice], *, part: str = "", everything: bool = False
) -> None:
    """The choices, numbered by their place in the whole list."""
    if not choices:
        return
    lines = [(line, f"{number}. {line}") for number, line in enumerate(map(_line, choices), 1)]
    fit = [text for line, text in lines if part in line.lower()]
    more = 0 if everything or len(fit) <= _FEW else len(fit) - _FIRST
    talk.say(*(fit[:_FIRST] if more else fit))
    if part and not fit:
        talk.say(_("No choice contains that."))
    if more:
        words = ngettext("{count} more: type list to hear it.", "{count} more: type list to hear them all, or /part "
                         "for those that contain part.", more)  # fmt: skip
        talk.say(words.format(count=more))


def _line(choice: Choice) -> str:
    name = choice.value or _("(none)")
    words = f"{name}: {choice.words}" if choice.words and choice.words != choice.value else name
    if choice.value and choice.words.startswith(choice.value):
        words = choice.words
    return clean(words + (" " + _("Cannot be chosen: {why}").format(why=choice.problem) if choice.problem else ""),
                 limit=10_000)  # fmt: skip


def _how(question: Question, choices: Sequence[Choice]) -> str:
    """How an answer is written."""
    if question.kind == "yes-no":
        return _("yes or no")
    if question.kind == "several":
        return _("numbers or ranges like 1,3-5; all; none")
    if choices:
        return _("number or name, - for none") if question.kind == "lines" else _("number or name")
    if question.kind == "number" and question.least is not None and question.most is not None:
        return _("{least} to {most}").format(least=question.least, most=question.most)
    if question.kind == "lines":
        return _("separated by commas, - for none")
    return question.hint
