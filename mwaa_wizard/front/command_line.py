"""Answers as options of the command line, and the command that gives the answers of a page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

from . import questions
from .question import Question, shown
from .questions.settings import edited

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

PROGRAM = "mwaa-wizard"
_LONGEST = 100_000  # cells of one word: Linux takes 128 KiB


def option_words(question: Question, session: Session) -> list[str]:
    """An answer as the words of its option; none where it cannot be said that way."""
    text = shown(question, session)
    if question.secret or not question.option:
        return []
    if question.kind == "yes-no":
        return [question.option if text == "yes" else "--no-" + question.option.removeprefix("--")]
    return [f"{question.option}={text}"] if text.startswith("-") else [question.option, text]


def setting_words(session: Session) -> list[str]:
    """Every edited setting as an option; secret ones are never among them."""
    words: list[str] = []
    for name, text in edited(session).items():
        kind, _dot, rest = name.partition(".")
        if kind == "options" and rest in session.target.secret_options:
            continue
        words += ["--airflow-option" if kind == "options" else "--setting", f"{rest}={text}"]
    return words


def answers(session: Session, page: str) -> list[str]:
    """The options that give a page's answers, those left out that a new session has anyway."""
    from mwaa_wizard.session.model import Session as Fresh

    if page == "settings":
        return setting_words(session)
    fresh, words = Fresh(), []
    for question in questions.of_page(page, session):
        answer = question.read(session)
        if question.name == "connect.same_place" or answer != question.read(fresh) or question.name == "route.route":
            words += option_words(question, session)
    return words


def said(words: list[str]) -> str:
    """Words as a shell takes them, without anything that could drive a terminal."""
    return " ".join(shlex.quote(clean(word, limit=_LONGEST)) for word in words)


def equivalent(page: str, session: Session) -> str:
    """The command that does what a page does, ready to paste; a line beginning with # says what no command can."""
    name = session.id
    if page == "policies":
        lines = [said([PROGRAM, "policy", name, "--for", document]) for document in _documents(session)]
        # A remark, so that pasting all of it changes nothing.
        lines.append("# " + _("What AWS has of one: with --check, --diff, --attach or --detach."))
        return "\n".join(lines)
    simple = {
        "preflight": [[PROGRAM, "preflight", name]],
        "review": [[PROGRAM, "set", name, *answers(session, "review")], [PROGRAM, "run", name, "--yes"]],
        "run": [[PROGRAM, "run", name, "--yes"]],
        "summary": [[PROGRAM, "report", name]],
        "cutover": [[PROGRAM, "cutover", name]],
        "cleanup": [[PROGRAM, "cleanup", name, "--list"], [PROGRAM, "cleanup", name, "--yes"]],
    }.get(page)
    if simple is not None:
        return "\n".join(said(words) for words in simple if words[1:] != ["set", name])
    lines = []
    if words := answers(session, page):
        lines.append(said([PROGRAM, "set", name, *words]))
    else:
        lines.append("# " + _("Nothing here differs from a new session."))
        lines.append(said([PROGRAM, "show", name]))
    if page == "route":
        from .routing import command

        lines.append("# " + _("Only to see the ways there are:"))
        lines.append(command(session))
    if page == "settings" and session.target.secret_options:
        lines.append("# " + _("Secret, so asked for and never an option: {names}").format(
            names=clean(listed(session.target.secret_options), limit=400)))  # fmt: skip
    if page == "entries" and session.entries.connections != "leave":
        lines.append("# " + _("Values of connections are read from standard input, never from an option:"))
        lines.append(said([PROGRAM, "secret", name, "connection:ID"]))
    return "\n".join(lines)


def cutover(
    session: Session, dags: Sequence[str] = (), half: int = 0, *, back: int = 0, ends: bool = False
) -> str:
    """The commands of the cut-over board: to see it, to hand `dags` over, to go on with batch `half` (`ends`: it is on
    its way back), to give batch `back` to the source.
    """
    words = [PROGRAM, "cutover", session.id]
    lines = [said(words)]
    lines += [said([*words, "--batch", names, "--yes"]) for names in _in_words(dags)]
    if not dags and not half:
        lines.append("# " + _("To hand DAGs over, pick them on the page, or name them: --batch DAG,DAG"))
    if half and not ends:
        lines.append(said([*words, "--go-on", str(half), "--yes"]))
    if back:
        # Behind a sign: who pastes all of it does not hand a batch over and another one back.
        order = said([*words, "--roll-back", str(back), "--yes"])
        lines.append("# " + _("To give batch {number} back:").format(number=back) + " " + order)
    return "\n".join(lines)


def _in_words(names: Sequence[str]) -> list[str]:
    """Names with commas between them, as many as one word of a command line takes."""
    found: list[str] = []
    for name in names:
        if found and len(found[-1].encode()) + len(name.encode()) < _LONGEST:
            found[-1] += f",{name}"
        else:
            found.append(name)
    return found


def cleanup(session: Session, picked: Sequence[str], usual: Sequence[str]) -> str:
    """The commands of the clean-up: to see what there is, to take away what is picked (`usual`: without any pick)."""
    words = [PROGRAM, "cleanup", session.id]
    lines = [said([*words, "--list"])]
    if set(picked) == set(usual):
        lines.append(said([*words, "--yes"]))
    elif picked:
        lines.append(said([*words, "--only", ",".join(picked), "--yes"]))
    return "\n".join(lines)


def _documents(session: Session) -> list[str]:
    """The names of the policies that apply to a session, as `policy --for` takes them."""
    from mwaa_wizard.errors import WizardError

    from . import engine_policies

    try:
        found = engine_policies.draft(session).found
    except WizardError:
        return ["help"]  # lists them, with what is missing
    return [piece.name for principal in found.principals for piece in principal.pieces]


def as_new(session: Session) -> str:
    """The one command that makes a session with the same answers."""
    from . import flow

    words = [PROGRAM, "new"]
    for page in flow.shown(session):
        words += answers(session, page)
    return said(words)
