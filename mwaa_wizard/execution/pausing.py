"""Which DAGs of the source were unpaused before we came, and how to put them back.

The wizard journals the states itself before it triggers the export (whose DAG pauses everything else), so they can
be restored without the bundle and without the export having finished. The DAG's own notes are a second witness; on
an Airflow that lists no states (1.10) they are the first, as the inventory may be days old.
"""

from __future__ import annotations

import json

from pydantic import ValidationError

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Record
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.store import write_atomic

OURS = "mwz_"
FILE = "paused.json"
NOTE = "paused-by-export.json"  # the run folder's copy of bundle.PAUSED
EXPORT = "mwz_export"


def remember(ctx: Context) -> None:
    """Journal the source's pause states, once: later calls see DAGs that we paused."""
    if known(ctx) is not None:
        _note(ctx)  # kept before this export may begin a new one
        return
    states = states_of(ctx, "source")
    counted = _unsaid(ctx, "source", states)
    if counted:
        states |= _counted(ctx)
    unpaused = sorted(dag_id for dag_id, paused in states.items() if paused is False)
    before = {"unpaused": unpaused, "paused": sorted(set(states) - set(unpaused))}
    ctx.changed("dag-pause", record_name(ctx, "source"), before, side="source", counted=counted)
    write_atomic(paths.run_dir(ctx.session.id) / FILE, json.dumps(before, indent=2, ensure_ascii=False) + "\n")
    ctx.log(_("{count} DAGs are unpaused now; they are noted.").format(count=len(unpaused)))


def record_name(ctx: Context, side: Side) -> str:
    """The journal's name for a side's pause states; two regions may have environments of one name."""
    return f"{side}:{sides.name(ctx, side)}"


def known(ctx: Context) -> dict[str, list[str]] | None:
    """The states before the first export of this session, restored since or not; None where none was begun."""
    begun = _begun(ctx)
    if begun is None:
        return None
    before: dict[str, list[str]] = begun[0]["before"]
    return before


def _begun(ctx: Context) -> tuple[Record, list[Record]] | None:
    """The record of the states before the first export, and all records since."""
    found: tuple[Record, list[Record]] | None = None
    for record in ctx.journal.records():
        if found is not None:
            found[1].append(record)
        if record.get("kind") != "dag-pause" or record.get("side") != "source":
            continue
        if record["event"] == "changed" and found is None:
            found = (record, [])
        elif record["event"] == "removed" and record.get("by") == "undo":
            found = None  # undone as a whole: a new run notes the states anew
    return found


def unpaused_before(ctx: Context) -> list[str]:
    """The DAGs that were unpaused on the source before the export.

    Raises WizardError where the export's note of them is damaged and was counted on.
    """
    before = set((known(ctx) or {}).get("unpaused", []))
    manifest = documents.load(ctx.session.id, bundle.MANIFEST, bundle.Manifest)
    if manifest is not None:
        before |= set(manifest.unpaused_before)
        if manifest.run_id == _first_export(ctx):
            # Paused by somebody between our note and the export's own: it was paused, so it stays paused. A later
            # export may have begun a new note in a new bucket, where our own pauses look like the user's.
            before -= set(manifest.paused_before)
    begun = _begun(ctx)
    if begun is not None and begun[0].get("counted"):
        note = _note(ctx)
        if note is not None:
            before = (before - set(note.paused)) | set(note.unpaused)
        elif manifest is None and _never_noted(ctx, begun[1]):
            return []
    return sorted(dag_id for dag_id in before if not dag_id.startswith(OURS))


def _note(ctx: Context) -> bundle.Paused | None:
    """The states as the first export saw them; from the bucket, else the copy that was kept of it."""
    begun = _begun(ctx)
    if begun is None:
        return None
    path = paths.run_dir(ctx.session.id) / NOTE
    kept = _parsed(path.read_bytes()) if path.exists() else None
    if kept is not None and not _is_first(ctx, kept, begun[1]):
        kept = None
    body = documents.get_bytes(ctx, bundle.PAUSED)
    there = _parsed(body) if body is not None else None
    if body is not None and there is None and kept is None:
        raise WizardError(
            what=_("The note of which DAGs of {name} were paused is not what it should be.").format(
                name=sides.name(ctx, "source")
            ),
            where=f"s3://{ctx.session.migration_bucket}/{bundle.PAUSED}",
            changed=_("No DAG was paused or unpaused by this."),
            remedy=_("Put back what the export wrote there, then resume."),
            exit_code=EXIT_RESUMABLE,
        )
    # The bucket's may have more DAGs than the copy, those that came later; another run's has our own pauses in it.
    if there is None or not _is_first(ctx, there, begun[1]) or (kept is not None and kept.run_id != there.run_id):
        return kept
    if there != kept:
        write_atomic(path, there.model_dump_json(indent=2) + "\n")
    return there


def _parsed(body: bytes) -> bundle.Paused | None:
    try:
        return bundle.Paused.model_validate_json(body)
    except ValidationError:
        return None


def _is_first(ctx: Context, note: bundle.Paused, since: list[Record]) -> bool:
    """Whether an export of these states wrote the note, into the bucket that the first export had."""
    of_ours = note.session == ctx.session.id and note.environment == sides.name(ctx, "source")
    return of_ours and _in_first_bucket(ctx, note.run_id, since)


def _in_first_bucket(ctx: Context, run_id: str, since: list[Record]) -> bool:
    """Whether the export run began before the bucket was made anew, if it was.

    In a new bucket the note is begun anew, and our own pauses look like the user's.
    """
    for record in since:
        if record["event"] != "made":
            continue
        if record.get("kind") == "bucket" and record["name"] == ctx.session.migration_bucket:
            return False
        if record.get("kind") == "dag-run" and record.get("dag_id") == EXPORT and record["name"] == run_id:
            return True
    return False


def _never_noted(ctx: Context, since: list[Record]) -> bool:
    """Whether the export was ordered but did not come to its note, which it writes before it pauses anything."""
    body = documents.get_bytes(ctx, bundle.request_key(EXPORT))
    if body is None or documents.get_bytes(ctx, bundle.PAUSED) is not None:
        return False
    return _in_first_bucket(ctx, str(json.loads(body).get("run_id", "")), since)


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


def _unsaid(ctx: Context, side: Side, states: dict[str, bool | None]) -> bool:
    """Whether this Airflow lists DAGs from their files and without states; it may list none at all."""
    return None in states.values() or sides.api(ctx, side).major < 2


def set_states(
    ctx: Context, side: Side, dag_ids: list[str], *, paused: bool, unread: list[str] | None = None
) -> list[str]:
    """Bring the DAGs to a state; those that have it are left alone. Returns the ids Airflow does not know.

    A DAG of the source that is not listed may still have its row (inactive, or its file is broken): it is tried.
    `unread` gets the ids, among those returned, that have their row but no file that Airflow 1.10 can read.
    """
    api, states = sides.api(ctx, side), states_of(ctx, side)
    unknown, changed = [], 0
    for number, dag_id in enumerate(dag_ids, 1):
        if dag_id not in states and side == "target":
            unknown.append(dag_id)
        elif states.get(dag_id) != paused:
            took = api.set_paused(dag_id, paused)
            if took:
                changed += 1
            else:
                unknown.append(dag_id)
                if took is None and unread is not None:
                    unread.append(dag_id)
        ctx.progress(number, len(dag_ids), _("DAGs"), dag_id)
    verb = _("Paused {count} DAGs of {name}.") if paused else _("Unpaused {count} DAGs of {name}.")
    ctx.log(verb.format(count=changed, name=sides.name(ctx, side)))
    return unknown


def restore_source(ctx: Context, *, by: str) -> None:
    """Give every DAG of the source the state it had before the export.

    Raises WizardError where one did not take, or cannot now as Airflow 1.10 cannot read its file; the states stay
    noted then, for a resume or an undo.
    """
    name = record_name(ctx, "source")
    if not any(record["name"] == name for record in ctx.journal.live("dag-pause")):
        # Given back already: what the user paused since then is his.
        if by == "undo" and known(ctx) is not None:
            ctx.removed("dag-pause", name, side="source", by=by)
        return
    wanted = unpaused_before(ctx)
    there: list[str] = []
    unknown = set_states(ctx, "source", wanted, paused=False, unread=there)
    unread = _unread(ctx, there)
    if gone := [dag_id for dag_id in unknown if dag_id not in unread]:
        ctx.log(_("Gone from the source since: {dags}").format(dags=listed(gone)), "WARN")
    demand_states(ctx, "source", [dag_id for dag_id in wanted if dag_id not in unknown], paused=False)
    if unread:
        raise WizardError(
            what=_(
                "{count} DAGs of {name} could not be unpaused: Airflow finds no file that it can read of them."
            ).format(count=len(unread), name=sides.name(ctx, "source")),
            where=listed(unread),
            changed=_("These DAGs are still paused; all others have the paused state they had before the export."),
            remedy=_(
                "Mend their files in the DAG folder (of a DAG that is gone for good, put back one with its id), then "
                "resume or undo: both try again."
            ),
            exit_code=EXIT_RESUMABLE,
        )
    ctx.removed("dag-pause", name, side="source", by=by)


def _unread(ctx: Context, there: list[str]) -> list[str]:
    """Which of the DAGs with a row and without a readable file the scheduler ran when they were counted."""
    active = _counted(ctx) if there else {}
    return [dag_id for dag_id in there if dag_id in active]


def demand_states(ctx: Context, side: Side, dag_ids: list[str], *, paused: bool) -> None:
    """Raise WizardError unless all the DAGs are in the state."""
    states = states_of(ctx, side)
    wrong = [dag_id for dag_id in dag_ids if states.get(dag_id, paused) not in (paused, None)]
    if wrong:
        raise WizardError(
            what=_("{count} DAGs of {name} do not have the paused state they should.").format(
                count=len(wrong), name=sides.name(ctx, side)
            ),
            where=listed(wrong[:10]),
            remedy=_("Resume sets them again."),
            exit_code=EXIT_RESUMABLE,
        )


def hold_target(ctx: Context) -> None:
    """Pause what woke up in the target by itself (`is_paused_upon_creation=False` in a DAG wins over the option).

    Such a DAG would catch up without its history while the source still runs it too.
    """
    awake = sorted(dag_id for dag_id, paused in states_of(ctx, "target").items() if paused is False)
    if awake:
        ctx.log(_("Unpaused by themselves in the target; pausing them: {dags}").format(dags=listed(awake)), "WARN")
        set_states(ctx, "target", awake, paused=True)
