"""`support`: one file with what explains a run, secrets taken out, to look at and to send by hand."""

from __future__ import annotations

import click

from mwaa_wizard.i18n import _


@click.command(
    help=_("Write a support bundle of a session: redacted session, journal, logs, versions. Nothing is uploaded."),
    short_help=_("Write a support bundle; nothing is uploaded."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--output", metavar="FILE", default="", help=_("Where to write it (default: the exports folder)."))
@click.option("--mask-accounts", is_flag=True, help=_("Mask account numbers, user names and mail addresses, too."))
@click.option("--list", "only_list", is_flag=True, help=_("Only list what would be in it."))
@click.option("--yes", is_flag=True, help=_("Do not ask; needed where there is no terminal."))
def support(session_id: str, output: str, mask_accounts: bool, only_list: bool, yes: bool) -> int:
    from mwaa_wizard.commands.confirm import confirm
    from mwaa_wizard.front import support as bundle
    from mwaa_wizard.session import store

    session = store.load(session_id)
    click.echo(_("A support bundle of {title} holds:").format(title=session.title()))
    for line in bundle.listed(session):
        click.echo(f"  {line}")
    if only_list:
        return 0
    if not yes:
        confirm(_("Write it to one file on this machine? Nothing is uploaded."))
    where = bundle.write(session, output, mask_accounts=mask_accounts)
    click.echo(_("Written: {path}").format(path=where))
    click.echo(_("Nothing was sent anywhere. Look into it before you send it."))
    return 0
