"""`about`: version, paths and terminal, for whoever helps."""

from __future__ import annotations

import json

import click

from mwaa_wizard.front.about import facts
from mwaa_wizard.i18n import _
from mwaa_wizard.text import fit


@click.command(help=_("Version, paths and terminal facts, for whoever helps."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
def about(as_json: bool) -> int:
    lines = facts()
    if as_json:
        click.echo(json.dumps(dict(lines), indent=2, ensure_ascii=False))
    else:
        for name, value in lines:
            click.echo(f"{fit(name, 20)} {value}")
    return 0
