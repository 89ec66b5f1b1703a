"""`answers`: the file by which a saved session's choices can be played again."""

from __future__ import annotations

import click

from mwaa_wizard.i18n import _


@click.command(
    help=_(
        "Print the answers of SESSION as YAML, without a secret in it. Played again by: mwaa-wizard --answers FILE, "
        "with --plain as lines. With --start the file also starts the run, without anyone there."
    ),
    short_help=_("Print a session's answers as a file that can be played again."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--start", is_flag=True, help=_("The file starts the run and says yes to what it asks."))
def answers(session_id: str, start: bool) -> int:
    from mwaa_wizard.front.answers_of import to_yaml
    from mwaa_wizard.session import store

    click.echo(to_yaml(store.load(session_id), start=start), nl=False)
    return 0
