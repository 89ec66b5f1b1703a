"""`cleanup`: what of ours is still in both environments, and taking it away, without a screen."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from mwaa_wizard.i18n import _, listed, ngettext

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_cleanup import Found


@click.command(
    help=_("Show what of the wizard's own is still in both environments, and take it away. The source and the target "
           "themselves are never touched; to take the migration itself back there is undo."),
    short_help=_("Take away what the migration left behind."),
)  # fmt: skip
@click.argument("session_id", metavar="SESSION")
@click.option("--list", "only_list", is_flag=True, help=_("Only show it."))
@click.option("--bundle/--keep-bundle", "bundle", default=None,
              help=_("Delete the migration bucket too, or keep it (by default as the session says)."))  # fmt: skip
@click.option("--only", metavar="A,B,…", help=_("Take away only these, by the ids that --list --json tells."))
@click.option("--yes", is_flag=True, help=_("Do not ask; needed where there is no terminal, and with --json."))
@click.option("--json", "as_json", is_flag=True, help=_("Output as JSON, one object a line."))
def cleanup(
    session_id: str, only_list: bool, bundle: bool | None, only: str | None, yes: bool, as_json: bool
) -> int:  # fmt: skip
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.carry_out import carry_out
    from mwaa_wizard.commands.console import errors_as_json
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.errors import EXIT_USAGE, WizardError
    from mwaa_wizard.execution.belongings.take_away import TakeAway
    from mwaa_wizard.front import engine_cleanup
    from mwaa_wizard.session import store

    with errors_as_json(as_json):
        session = store.load(session_id)
        reach(session)
        try:
            found = engine_cleanup.found(session)
        except Exception as problem:  # every AWS failure becomes one plain message
            raise translate(problem) from problem
        ids = engine_cleanup.chosen(session, found.things, bundle) if only is None else _named(found, only)
        show(found, ids, as_json=as_json)
        if only_list or not ids:
            return 0
        if found.obstacle:
            raise WizardError(what=found.obstacle, changed=_("Nothing was changed."), exit_code=EXIT_USAGE)
        question = ngettext("Take {n} thing away?", "Take {n} things away?", len(ids)).format(n=len(ids))
        return carry_out(session, TakeAway(ids), question, yes=yes, as_json=as_json, show=False)


def _named(found: Found, only: str) -> list[str]:
    """The things of these ids that are there, in the order in which they go. Raises WizardError (usage)."""
    from mwaa_wizard.errors import EXIT_USAGE, WizardError

    wanted = {part.strip() for part in only.split(",") if part.strip()}
    known = [one.id for one in found.things]
    if strange := sorted(wanted.difference(known)):
        raise WizardError(
            what=_("There is no {key}.").format(key=listed(strange)) + " "
            + _("There are: {names}.").format(names=listed(known) or _("(nothing)")),
            changed=_("Nothing was changed."),
            exit_code=EXIT_USAGE,
        )  # fmt: skip
    return [one.id for one in found.things if one.id in wanted and one.there]


def show(found: Found, ids: list[str], *, as_json: bool) -> None:
    """Print what is there, and what stays."""
    from mwaa_wizard.front import cleanup_text

    if as_json:
        for one in found.things:
            row = {"event": "Belonging", **dataclasses.asdict(one), "chosen": one.id in ids}
            click.echo(json.dumps(row, ensure_ascii=False))
        for stays in found.stays:
            click.echo(json.dumps({"event": "Kept", **dataclasses.asdict(stays)}, ensure_ascii=False))
        click.echo(json.dumps({"event": "CleanUp", "there": len(found.there), "obstacle": found.obstacle}))
        return
    for text in cleanup_text.lines(found, ids):
        click.echo(text)
