"""`secret`: gives a session a value that no API gives, from standard input or a prompt; never from an argument."""

from __future__ import annotations

import sys

import click

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _

PREFIX = "connection:"


@click.command(
    help=_(
        "Give SESSION a value that no API gives: NAME is connection:ID. The value is read from standard input, or "
        "asked for without echo: the connection's password, or all of it as JSON or as URI. It goes to keyring, or "
        "with --now to the target's Secrets Manager at once. Without NAME: what each connection needs."
    ),
    short_help=_("Give a session the value of a connection."),
)
@click.argument("session_id", metavar="SESSION")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--now", is_flag=True, help=_("Write the secret now, for machines without a keyring."))
@click.option("--forget", is_flag=True, help=_("Take the value out of keyring again."))
def secret(session_id: str, name: str | None, now: bool, forget: bool) -> int:
    from mwaa_wizard.entries import survey
    from mwaa_wizard.session import store

    session = store.load(session_id)
    if name is None:
        return _list(session_id)
    conn_id = _connection(name)
    if forget:
        survey.take_back(session, conn_id)
        click.echo(_("Forgotten: {name}").format(name=name))
        return 0
    text = _read(name)
    kept = survey.give(session, conn_id, text)
    if now:
        _write(session_id, conn_id)
    elif not kept:
        raise WizardError(
            what=_("This machine has no keyring that keeps values encrypted, so nothing was kept."),
            changed=_("Nothing was changed."),
            remedy=_("Add --now to write the secret to the target's Secrets Manager at once."),
            exit_code=EXIT_USAGE,
        )
    else:
        click.echo(_("Kept in keyring: {name}").format(name=name))
    return 0


def _list(session_id: str) -> int:
    """One line a connection: its state and why."""
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.entries import work
    from mwaa_wizard.execution.context import Context
    from mwaa_wizard.execution.journal import Journal
    from mwaa_wizard.session import store
    from mwaa_wizard.text import clean, fit

    session = store.load(session_id)
    reach(session)
    context = Context(session=session, clients=session.clients(), journal=Journal.of(session.id), emit=_silent)
    try:
        states = work.connection_states(context)
    except Exception as problem:  # every AWS failure becomes one plain message
        raise translate(problem) from problem
    for one in states:
        click.echo(f"{one.state:<10}  {fit(clean(one.conn_id), 32)}  {clean(one.why)}".rstrip())
    if not states:
        click.echo(_("The source has no connections that can be listed."))
    return 0


def _silent(event: object) -> None:
    """Nobody follows a look-up of a second."""


def _connection(name: str) -> str:
    conn_id = name.removeprefix(PREFIX)
    if not name.startswith(PREFIX) or not conn_id:
        raise WizardError(
            what=_("“{name}” is not the name of a value.").format(name=name[:80]),
            changed=_("Nothing was changed."),
            remedy=_("Write connection:ID, for example connection:warehouse."),
            exit_code=EXIT_USAGE,
        )
    return conn_id


def _read(name: str) -> str:
    """All of standard input but one newline at its end; a terminal is asked without echo."""
    if sys.stdin.isatty():
        return str(click.prompt(name, hide_input=True, default="", show_default=False))
    try:
        text = sys.stdin.read().removesuffix("\n")
        text.encode("utf-8")  # with the locale C bytes that are no text come in as halves of characters
    except UnicodeError:
        raise WizardError(
            what=_("Standard input is no text in the encoding {encoding}.").format(encoding=sys.stdin.encoding),
            changed=_("Nothing was changed."),
            remedy=_("Give it in that encoding, or set LANG to a UTF-8 locale."),
            exit_code=EXIT_USAGE,
        ) from None
    return text


def _write(session_id: str, conn_id: str) -> None:
    """Write the one secret, under the session's lock and into its journal, so that an undo finds it."""
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.console import Console
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.execution.plan import plan_for
    from mwaa_wizard.execution.runner import Runner
    from mwaa_wizard.execution.steps.connections import write_one
    from mwaa_wizard.session import store

    session = store.load(session_id)
    reach(session)
    with store.Lock(session.id):
        runner = Runner(session, plan_for(session), Console(as_json=False))
        runner.context.step = "connections"
        try:
            name = write_one(runner.context, conn_id)
        except Exception as problem:  # every AWS failure becomes one plain message
            raise translate(problem) from problem
    click.echo(_("Written: {name}").format(name=name))
