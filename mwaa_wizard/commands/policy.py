"""`policy`: the IAM JSON of a session, byte for byte what the wizard shows and copies."""

from __future__ import annotations

import sys
from typing import Literal

import click

from mwaa_wizard.i18n import _


@click.command(help=_("Print an IAM policy of a session, to paste elsewhere."))
@click.argument("session_id", metavar="SESSION")
@click.option(
    "--for",
    "which",
    type=click.Choice(["source-role", "target-role"]),
    required=True,
    help=_("Whose policy."),
)
def policy(session_id: str, which: Literal["source-role", "target-role"]) -> int:
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.reach import reach
    from mwaa_wizard.policies.build import for_session
    from mwaa_wizard.policies.render import to_json
    from mwaa_wizard.session import store

    session = store.load(session_id)
    reach(session)
    try:
        document = for_session(session, which, session.clients())
    except Exception as problem:  # every AWS failure becomes one plain message
        raise translate(problem) from problem
    sys.stdout.write(to_json(document))
    return 0
