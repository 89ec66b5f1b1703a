"""`routes`: every way from one Airflow version to another; needs no AWS and no session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.environments.routes.model import Asset


@click.command(
    help=_(
        "Print every way from an Airflow SOURCE to MWAA with TARGET: what survives, time, cost, and why others are "
        "blocked. For example: mwaa-wizard routes 1.10.12 3.3.1 --keep history,logs"
    ),
    short_help=_("Print every way from one version to another."),
)
@click.argument("source")
@click.argument("target")
@click.option("--keep", default="", help=_("What must be kept, with commas: history, logs, name, url."))
@click.option("--self-managed", is_flag=True, help=_("The source is not an MWAA environment."))
@click.option("--elsewhere", is_flag=True, help=_("The target has another account, region, VPC or KMS key."))
@click.option("--region", default="us-east-1", show_default=True, help=_("The target's region, for its prices."))
@click.option("--class", "environment_class", default="mw1.small", show_default=True, help=_("Of the new environment."))
@click.option("--source-class", default="", help=_("Of the source, for the cost; the same where it is not given."))
@click.option("--hours", type=click.FloatRange(min=0, max=8760), help=_("How long both run; for the cost."))
@click.option("--other", is_flag=True, help=_("Take versions that are not in the tables, with a warning."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
def routes(
    source: str,
    target: str,
    keep: str,
    self_managed: bool,
    elsewhere: bool,
    region: str,
    environment_class: str,
    source_class: str,
    hours: float | None,
    other: bool,
    as_json: bool,
) -> int:
    import shutil

    from mwaa_wizard.environments.routes import Request, plan, render

    found = plan(
        Request(
            source=source.strip(),
            target=target.strip(),
            self_managed=self_managed,
            elsewhere=elsewhere,
            keep=_wishes(keep),
            region=region.strip(),
            source_class=source_class.strip() or environment_class.strip(),
            target_class=environment_class.strip(),
            hours=hours,
            listed_only=not other,
        )
    )
    if as_json:
        click.echo(render.to_json(found), nl=False)
        return 0
    columns = max(60, min(160, shutil.get_terminal_size((80, 24)).columns))
    click.echo(render.to_text(found, columns), nl=False)
    return 0


def _wishes(text: str) -> frozenset[Asset]:
    """The names in `--keep`. Raises WizardError (usage) for one that cannot be wished for."""
    from mwaa_wizard.environments.routes import KEEPABLE
    from mwaa_wizard.errors import EXIT_USAGE, WizardError
    from mwaa_wizard.text import clean

    given = [part.strip().lower() for part in text.split(",") if part.strip()]
    wrong = [part for part in given if part not in KEEPABLE]
    if wrong:
        raise WizardError(
            what=_("--keep knows no {name}.").format(name=clean(wrong[0], limit=40)),
            changed=_("Nothing was changed."),
            remedy=_("Give some of {names}, with commas.").format(names=", ".join(KEEPABLE)),
            exit_code=EXIT_USAGE,
        )
    return frozenset(asset for asset in KEEPABLE if asset in given)
