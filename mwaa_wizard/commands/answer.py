"""`new`, `set` and `show`: a session's answers without a screen. Every option is made of a question's declaration."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from mwaa_wizard.i18n import _, sentence, sentences

if TYPE_CHECKING:
    from mwaa_wizard.front.question import Question
    from mwaa_wizard.session.model import Session

_VALUES = {"number": "NUMBER", "date": "YYYY-MM-DD", "several": "A,B,…", "lines": "A,B,…"}


class Answering(click.Command):
    """A command whose options are the questions: they are declared when its help or its arguments are read."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        from mwaa_wizard.front import questions

        own = super().get_params(ctx)
        return [*own[:-1], *(_option(question) for question in questions.all_questions()), own[-1]]


def _option(question: Question) -> click.Option:
    name = question.name.replace(".", "__")
    words = sentences((sentence(question.label), question.help))
    if question.kind == "yes-no":
        off = "--no-" + question.option.removeprefix("--")
        return click.Option([f"{question.option}/{off}", name], default=None, help=words)
    return click.Option([question.option, name], metavar=_VALUES.get(question.kind, "TEXT"), help=words)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in (
        click.option("--offline", is_flag=True, help=_("Do not ask AWS what follows from the answers (identity, "
                                                       "version, whether the name is free).")),
        click.option("--airflow-option", "options", multiple=True, metavar="SECTION.KEY=VALUE",
                     help=_("An Airflow option of the target; without a value it is left out.")),
        click.option("--setting", "settings", multiple=True, metavar="NAME=VALUE",
                     help=_("A setting of the target, as CreateEnvironment calls it, like MaxWorkers=5.")),
    ):  # fmt: skip
        command = decorate(command)
    return command


@click.command(
    cls=Answering,
    help=_("Make a session with these answers and print its id. What is not given has the wizard's own default."),
    short_help=_("Make a session from answers given as options."),
)
@_common
def new(offline: bool, settings: tuple[str, ...], options: tuple[str, ...], **given: Any) -> int:
    from mwaa_wizard.session.model import Session

    session = Session()
    _answer(session, _texts(given, settings, options), (), offline=offline)
    click.echo(session.id)
    return 0


@click.command(
    "set",
    cls=Answering,
    help=_("Answer questions of the saved session SESSION. Either all answers are taken, or none."),
    short_help=_("Answer questions of a saved session."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--reset", multiple=True, metavar="NAME", help=_("Take back the edit of a setting; all: of every one."))
@_common
def set_(
    session_id: str, offline: bool, settings: tuple[str, ...], options: tuple[str, ...], reset: tuple[str, ...],
    **given: Any,
) -> int:  # fmt: skip
    from mwaa_wizard.session import store

    session = store.load(session_id)
    with store.Lock(session.id):
        _answer(session, _texts(given, settings, options), reset, offline=offline)
    return 0


@click.command(
    help=_("Print every answer of the saved session SESSION: page, name and value."),
    short_help=_("Print the answers of a saved session."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
@click.option("--command", "as_command", is_flag=True,
              help=_("As the command that makes a session with the same answers."))  # fmt: skip
def show(session_id: str, as_json: bool, as_command: bool) -> int:
    from mwaa_wizard.front import command_line
    from mwaa_wizard.session import store
    from mwaa_wizard.text import clean, fit

    session = store.load(session_id)
    if as_command:
        click.echo(command_line.as_new(session))
        return 0
    rows = _rows(session)
    if as_json:
        click.echo(json.dumps([{"page": page, "name": name, "value": value} for page, name, value in rows], indent=2,
                              ensure_ascii=False))  # fmt: skip
        return 0
    for page, name, value in rows:
        click.echo(f"{fit(page, 9)}  {fit(name, 28)}  {clean(value, limit=2000)}".rstrip())
    return 0


def _texts(given: dict[str, Any], settings: tuple[str, ...], options: tuple[str, ...]) -> dict[str, str]:
    """Question name -> text, of everything that was given."""
    found = {}
    for name, value in given.items():
        if value is not None:
            found[name.replace("__", ".")] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    for start, pairs in (("settings", settings), ("options", options)):
        for pair in pairs:
            name, equals, value = pair.partition("=")
            if not equals or not name.strip():
                raise click.BadParameter(_("Write it as NAME=VALUE."), param_hint=f"--{start[:-1]}")
            found[f"{start}.{name.strip()}"] = value
    return found


def _answer(session: Session, texts: dict[str, str], reset: tuple[str, ...], *, offline: bool) -> None:
    """Write, save and tell where to go on. Raises WizardError, and then nothing is saved."""
    import sys

    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.front import answered, flow
    from mwaa_wizard.session import store

    if not offline:
        reach(session)
    try:
        problems = answered.answer_all(session, texts, reset=reset, offline=offline)
    except WizardError:
        raise
    except Exception as problem:  # every AWS failure becomes one plain message
        raise translate(problem) from problem
    if problems:
        raise answered.refused(problems)
    page, reasons = answered.where_to_go_on(session)
    session.page.name = page
    store.save(session)
    for reason in reasons:
        print(f"{flow.title_of(page)}: {reason}", file=sys.stderr)


def _rows(session: Session) -> list[tuple[str, str, str]]:
    from mwaa_wizard.front import flow, questions
    from mwaa_wizard.front.question import shown
    from mwaa_wizard.front.questions.settings import edited

    rows = []
    for page in flow.shown(session):
        rows += [(page, question.name, shown(question, session)) for question in questions.of_page(page, session)]
        if page == "settings":
            secret = {f"options.{key}" for key in session.target.secret_options}
            rows += [(page, name, _("(secret, not shown)") if name in secret else value)
                     for name, value in edited(session).items()]  # fmt: skip
    return rows
