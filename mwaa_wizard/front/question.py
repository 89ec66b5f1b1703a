"""One declaration of everything the wizard asks: screens, prompts, answers files and options all render this.

A question reads and writes the session; no front-end has a rule of its own about what may be answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

# text: one line · choice: one of a list · several: any of a list · lines: free values, one each · date: YYYY-MM-DD
Kind = Literal["text", "choice", "several", "lines", "yes-no", "number", "date"]
Answer = str | int | bool | list[str] | None


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `words` says what it is, `short` in a word or two where that is much; `problem`, where there
    is one, why it would be refused.
    """

    value: str
    words: str = ""
    problem: str = ""
    short: str = ""


def always(_session: Session) -> bool:
    """Asked on every route."""
    return True


def nothing_wrong(_session: Session, _answer: Answer) -> list[str]:
    """No rule beyond the kind's own."""
    return []


@dataclass(frozen=True)
class Question:
    """`name` is the key in answers files (`source.environment`), `option` the command line's.

    `label` and `help` are in the user's language: declarations are made anew each time they are asked for. `read`
    gives the session's answer, `write` puts a checked one in with all that follows from it (and raises Refused where
    only writing shows that it cannot be), `check` says in words what is wrong with one (offline, quick). `choices` may
    take seconds and raise WizardError where `slow`; a value that is not among them is taken all the same where `free`.
    A `secret` answer goes to keyring or is asked for each time: never to the session, an answers file or an option.

    `restrict` (a regular expression that every beginning of an answer matches), `longest`, `least` and `most` keep
    what cannot be an answer from being typed; `hint` stands in an empty field.
    """

    name: str
    page: str
    kind: Kind
    label: str
    read: Callable[[Session], Answer]
    write: Callable[[Session, Answer], None]
    help: str = ""
    option: str = ""
    check: Callable[[Session, Answer], list[str]] = nothing_wrong
    choices: Callable[[Session], Sequence[Choice]] | None = None
    asked: Callable[[Session], bool] = always
    slow: bool = False
    free: bool = False
    secret: bool = False
    needed: bool = False
    restrict: str = ""
    longest: int = 0
    least: int | None = None
    most: int | None = None
    hint: str = ""


class Refused(ValueError):
    """A checked answer that could not be written; `problems` says why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def parse(question: Question, text: str) -> Answer:
    """The answer that a typed text, an option or a line of an answers file stands for. Raises ValueError in words."""
    from mwaa_wizard.i18n import _

    text = text.strip()
    if question.kind == "yes-no":
        known = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
        if text.lower() not in known:
            raise ValueError(_("Answer yes or no."))
        return known[text.lower()]
    if question.kind == "number":
        try:
            return int(text)
        except ValueError:
            raise ValueError(_("Give a whole number.")) from None
    if question.kind in ("several", "lines"):
        return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    return text


def shown(question: Question, session: Session) -> str:
    """The session's answer as text that `parse` reads back."""
    answer = question.read(session)
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ", ".join(answer) if isinstance(answer, list) else str(answer)


def said(question: Question, session: Session) -> str:
    """The session's answer as it is read: choices by their words, yes and no in the user's language."""
    from mwaa_wizard.i18n import _, listed

    answer = question.read(session)
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    if question.choices is None or question.slow or question.kind not in ("choice", "several"):
        return shown(question, session)
    words = {one.value: one.short or one.words or one.value for one in question.choices(session)}
    return listed(words.get(one, one) for one in (answer if isinstance(answer, list) else [str(answer or "")]))


def problems(session: Session, question: Question, answer: Answer) -> list[str]:
    """What is wrong with an answer, in words; empty where it can be written."""
    from mwaa_wizard.i18n import _

    if answer in (None, "", []):
        if question.needed:
            return [_("{label}: an answer is needed.").format(label=question.label)]
    elif isinstance(answer, int) and not isinstance(answer, bool):
        low, high = question.least, question.most
        if (low is not None and answer < low) or (high is not None and answer > high):
            return [_("Give a whole number from {least} to {most}.").format(least=low, most=high)]
    elif question.longest and isinstance(answer, str) and len(answer) > question.longest:
        return [_("At most {count} characters.").format(count=question.longest)]
    return question.check(session, answer)


def give(session: Session, question: Question, answer: Answer) -> list[str]:
    """Check an answer and write it; what is wrong in words where it was not written."""
    found = problems(session, question, answer)
    if not found:
        try:
            question.write(session, answer)
        except Refused as refusal:
            return refusal.problems
    return found
