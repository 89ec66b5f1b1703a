"""`template`: what the wizard would create for a session, as code; asks AWS only where the source is not saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mwaa_wizard.i18n import _, listed

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.templates.model import Blueprint

FORMATS = ("cloudformation", "terraform", "cli")


@click.command(
    help=_("Print what the wizard would create for a session, as code: bucket, role, security group, environment."),
    short_help=_("Print what a session would create, as code."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--format", "form", type=click.Choice(FORMATS), default="cloudformation", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help=_("Write it to this file."))
@click.option("--new-security-group", "new_group", is_flag=True, help=_("Make a security group, too."))
def template(session_id: str, form: str, output: Path | None, new_group: bool) -> int:
    from mwaa_wizard.session import store
    from mwaa_wizard.templates.blueprint import blueprint

    session = store.load(session_id)
    plan = blueprint(session, _source(session), new_group=new_group)
    text, notes = _written(plan, session, form)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
        notes = [_("Written to {file}.").format(file=output), *notes]
    for line in notes:
        click.echo(line, err=True)
    return 0


def _written(plan: Blueprint, session: Session, form: str) -> tuple[str, list[str]]:
    """The text, and what stands beside it on standard error."""
    if form == "cli":
        from mwaa_wizard.templates.cli_input import to_cli

        made = to_cli(plan, session)
        return made.text, made.notes
    # What is to be given stands in the text's first lines.
    notes = [_("To be given when it is deployed: {names}").format(names=listed(
        line.partition(":")[0] for line in plan.open))] if plan.open else []  # fmt: skip
    if form == "terraform":
        from mwaa_wizard.templates.terraform import to_terraform

        return to_terraform(plan), notes
    from mwaa_wizard.templates.cloudformation import to_cloudformation

    return to_cloudformation(plan), notes


def _source(session: Session) -> dict[str, Any]:
    """The kept copy of the source, or what AWS answers where there is none.

    Raises WizardError that says what is missing where neither is to be had.
    """
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.environments import lookups
    from mwaa_wizard.errors import EXIT_USAGE, WizardError
    from mwaa_wizard.policies.build import kept_source
    from mwaa_wizard.session.complete import missing

    kept = kept_source(session)
    if kept:
        return kept
    lacking = [name for name in missing(session) if name.startswith("source.")]
    why = _("the session has no {names}").format(names=listed(lacking))
    if not lacking:
        try:
            reach(session)
            return lookups.environment(session.clients(), "source", session.source.environment)
        except WizardError as problem:
            why = problem.what
    raise WizardError(
        what=_("The settings of the source are missing: they are not saved, and AWS could not be asked."),
        where=why,
        changed=_("Nothing was changed."),
        remedy=_("Make the source reachable (profile, region, login), or run the session as far as its first step: "
                 "mwaa-wizard run {id}").format(id=session.id),
        exit_code=EXIT_USAGE,
    )  # fmt: skip
