"""`mapping`: what becomes of each column between two Airflow versions; needs no AWS and no session."""

from __future__ import annotations

import click

from mwaa_wizard.i18n import _


@click.command(
    help=_(
        "Print what becomes of each column when the history of Airflow SOURCE goes into Airflow TARGET, for example: "
        "mwaa-wizard mapping 1.10.12 2.11.2"
    ),
    short_help=_("Print what becomes of each column between two versions."),
)
@click.argument("source")
@click.argument("target")
@click.option("--table", help=_("Only this table."))
@click.option("--all", "everything", is_flag=True, help=_("Plain copies, too."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON; holds everything."))
def mapping(source: str, target: str, table: str | None, everything: bool, as_json: bool) -> int:
    import shutil

    from mwaa_wizard.metadata.pairs import pair
    from mwaa_wizard.report import mapping_text
    from mwaa_wizard.report.mapping import build

    found = build(pair(source.strip(), target.strip()), table)
    if as_json:
        click.echo(mapping_text.to_json(found), nl=False)
        return 0
    columns = max(60, min(160, shutil.get_terminal_size((80, 24)).columns))
    click.echo(mapping_text.to_text(found, columns, everything=everything), nl=False)
    return 0
