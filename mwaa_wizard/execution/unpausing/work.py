"""A batch: paused on the source, drained, unpaused on the target exactly what was unpaused; and all of it taken back.

Everything is in the journal before it is done. At every moment a DAG of a batch is unpaused on one side at most, so a
kill anywhere leaves DAGs that rest, never DAGs that run twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, EXIT_USAGE, WizardError
from mwaa_wizard.execution import pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.unpausing import batches, drain
from mwaa_wizard.execution.unpausing.batches import Batch, Phase
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


def left_out(session: Session) -> str:
    """Why a session has no batches at all; empty where it has."""
    if session.route == "in-place":
        return _("In place: there is one environment, and the run has unpaused its DAGs.")
    return ""


def obstacle(ctx: Context) -> str:
    """Why no batch can begin now; empty where one can. Reads the journal only."""
    if why := left_out(ctx.session):
        return why
    if not sides.was_done(ctx, "cut-over"):
        return _(
            "The run has not come through its step Cut over, so the source's DAGs may be paused by it: let the run end "
            "first (mwaa-wizard resume {id})."
        ).format(id=ctx.session.id)
    if ctx.session.cut_over == "switch":
        return _("The run has switched all DAGs over to the target (step Cut over). Undo takes that back.")
    return ""


def begin(ctx: Context, dag_ids: Sequence[str]) -> Batch:
    """Note a batch and what its DAGs are now; nothing is paused yet. Raises WizardError where it cannot be."""
    _refuse(obstacle(ctx))
    half = batches.half_done(ctx.journal)
    if half is not None:
        _refuse(_("Batch {number} is half done: go on with it, or roll it back, before another begins.").format(
            number=half.number))  # fmt: skip
    wanted = list(dict.fromkeys(dag_ids))
    source, target = pausing.states_of(ctx, "source"), pausing.states_of(ctx, "target")
    taken = batches.of_dag(batches.live(ctx.journal))
    if double := [dag_id for dag_id in wanted if dag_id in taken]:
        _refuse(_("In a batch already: {names}").format(names=_named(double)))
    if missing := [dag_id for dag_id in wanted if dag_id not in target]:
        _refuse(_("Not in the target, so they stay with the source: {names}").format(names=_named(missing)))
    moves = sorted(set(wanted) & unpaused_now(ctx, source))
    if not moves:
        _refuse(_("All of these are paused on the source, and a paused DAG is never unpaused: nothing is to be done."))
    rests = sorted(set(wanted) - set(moves))
    number = max((batch.number for batch in batches.all_of(ctx.journal)), default=0) + 1
    before = {"unpaused": moves, "paused": rests,
              "target_unpaused": sorted(dag_id for dag_id in moves if target.get(dag_id) is False)}  # fmt: skip
    ctx.changed(batches.KIND, str(number), before, source=sides.name(ctx, "source"), target=sides.name(ctx, "target"))
    ctx.log(
        ngettext("Batch {number}: {count} DAG goes over.", "Batch {number}: {count} DAGs go over.", len(moves)).format(
            number=number, count=len(moves)
        )
    )
    found = batches.numbered(ctx.journal, number)
    assert found is not None
    return found


def unpaused_now(ctx: Context, states: dict[str, bool | None]) -> set[str]:
    """Which DAGs of the source are unpaused. Airflow 1.10 lists no states: there it is what was noted before the export
    and put back since, without what a batch has paused.
    """
    unpaused = {dag_id for dag_id, paused in states.items() if paused is False}
    if silent := {dag_id for dag_id, paused in states.items() if paused is None}:
        moved = {dag_id for batch in batches.live(ctx.journal) for dag_id in batch.moves}
        unpaused |= (silent & set(pausing.unpaused_before(ctx))) - moved
    return unpaused


def go_on(ctx: Context, batch: Batch, *, at_most: int, anyway: bool = False) -> None:
    """Bring a batch to its end from wherever it is. Raises WizardError or Cancelled; the batch can be gone on with, or
    rolled back, then.
    """
    batch = batches.numbered(ctx.journal, batch.number) or batch  # it may have moved on since it was looked at
    if batch.rolled_back or batch.phase == "rolling-back":
        _refuse(_("Batch {number} is being rolled back: that can only be ended.").format(number=batch.number))
    moves = list(batch.moves)
    _enter(ctx, batch, "pausing")
    gone = pausing.set_states(ctx, "source", moves, paused=True)
    if gone:
        ctx.log(_("Gone from the source since: {dags}").format(dags=_named(gone)), "WARN")
    _demand(ctx, "source", moves, paused=True)
    ctx.safe_point()
    _enter(ctx, batch, "draining")
    drain.demand(
        ctx, "source", moves, at_most=at_most, anyway=anyway,
        changed=_("The DAGs of batch {number} are paused on both sides.").format(number=batch.number),
    )  # fmt: skip
    ctx.safe_point()
    # One side at a time: somebody may have unpaused one while the rest was waited for.
    _demand(ctx, "source", moves, paused=True)
    _enter(ctx, batch, "unpausing")
    unknown = pausing.set_states(ctx, "target", moves, paused=False)
    if unknown:
        raise WizardError(
            what=_("The target does not know these DAGs any more: {names}").format(names=_named(unknown)),
            changed=_("They are paused on the source; the others of batch {number} run in the target.").format(
                number=batch.number
            ),
            remedy=_("Put their files back and go on, or roll the batch back."),
            exit_code=EXIT_RESUMABLE,
        )
    _demand(ctx, "target", moves, paused=False)
    _enter(ctx, batch, "done")
    ctx.log(_("Batch {number} runs in {name} now.").format(number=batch.number, name=sides.name(ctx, "target")))


def roll_back(ctx: Context, batch: Batch, *, at_most: int, anyway: bool = False, by: str = "roll-back") -> None:
    """Pause the batch on the target, wait for what runs there, and unpause on the source what was unpaused.

    Where the target is gone there is nothing to pause. Raises as `go_on`.
    """
    batch = batches.numbered(ctx.journal, batch.number) or batch
    if batch.rolled_back:
        _refuse(_("Batch {number} is rolled back already.").format(number=batch.number))
    moves = list(batch.moves)
    begun_there = batch.phase in ("unpausing", "done", "rolling-back")
    _enter(ctx, batch, "rolling-back")
    if sides.find_environment(ctx, "target") is not None:
        pausing.set_states(ctx, "target", moves, paused=True)
        _demand(ctx, "target", moves, paused=True)
        ctx.safe_point()
        if begun_there:
            drain.demand(
                ctx, "target", moves, at_most=at_most, anyway=anyway,
                changed=_("The DAGs of batch {number} are paused on both sides.").format(number=batch.number),
            )  # fmt: skip
        _demand(ctx, "target", moves, paused=True)
    unread: list[str] = []
    unknown = pausing.set_states(ctx, "source", moves, paused=False, unread=unread)
    if gone := [dag_id for dag_id in unknown if dag_id not in unread]:
        ctx.log(_("Gone from the source since: {dags}").format(dags=_named(gone)), "WARN")
    _demand(ctx, "source", [dag_id for dag_id in moves if dag_id not in unknown], paused=False)
    if unread:
        raise WizardError(
            what=_("Airflow of the source can read no file of these, so they stay paused: {names}").format(
                names=_named(unread)
            ),
            changed=_("The others of batch {number} run on the source again.").format(number=batch.number),
            remedy=_("Mend their files in the DAG folder, then roll back once more."),
            exit_code=EXIT_RESUMABLE,
        )
    ctx.removed(batches.KIND, str(batch.number), by=by)
    ctx.log(_("Batch {number} runs in {name} again.").format(number=batch.number, name=sides.name(ctx, "source")))


def take_all_back(ctx: Context) -> None:
    """What an undo of the whole session does: every batch back, the newest first; a task that still runs in the target
    is waited for, and then told, as the target itself goes next.
    """
    for batch in reversed(batches.live(ctx.journal)):
        roll_back(ctx, batch, at_most=ctx.session.tables.drain_seconds, anyway=True, by="undo")


def _demand(ctx: Context, side: Side, dag_ids: list[str], *, paused: bool) -> None:
    """As `pausing.demand_states`, with a word on batches."""
    try:
        pausing.demand_states(ctx, side, dag_ids, paused=paused)
    except WizardError as problem:
        problem.changed = _("The other DAGs of the batch are as they should be.")
        problem.remedy = _("Go on sets them again; rolling back puts all of the batch back.")
        raise


def _enter(ctx: Context, batch: Batch, phase: Phase) -> None:
    ctx.journal.write(ctx.step, "entered", kind=batches.KIND, name=str(batch.number), phase=phase)


def _named(dag_ids: Sequence[str]) -> str:
    more = " …" if len(dag_ids) > 10 else ""
    return listed(clean(dag_id, limit=120) for dag_id in dag_ids[:10]) + more


def _refuse(why: str) -> None:
    if why:
        raise WizardError(what=why, changed=_("Nothing was changed."), exit_code=EXIT_USAGE)
