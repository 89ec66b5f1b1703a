"""`serve`: the wizard in a browser of this machine."""

from __future__ import annotations

import asyncio
import sys

import click

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, language


@click.command(
    help=_("Open the wizard in a browser of this machine: on 127.0.0.1 only, with a one-time token in the address. "
           "Ctrl-C ends it and every wizard it opened."),
    short_help=_("The wizard in a browser of this machine."),
)  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=_("Port on 127.0.0.1; a free one by default."))
@click.pass_context
def serve(ctx: click.Context, port: int) -> int:
    try:
        from .server import serve as run
    except ModuleNotFoundError as problem:
        raise WizardError(
            what=_("The command {command} needs the package {package}.").format(command="serve", package=problem.name),
            changed=_("Nothing was changed."),
            remedy=_('Install the extra: pip install "mwaa-wizard[{extra}]"').format(extra="web"),
        ) from None

    def ready(url: str) -> None:
        click.echo(_("Open this address in a browser of this machine. It works once:"))
        click.echo(f"  {url}")
        click.echo(_("Ctrl-C ends the server and every wizard it opened; sessions are saved."))

    code = asyncio.run(run([sys.executable, "-m", "mwaa_wizard", *_passed_on(ctx)], port, ready))
    # Ended the way it says it ends is no failure.
    return 0 if code == 130 else code


def _passed_on(ctx: click.Context) -> list[str]:
    """The options in front of `serve`, for each wizard it opens; read-only goes on in the environment."""
    given = ctx.parent.params if ctx.parent else {}
    words = ["--lang", language()]
    for name, option in (
        ("profile", "--profile"), ("region", "--region"), ("session_id", "--session"), ("theme", "--theme"),
    ):  # fmt: skip
        if given.get(name):
            words += [option, str(given[name])]
    return words + (["--dry-run"] if given.get("dry_run") else [])
