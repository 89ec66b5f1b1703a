"""`run`, `resume` and `undo`: the whole plan without a screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from mwaa_wizard.commands.reach import reach
from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, listed

if TYPE_CHECKING:
    from mwaa_wizard.execution.runner import Outcome, Runner
    from mwaa_wizard.session.model import Session


def _steps(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose among the plan's steps."""
    for decorate in (
        click.option("--take-in", multiple=True, metavar="STEP", help=_("Do a step again that was left out.")),
        click.option("--leave-out", multiple=True, metavar="STEP",
                     help=_("Do without a step, where the plan allows it (task logs: logs).")),
    ):  # fmt: skip
        command = decorate(command)
    return command


@click.command(help=_("Run a saved session's plan. Without --yes it asks first."))
@click.argument("session_id", metavar="SESSION")
@_steps
@click.option("--dry-run", is_flag=True, help=_("Print what each step would do, and do nothing; needs no AWS."))
@click.option("--yes", is_flag=True, help=_("Do not ask; needed where there is no terminal, and with --json."))
@click.option("--json", "as_json", is_flag=True, help=_("Events as JSON, one a line."))
def run(
    session_id: str, dry_run: bool, yes: bool, as_json: bool, leave_out: tuple[str, ...], take_in: tuple[str, ...]
) -> int:  # fmt: skip
    from mwaa_wizard.commands.console import errors_as_json
    from mwaa_wizard.session import store

    with errors_as_json(as_json):
        session, chosen = store.load(session_id), (leave_out, take_in)
        return run_session(session, dry_run=dry_run, yes=yes, as_json=as_json, chosen=chosen)


@click.command(
    help=_("Go on where a session stopped (the newest unfinished one by default)."),
    short_help=_("Go on where a session stopped."),
)
@click.argument("session_id", metavar="[SESSION]", required=False)
@_steps
@click.option("--headless", is_flag=True, help=_("No screen: print plain lines."))
@click.option("--json", "as_json", is_flag=True, help=_("No screen: events as JSON, one a line."))
@click.pass_context
def resume(
    ctx: click.Context, session_id: str | None, headless: bool, as_json: bool,
    leave_out: tuple[str, ...], take_in: tuple[str, ...],
) -> int:  # fmt: skip
    from mwaa_wizard.commands.console import errors_as_json
    from mwaa_wizard.commands.sessions import newest_unfinished
    from mwaa_wizard.commands.terminal import has_terminal
    from mwaa_wizard.session import store

    with errors_as_json(as_json):
        session = store.load(session_id) if session_id is not None else newest_unfinished()
        _check(session, leave_out, take_in)
        if headless or as_json or not has_terminal():
            if not session.last_result.state:
                raise WizardError(
                    what=_("Session {id} was never run; resume goes on only with what was confirmed.").format(
                        id=session.id
                    ),
                    changed=_("Nothing was changed."),
                    remedy=_("Run it with: mwaa-wizard run {id}").format(id=session.id),
                    exit_code=EXIT_USAGE,
                )
            return run_session(session, yes=True, as_json=as_json, chosen=(leave_out, take_in))
        with store.Lock(session.id):
            _note(session, leave_out, take_in)
        reach(session)
    code = ctx.obj(page="session", session_id=session.id, go_on=bool(session.last_result.state))
    return int(code)


@click.command(help=_("Undo everything the journal says a session made or changed."))
@click.argument("session_id", metavar="SESSION")
@click.option("--yes", is_flag=True, help=_("Do not ask; needed where there is no terminal, and with --json."))
@click.option("--json", "as_json", is_flag=True, help=_("Events as JSON, one a line."))
def undo(session_id: str, yes: bool, as_json: bool) -> int:
    from mwaa_wizard.commands.confirm import confirm
    from mwaa_wizard.commands.console import Console, errors_as_json
    from mwaa_wizard.commands.signals import stop_on_signals
    from mwaa_wizard.session import store

    with errors_as_json(as_json):
        session = store.load(session_id)
        reach(session)
        with store.Lock(session.id):
            console = Console(as_json=as_json)
            runner = _runner(session, console)
            if not yes:
                question = _("Undo all of {title}?").format(title=session.title())
                if runner.journal.live("environment"):
                    question += " " + _("The target environment made by it is deleted.")
                if runner.journal.live("airflow-version") and not runner.journal.live("environment"):
                    question += " " + _("The environment goes back to the version before, where MWAA does that.")
                confirm(question, as_json=as_json)
            console.on_gone = runner.stop
            with stop_on_signals(runner):
                outcome = runner.undo()
            _remember(session, "undone" if outcome.finished else "failed", outcome.failed_step)
    if not outcome.finished:
        print(_("Go on with: mwaa-wizard undo {id}").format(id=session.id), file=sys.stderr)
    if console.gone:
        raise console.gone
    return EXIT_DONE if outcome.finished else EXIT_RESUMABLE if outcome.stopped else EXIT_FAILED


def _check(session: Session, leave_out: Sequence[str], take_in: Sequence[str]) -> None:
    """Raise WizardError (usage) where the plan has no such step, or needs it."""
    from mwaa_wizard.execution.plan import plan_for
    from mwaa_wizard.front import step_facts

    known = [step.id for step in plan_for(session)] if leave_out or take_in else []
    for step in (*leave_out, *take_in):
        if step not in known:
            raise _usage(_("The plan has no step {step}. It has: {steps}.").format(step=step, steps=listed(known)))
    if take_in and (late := step_facts.too_late(session)):
        raise _usage(late)
    for step in leave_out:
        if not step_facts.skippable(session, step):
            raise _usage(_("The plan does not do without step {step}.").format(step=step))


def _note(session: Session, leave_out: Sequence[str], take_in: Sequence[str]) -> None:
    """Note in the journal which steps the user does without, and which are done again."""
    from mwaa_wizard.front import step_facts

    for steps, out in ((leave_out, True), (take_in, False)):
        for step in steps:
            step_facts.leave_out(session, step, out=out)


def _usage(what: str) -> WizardError:
    return WizardError(what=what, changed=_("Nothing was changed."), exit_code=EXIT_USAGE)


def run_session(
    session: Session, *, dry_run: bool = False, yes: bool = False, as_json: bool = False, quiet: bool = False,
    chosen: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> int:  # fmt: skip
    """Run a session's plan in this terminal and return the exit code; 0 only if verification found no difference.
    `chosen`: the steps that are left out from now on, and those that are taken in again.

    Raises WizardError before anything is done where the session is not complete, open elsewhere, or not confirmed;
    OSError after a safe stop where standard output is gone.
    """
    from mwaa_wizard.commands.confirm import ask, confirm
    from mwaa_wizard.commands.console import Console
    from mwaa_wizard.commands.report import print_report
    from mwaa_wizard.commands.signals import stop_on_signals
    from mwaa_wizard.session import store
    from mwaa_wizard.session.complete import require_complete

    require_complete(session)
    _check(session, *chosen)
    console = Console(as_json=as_json, quiet=quiet)
    if dry_run:
        _runner(session, console).run(dry_run=True)
        return EXIT_DONE
    reach(session)
    with store.Lock(session.id):
        runner = _runner(session, console)
        if not yes:
            if not as_json:
                for step in runner.steps:
                    print(f"  {step.title}")
                    for line in step.describe(session):
                        print(f"    - {line}")
            confirm(_("Run this plan for {title}?").format(title=session.title()), as_json=as_json)
            runner.context.ask = ask
        _note(session, *chosen)
        _remember(session, "running")
        console.on_gone = runner.stop
        with stop_on_signals(runner):
            outcome = runner.run()
        code = _conclude(session, outcome)
    if not outcome.finished:
        print(_("Go on with: mwaa-wizard resume {id}").format(id=session.id), file=sys.stderr)
        _say_skippable(session, outcome)
    if console.gone:
        raise console.gone
    if outcome.finished and not as_json:
        print_report(session, "text")
    return code


def _say_skippable(session: Session, outcome: Outcome) -> None:
    """Where the plan does without the failed step: the command that leaves it out, and what is missed then."""
    from mwaa_wizard.front import step_facts

    missed = "" if outcome.stopped else step_facts.skippable(session, outcome.failed_step)
    if missed:
        words = _("Or without it: mwaa-wizard resume {id} --leave-out {step}  ({missed})")
        print(words.format(id=session.id, step=outcome.failed_step, missed=missed), file=sys.stderr)


def _conclude(session: Session, outcome: Outcome) -> int:
    from mwaa_wizard.report.build import verified

    if outcome.stopped:
        _remember(session, "stopped", outcome.failed_step)
        return EXIT_RESUMABLE
    if not outcome.finished:
        _remember(session, "failed", outcome.failed_step)
        return outcome.error.exit_code if outcome.error else EXIT_FAILED
    same = verified(session)
    _remember(session, "verified" if same else "differs")
    return EXIT_DONE if same else EXIT_FAILED


def _remember(session: Session, state: str, step: str = "") -> None:
    """Note how the run ended for the list of sessions. The journal is the truth: a full disk must not hide an end."""
    import datetime as dt

    from mwaa_wizard.session import store
    from mwaa_wizard.session.model import LastResult

    session.last_result = LastResult.model_validate(
        {"state": state, "step": step, "at": dt.datetime.now(dt.UTC).replace(microsecond=0)}
    )
    try:
        store.save(session)
    except OSError as problem:
        if state == "running":
            raise  # nothing was done yet
        print(_("The session could not be saved: {why}").format(why=problem), file=sys.stderr)


def _runner(session: Session, listener: object) -> Runner:
    from mwaa_wizard.execution.plan import plan_for
    from mwaa_wizard.execution.runner import Runner

    return Runner(session, plan_for(session), listener)  # type: ignore[arg-type]
