"""Which DAGs of the source were unpaused before we came, and how to put them back.

The wizard journals the states itself before it triggers the export (whose DAG pauses everything else), so they can
be restored without the bundle and without the export having finished. The DAG's own notes are a second witness.
"""

from __future__ import annotations

import json

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.store import write_atomic

OURS = "mwz_"
FILE = "paused.json"


def remember(ctx: Context) -> None:
    """Journal the source's pause states, once: later calls see DAGs that we paused."""
    if known(ctx) is not None:
        return
    states = states_of(ctx, "source")
    if None in states.values():
        states |= _counted(ctx)
    unpaused = sorted(dag_id for dag_id, paused in states.items() if paused is False)
    before = {"unpaused": unpaused, "paused": sorted(set(states) - set(unpaused))}
    ctx.changed("dag-pause", record_name(ctx, "source"), before, side="source")
    write_atomic(paths.run_dir(ctx.session.id) / FILE, json.dumps(before, indent=2, ensure_ascii=False) + "\n")
    ctx.log(_("{count} DAGs are unpaused now; they are noted.").format(count=len(unpaused)))


def record_name(ctx: Context, side: Side) -> str:
    """The journal's name for a side's pause states; two regions may have environments of one name."""
    return f"{side}:{sides.name(ctx, side)}"


def known(ctx: Context) -> dict[str, list[str]] | None:
    """The states before the first export of this session, restored since or not; None where none was begun."""
    found: dict[str, list[str]] | None = None
    for record in ctx.journal.records():
        if record.get("kind") != "dag-pause" or record.get("side") != "source":
            continue
        if record["event"] == "changed" and found is None:
            found = record["before"]
        elif record["event"] == "removed" and record.get("by") == "undo":
            found = None  # undone as a whole: a new run notes the states anew
    return found


def unpaused_before(ctx: Context) -> list[str]:
    """The DAGs that were unpaused on the source before the export."""
    before = set((known(ctx) or {}).get("unpaused", []))
    manifest = documents.load(ctx.session.id, bundle.MANIFEST, bundle.Manifest)
    if manifest is not None:
        before |= set(manifest.unpaused_before)
        if manifest.run_id == _first_export(ctx):
            # Paused by somebody between our note and the export's own: it was paused, so it stays paused. A later
            # export may have begun a new note in a new bucket, where our own pauses look like the user's.
            before -= set(manifest.paused_before)
    return sorted(dag_id for dag_id in before if not dag_id.startswith(OURS))


def _first_export(ctx: Context) -> str:
    runs = (r for r in ctx.journal.of_step("export", "made") if r.get("kind") == "dag-run")
    return next((str(record["name"]) for record in runs), "")


def _counted(ctx: Context) -> dict[str, bool]:
    """The states as the inventory found them in the database, for an Airflow that does not list them (1.10)."""
    found = documents.load(ctx.session.id, bundle.INVENTORY, bundle.Inventory)
    return {dag.dag_id: dag.is_paused for dag in found.dags if dag.is_active} if found is not None else {}


def states_of(ctx: Context, side: Side) -> dict[str, bool | None]:
    """dag id -> is it paused, of every DAG but ours; None where Airflow does not say (1.10)."""
    return {dag.dag_id: dag.is_paused for dag in sides.api(ctx, side).dags() if not dag.dag_id.startswith(OURS)}


def set_states(ctx: Context, side: Side, dag_ids: list[str], *, paused: bool) -> list[str]:
    """Bring the DAGs to a state; those that have it are left alone. Returns the ids Airflow does not know."""
    api, states = sides.api(ctx, side), states_of(ctx, side)
    unknown, changed = [], 0
    for number, dag_id in enumerate(dag_ids, 1):
        if dag_id not in states:
            unknown.append(dag_id)
        elif states[dag_id] != paused:
            if not api.set_paused(dag_id, paused):
                unknown.append(dag_id)
                continue
            changed += 1
        ctx.progress(number, len(dag_ids), _("DAGs"), dag_id)
    verb = _("Paused {count} DAGs of {name}.") if paused else _("Unpaused {count} DAGs of {name}.")
    ctx.log(verb.format(count=changed, name=sides.name(ctx, side)))
    return unknown


def restore_source(ctx: Context, *, by: str) -> None:
    """Give every DAG of the source the state it had before the export. Raises WizardError where one did not take."""
    name = record_name(ctx, "source")
    if not any(record["name"] == name for record in ctx.journal.live("dag-pause")):
        # Given back already: what the user paused since then is his.
        if by == "undo" and known(ctx) is not None:
            ctx.removed("dag-pause", name, side="source", by=by)
        return
    wanted = unpaused_before(ctx)
    unknown = set_states(ctx, "source", wanted, paused=False)
    if unknown:
        ctx.log(_("Gone from the source since: {dags}").format(dags=", ".join(unknown)), "WARN")
    demand_states(ctx, "source", [dag_id for dag_id in wanted if dag_id not in unknown], paused=False)
    ctx.removed("dag-pause", name, side="source", by=by)


def demand_states(ctx: Context, side: Side, dag_ids: list[str], *, paused: bool) -> None:
    """Raise WizardError unless all the DAGs are in the state."""
    states = states_of(ctx, side)
    wrong = [dag_id for dag_id in dag_ids if states.get(dag_id, paused) not in (paused, None)]
    if wrong:
        raise WizardError(
            what=_("{count} DAGs of {name} do not have the paused state they should.").format(
                count=len(wrong), name=sides.name(ctx, side)
            ),
            where=", ".join(wrong[:10]),
            remedy=_("Resume sets them again."),
            exit_code=EXIT_RESUMABLE,
        )


def hold_target(ctx: Context) -> None:
    """Pause what woke up in the target by itself (`is_paused_upon_creation=False` in a DAG wins over the option).

    Such a DAG would catch up without its history while the source still runs it too.
    """
    awake = sorted(dag_id for dag_id, paused in states_of(ctx, "target").items() if paused is False)
    if awake:
        ctx.log(_("Unpaused by themselves in the target; pausing them: {dags}").format(dags=", ".join(awake)), "WARN")
        set_states(ctx, "target", awake, paused=True)
