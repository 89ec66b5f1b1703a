"""An environment's DAGs at rest: all paused, what still runs waited for, the states noted, and put back.

Source: MWAA user guide upgrading-environment: tasks that run while the version changes are killed.
"""

from __future__ import annotations

from mwaa_wizard.airflow import totals
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.errors import translate
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution import pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import jumps, updates
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean

SHOWN = 5  # running tasks that are named


def running(ctx: Context) -> list[totals.BusyTask] | None:
    """Task instances that a jump would kill; None where Airflow does not say."""
    try:
        return totals.busy(sides.api(ctx, "target"))
    except RestUnavailable as problem:
        ctx.log(_("What runs now is not known: {why}").format(why=clean(problem, limit=200)), "WARN")
        return None


def in_words(tasks: list[totals.BusyTask] | None) -> str:
    """What is running, in one sentence."""
    if tasks is None:
        return _("What runs now is not known; running tasks are killed.")
    if not tasks:
        return _("Nothing runs now.")
    named = listed(clean(task, limit=150) for task in tasks[:SHOWN])
    more = _(" and {n} more").format(n=len(tasks) - SHOWN) if len(tasks) > SHOWN else ""
    text = ngettext(
        "{n} task runs and is killed: {names}{more}.", "{n} tasks run and are killed: {names}{more}.", len(tasks)
    )
    return text.format(n=len(tasks), names=named, more=more)


def hold(ctx: Context) -> None:
    """Note the DAGs' paused states, pause all, wait for what runs. Raises Cancelled, with the states put back."""
    pausing.remember(ctx)
    try:
        wanted = pausing.unpaused_before(ctx)
        pausing.set_states(ctx, "source", wanted, paused=True)
        pausing.demand_states(ctx, "source", wanted, paused=True)
        _drain(ctx)
    except Cancelled:
        release(ctx)
        raise


def held(ctx: Context) -> bool:
    """Whether paused states are noted that have not been put back."""
    name = pausing.record_name(ctx, "source")
    return any(record["name"] == name for record in ctx.journal.live("dag-pause"))


def _drain(ctx: Context) -> None:
    """Wait for what runs; what still does after that is killed by the update, and told."""
    at_most = ctx.session.tables.drain_seconds
    tasks = running(ctx)
    for elapsed in ctx.poll(every=3.0, at_most=at_most):
        if not tasks:
            break
        said = ngettext("{n} task still runs", "{n} tasks still run", len(tasks)).format(n=len(tasks))
        ctx.progress(int(elapsed), at_most, _("s"), said)
        ctx.sleep(min(elapsed / 20, 7.0))
        tasks = running(ctx)
    ctx.log(in_words(tasks), "WARN" if tasks is None or tasks else "INFO")


def release(ctx: Context) -> None:
    """Give the DAGs of an in-place upgrade the paused states they had; a later run notes the states anew."""
    if pausing.known(ctx) is not None:
        # "undo" closes the note: what the user pauses from now on is his, and the next hold begins with that.
        pausing.restore_source(ctx, by="undo")


def give_back(ctx: Context) -> str:
    """In place, where no jump is under way any more: the DAGs get their paused states back, whatever failed.

    Returns what to say of it; empty where an update goes on in MWAA, which a resume follows.
    """
    if ctx.session.route != "in-place" or jumps.open_jump(ctx) is not None:
        return ""
    try:
        found = sides.find_environment(ctx, "target")
        if found is None or found.get("Status") not in updates.SETTLED:
            return ""
        updates.forget(ctx)
        release(ctx)
    except Exception as problem:  # the first failure is the one to be told
        ctx.log(_("The DAGs' paused states could not be put back: {why}").format(why=translate(problem).what), "ERROR")
        return _("DAGs are still paused; resume or undo puts their states back.")
    return _("All DAGs have the paused states they had before.")
