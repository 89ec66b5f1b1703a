"""`report`: what a session's run did and found, from its journal; needs no AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

FORMATS = ("text", "markdown", "html", "json")


@click.command(help=_("Print the report of a session's run."))
@click.argument("session_id", metavar="SESSION")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def report(session_id: str, form: str) -> int:
    from mwaa_wizard.session import store

    print_report(store.load(session_id), form)
    return 0


def print_report(session: Session, form: str) -> None:
    """Print the report in one of FORMATS."""
    from mwaa_wizard.report.build import build
    from mwaa_wizard.report.render import to_html, to_json, to_markdown, to_text

    made = build(session)
    text = {
        "text": to_text,
        "markdown": to_markdown,
        "html": to_html,
        "json": to_json,
    }[form](made)
    click.echo(text)
