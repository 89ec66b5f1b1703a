"""`sessions` lists what is saved and keeps it in order; `locate` prints where everything lies."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.front.about import places
from mwaa_wizard.i18n import _
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean, fit


@click.group(
    invoke_without_command=True,
    help=_("List saved sessions, the newest first; rename, duplicate, export, delete them."),
    short_help=_("List saved sessions, the newest first."),
)
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
@click.option("--deleted", is_flag=True, help=_("List those that were deleted and can be brought back."))
@click.option("--undelete", metavar="ID", help=_("Bring a deleted session back."))
@click.pass_context
def sessions(ctx: click.Context, as_json: bool, deleted: bool, undelete: str | None) -> int:
    if ctx.invoked_subcommand is not None:
        return 0
    if undelete:
        return _undelete(undelete)
    if deleted:
        return _list_deleted(as_json)
    return _list(as_json)


def _list(as_json: bool) -> int:
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
        click.echo(f"{item.id}  {fit(clean(item.session.title()), 52)}  {fit(clean(state), 24)}  {when}")
    return 0


def _list_deleted(as_json: bool) -> int:
    rows = store.deleted()
    if as_json:
        told = [{"id": name, "deleted_at": when.isoformat(), "title": title} for name, when, title in rows]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    if not rows:
        click.echo(_("No deleted sessions."))
    for name, when, title in rows:
        click.echo(f"{name}  {fit(clean(title), 52)}  {when.astimezone().strftime('%Y-%m-%d %H:%M')}")
    return 0


def _undelete(session_id: str) -> int:
    session = store.undelete(session_id)
    title = clean(session.title()) if session else session_id
    click.echo(_("Back in the list: {title}").format(title=title))
    return 0


@sessions.command("undelete", help=_("Bring a deleted session back."))
@click.argument("session_id", metavar="SESSION")
def undelete(session_id: str) -> int:
    return _undelete(session_id)


@sessions.command("rename", help=_("Give a session a name; an empty one goes back to source → target."))
@click.argument("session_id", metavar="SESSION")
@click.argument("name")
def rename(session_id: str, name: str) -> int:
    session = store.rename(session_id, name)
    click.echo(_("{id} is called: {title}").format(id=session.id, title=clean(session.title())))
    return 0


@sessions.command("duplicate", help=_("A new session with the same choices and nothing run yet; prints its id."))
@click.argument("session_id", metavar="SESSION")
def duplicate(session_id: str) -> int:
    from mwaa_wizard.session import copying

    click.echo(copying.duplicate(store.load(session_id)).id)
    return 0


@sessions.command("export", help=_("Write a session to a file for others: without account numbers and secrets."))
@click.argument("session_id", metavar="SESSION")
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), help=_("Where to; “-” prints it."))
def export(session_id: str, path: Path | None) -> int:
    from mwaa_wizard.session import export as exporting

    session = store.load(session_id)
    if str(path) == "-":
        click.echo(json.dumps(exporting.redacted(session), indent=2, ensure_ascii=False))
        return 0
    click.echo(_("Written, without account numbers and secrets: {path}").format(path=exporting.write(session, path)))
    return 0


@sessions.command("delete", help=_("Delete a session's choices; the journal stays, and so does what was made in AWS."))
@click.argument("session_id", metavar="SESSION")
def delete(session_id: str) -> int:
    if not store.path_of(session_id).exists():
        store.load(session_id)  # says that there is none
    with store.Lock(session_id):
        store.delete(session_id)
    click.echo(
        _("Deleted. For {days} days it comes back with: mwaa-wizard sessions undelete {id}").format(
            days=store.KEPT.days, id=session_id
        )
    )
    return 0


@click.command(help=_("Print the folders the wizard uses."))
def locate() -> int:
    for name, folder in places():
        click.echo(f"{fit(name, 18)} {folder}")
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
