"""`preflight`: every check on both sides, before anything is changed, without a screen."""

from __future__ import annotations

import dataclasses
import json
import threading

import click

from mwaa_wizard.i18n import _


@click.command(
    help=_("Check both sides of a session before anything is changed. Exit code 0: nothing stands in the way."),
    short_help=_("Check both sides before anything is changed."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--json", "as_json", is_flag=True, help=_("Output as JSON, one object a line."))
def preflight(session_id: str, as_json: bool) -> int:
    from mwaa_wizard.commands.console import errors_as_json
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.front import engine_preflight, preflight_text
    from mwaa_wizard.session import store
    from mwaa_wizard.session.complete import require_complete

    with errors_as_json(as_json):
        session = store.load(session_id)
        require_complete(session)
        reach(session)

        def tell(row: engine_preflight.Row) -> None:
            if as_json:
                click.echo(json.dumps({"event": "Finding", **dataclasses.asdict(row)}, ensure_ascii=False))
            else:
                click.echo(preflight_text.line(row))

        result = engine_preflight.look(session, tell, threading.Event())
    counts = {verdict: result.count(verdict) for verdict in ("pass", "warn", "fail")}
    if as_json:
        click.echo(json.dumps({"event": "Preflight", "at": result.at.isoformat(), **counts}))
    else:
        click.echo(preflight_text.closing(counts["warn"], counts["fail"]))
    return 1 if counts["fail"] else 0

