"""`demo`: the sandbox with two real Airflows, and the wizard pointed at it."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from mwaa_wizard.errors import EXIT_RESUMABLE
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, human_time

if TYPE_CHECKING:
    from mwaa_wizard.sandbox.demo import DemoInfo
    from mwaa_wizard.session.model import Session

TARGET_NAME = "analytics-v2"


@click.command(
    help=_("Try it all: a local AWS, a real Airflow with history, and the wizard. No AWS account needed."),
    short_help=_("Try it all in a sandbox, without an AWS account."),
)
@click.option("--headless", is_flag=True, help=_("No screen: migrate, print the verification, exit 0 if equal."))
@click.option("--keep", is_flag=True, help=_("Leave the sandbox running afterwards."))
@click.pass_context
def demo(ctx: click.Context, headless: bool, keep: bool) -> int:
    if headless:
        return _headless(keep)
    from mwaa_wizard.commands.terminal import require_terminal, wants_plain

    plain = bool(ctx.parent and ctx.parent.params.get("plain"))
    if not plain and not wants_plain():
        require_terminal()
    info = begin()
    code = int(ctx.obj(page="start", profile=info.profile, region=info.region))
    _offer_end(keep, goes_on=code == EXIT_RESUMABLE)
    return code


def begin() -> DemoInfo:
    """Start (or find) the sandbox, point this process at it, and say so."""
    from mwaa_wizard.sandbox.demo import start_demo

    started = time.monotonic()

    def say(line: str) -> None:
        print(f"  {human_time(time.monotonic() - started):>5}  {clean(line)}", flush=True)

    print(_("Starting the sandbox: a local AWS and a real Airflow (the first time installs it, a few minutes)."))
    info = start_demo(say)
    os.environ.update(info.environ)
    return info


def _headless(keep: bool) -> int:
    from mwaa_wizard.commands.run import run_session
    from mwaa_wizard.sandbox import control

    keep = keep or control.status().running  # somebody else's sandbox is not ours to end
    try:
        info = begin()
        session = session_for(info)
        print(_("Session {id}: {title}").format(id=session.id, title=session.title()))
        return run_session(session, yes=True)
    finally:
        if keep:
            print(_("The sandbox goes on. End it with: mwaa-wizard sandbox down"))
        else:
            control.down()


def session_for(info: DemoInfo) -> Session:
    """The session a person would make on the common path through the wizard."""
    from mwaa_wizard.session import store
    from mwaa_wizard.session.model import Connection, Session, Source, Target

    session = Session(
        source=Source(
            connection=Connection(profile=info.profile, region=info.region),
            environment=info.source_name,
            airflow_version=info.source_version,
        ),
        target=Target(
            connection=Connection(profile=info.profile, region=info.region),
            environment=TARGET_NAME,
            airflow_version=info.target_version,
        ),
    )
    store.save(session)
    return session


def _offer_end(keep: bool, *, goes_on: bool) -> None:
    """Ask whether the sandbox is to end. `goes_on`: a migration was left that can be resumed, but not without it."""
    from mwaa_wizard.commands.terminal import has_terminal
    from mwaa_wizard.sandbox import control

    if not keep and has_terminal():
        from mwaa_wizard.commands.confirm import yes

        try:
            question = _("End the sandbox now?")
            if goes_on:
                question = _("End the sandbox now? The migration that you left cannot be resumed without it.")
            end = yes(question, default=not goes_on)
        except (KeyboardInterrupt, EOFError):
            end = False
        if end:
            control.down()
            return
    print(_("The sandbox goes on. End it with: mwaa-wizard sandbox down"), file=sys.stderr)
