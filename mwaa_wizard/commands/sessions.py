"""`sessions` lists what is saved; `locate` prints where everything lies."""

from __future__ import annotations

import json

import click

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean, fit


@click.command(help=_("List saved sessions, the newest first."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
def sessions(as_json: bool) -> int:
    listed = store.list_sessions()
    if as_json:
        rows = [
            {
                "id": item.id,
                "title": item.session.title() if item.session else "",
                "page": item.session.page.name if item.session else "",
                "state": item.session.last_result.state if item.session else "damaged",
                "step": item.session.last_result.step if item.session else "",
                "updated_at": item.session.updated_at.isoformat() if item.session else "",
                "problem": item.problem,
            }
            for item in listed
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    if not listed:
        click.echo(_("No saved sessions. Start one with: mwaa-wizard"))
    for item in listed:
        if item.session is None:
            click.echo(f"{item.id}  {clean(item.problem)}")
            continue
        state = item.session.last_result.state or item.session.page.name
        if item.session.last_result.step:
            state += f" ({item.session.last_result.step})"
        when = item.session.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{item.id}  {fit(clean(item.session.title()), 52)}  {fit(state, 24)}  {when}")
    return 0


@click.command(help=_("Print the folders the wizard uses."))
def locate() -> int:
    for name, folder in (
        ("sessions", paths.sessions_dir()),
        ("journals, reports", paths.state_dir() / "runs"),
        ("logs, crash files", paths.log_dir()),
        ("cache", paths.cache_dir()),
        ("sandbox", paths.sandbox_dir()),
    ):
        click.echo(f"{name:<18} {folder}")
    return 0


def newest_unfinished() -> Session:
    """The session `resume` goes on with. Raises WizardError where there is none."""
    for item in store.list_sessions():
        if item.session and item.session.last_result.state not in ("verified", "undone"):
            return item.session
    raise WizardError(
        what=_("There is no unfinished session."),
        changed=_("Nothing was changed."),
        remedy=_("Start one with: mwaa-wizard"),
        exit_code=EXIT_USAGE,
    )
