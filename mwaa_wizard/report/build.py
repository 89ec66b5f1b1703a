"""Builds the report from a session's run folder: journal and copies of the bundle's documents. Needs no AWS."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _, ngettext, sentences
from mwaa_wizard.metadata.bundle import ImportResult, Manifest, VerifyResult
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.report import entries, rows, upgrades
from mwaa_wizard.report.model import LogLine, Report, State, StepTime, TableLine, Thing
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

Document = TypeVar("Document", bound=BaseModel)

# Journal kinds that are listed one by one; the rest is counted.
_NAMED = ("environment", "airflow-version", "role", "bucket", "inline-policy", "secrets-policy", "dag-file",
          "variable")  # fmt: skip
_COUNTED = ("object", "log-stream", "secret")
_ENDS = ("done", "failed", "stopped", "checked", "left-out")
_UNTIMED = {"checked": "skipped", "left-out": "left-out"}


def load(session_id: str, name: str, model: type[Document]) -> Document | None:
    """A document of the run folder; None where it is missing or damaged."""
    try:
        return model.model_validate_json((paths.run_dir(session_id) / name).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def verified(session: Session) -> bool:
    """Whether verification ran and found no difference; a bridge is verified before and after its upgrade."""
    result = load(session.id, "verify.json", VerifyResult)
    return _state(session, result, upgrades.load(session)) == "verified"


def build(
    session: Session,
    journal: Journal | None = None,
    verify: VerifyResult | None = None,
    imported: ImportResult | None = None,
    manifest: Manifest | None = None,
) -> Report:
    """The report of a session; what is not given is read from its run folder."""
    journal = journal or Journal.of(session.id)
    verify = verify or load(session.id, "verify.json", VerifyResult)
    imported = imported or load(session.id, "import.json", ImportResult)
    manifest = manifest or load(session.id, "manifest.json", Manifest)
    records = list(journal.records())
    upgraded = upgrades.load(session)
    moved = entries.load(session)
    dags, dags_missing = entries.dags(moved)
    state = _state(session, verify, upgraded)
    return Report(
        session_id=session.id,
        title=clean(session.title(), limit=200),
        state=state,
        source=_side(session, "source", verify),
        target=_side(session, "target", upgraded or verify),
        source_place=_place(session, "source"),
        target_place=_place(session, "target"),
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        tables=[*_tables(verify), *upgrades.rows(_tables(upgraded), upgraded)],
        dags_compared=len(manifest.dag_counts) if manifest else dags,
        dags_differ=dags_missing or upgrades.dags_differ(verify, upgraded),
        imported=rows.imported(imported),
        rejected=rows.rejected(session.id, imported),
        emptied=rows.emptied(session.id, imported),
        kept=rows.kept(imported),
        not_exported=rows.not_exported(session.id, manifest),
        left_out=rows.left_out(manifest),
        logs=_logs(records),
        paused=_paused(session, records),
        steps=_steps(records),
        exists=_exists(journal),
        next=_next(session, state, records),
        entries=entries.lines(moved),
    )  # fmt: skip


def _state(session: Session, verify: VerifyResult | None, upgraded: VerifyResult | None) -> State:
    if (moved := entries.load(session)) is not None:
        return entries.state(moved)
    if verify is None:
        return "not-verified"
    if not verify.same or (upgraded is not None and not upgraded.same):
        return "differs"
    return "not-verified" if session.route == "bridge" and upgraded is None else "verified"


def _side(session: Session, side: Side, verify: VerifyResult | None) -> str:
    part = session.source if side == "source" else session.target
    version = part.airflow_version
    if side == "target" and verify is not None:
        version = verify.airflow_version
    return clean(" ".join(filter(None, (part.environment, version))), limit=120)


def _place(session: Session, side: Side) -> str:
    where = session.connection(side)
    return clean(" ".join(filter(None, (where.account, where.region))), limit=80)


def _tables(verify: VerifyResult | None) -> list[TableLine]:
    if verify is None:
        return []
    return [
        TableLine(
            name=clean(name, limit=80),
            source=table.source_rows,
            target=table.target_rows,
            rejected=table.rejected,
            same=table.same,
            notes=[in_words(clean(note, limit=500)) for note in table.notes],
        )
        for name, table in verify.tables.items()
    ]


def _logs(records: list[dict[str, Any]]) -> LogLine | None:
    found = [r for r in records if r.get("event") in ("copied", "measured") and "streams_found" in r]
    if not found:
        return None
    last = found[-1]
    return LogLine(
        **{name: int(last.get(name, 0)) for name in
           ("streams_found", "streams_copied", "already_there", "events_read", "events_written", "missing")},
        rejected={rows.reason_words(str(k)): int(v) for k, v in dict(last.get("rejected", {})).items()},
    )  # fmt: skip


def _paused(session: Session, records: list[dict[str, Any]]) -> str:
    """One sentence on the DAGs' paused states, from the journal."""
    changes = [r for r in records if r.get("kind") == "dag-pause"]
    noted = [r for r in changes if r.get("side", "source") == "source" and r["event"] == "changed"]
    if not noted:
        return ""
    if session.route == "in-place":
        return upgrades.paused(changes)
    before = noted[-1].get("before")
    count = len(before.get("unpaused", [])) if isinstance(before, dict) else 0
    text = ngettext("{n} DAG was unpaused on the source before.", "{n} DAGs were unpaused on the source before.", count)
    source = [r for r in changes if r.get("side", "source") == "source"][-1]
    target = [r for r in changes if r.get("side") == "target"]
    if target and target[-1]["event"] == "changed":
        now = _("They now run in the target and are paused on the source.")
    elif source["event"] == "removed":
        now = _("The source has its paused states back; the target's DAGs are paused.")
    else:
        now = _("All DAGs are paused on both sides now.")
    return sentences((text.format(n=count), now, _batches(records)))


def _batches(records: list[dict[str, Any]]) -> str:
    """What was handed over in batches since; empty where nothing was."""
    live: dict[str, list[str]] = {}
    for record in records:
        if record.get("kind") == "dag-batch" and record["event"] == "changed":
            live[str(record["name"])] = list(record["before"]["unpaused"])
        elif record.get("kind") == "dag-batch" and record["event"] == "removed":
            live.pop(str(record["name"]), None)
    count = sum(len(dags) for dags in live.values())
    if not count:
        return ""
    text = ngettext("Since then {n} DAG was handed over to the target in batches.",
                    "Since then {n} DAGs were handed over to the target in batches.", count)  # fmt: skip
    return text.format(n=count)


def _steps(records: list[dict[str, Any]]) -> list[StepTime]:
    """Each step's last end; its time is that of the last try, since checks of a resume take none."""
    begun: dict[str, dt.datetime] = {}
    found: dict[str, StepTime] = {}
    for record in records:
        step, event = str(record.get("step", "")), str(record.get("event", ""))
        try:
            at = dt.datetime.fromisoformat(str(record.get("at", "")))
        except ValueError:
            continue
        if event == "started":
            begun[step] = at
        elif event in _ENDS:
            if event == "checked" and step in found and found[step].state == "done":
                continue
            timed = step in begun and event not in _UNTIMED
            seconds = (at - begun[step]).total_seconds() if timed else None
            found[step] = StepTime(step, _UNTIMED.get(event, event), seconds)
    return list(found.values())


def _exists(journal: Journal) -> list[Thing]:
    found = []
    for kind in _NAMED:
        for record in journal.live(kind):
            detail = str(record.get("arn") or record.get("role") or record.get("region") or "")
            found.append(Thing(kind, clean(record["name"], limit=200), clean(detail, limit=300)))
    for kind in _COUNTED:
        members = ("bucket", "group", "region")
        places = Counter(
            next((str(record[name]) for name in members if record.get(name)), "") for record in journal.live(kind)
        )
        found += [Thing(kind, str(count), clean(place, limit=300)) for place, count in sorted(places.items())]
    return found


def _next(session: Session, state: State, records: list[dict[str, Any]]) -> list[str]:
    if state == "not-verified" and not records:
        return [_("Nothing has run yet: mwaa-wizard run {id}").format(id=session.id)]
    if state == "not-verified":
        return [_("Go on: mwaa-wizard resume {id}").format(id=session.id)]
    if state == "differs":
        return [
            _("Look at the tables marked ✘ and at the reasons below them."),
            _("All details: mwaa-wizard report {id} --format json").format(id=session.id),
        ]
    last = "release" if session.route == "in-place" else "clean-up"
    cleaned = any(r.get("step") == last and r.get("event") == "done" for r in records)
    if not cleaned:
        return [_("Finish the run: mwaa-wizard resume {id}").format(id=session.id)]
    if session.route == "in-place":
        return upgrades.after(session)
    if session.route != "bridge" and (later := session.target.upgrade_to):
        text = _("Upgrade {name} to Airflow {version} in place (MWAA: UpdateEnvironment); its own “db migrate” takes "
                 "the history along.")  # fmt: skip
        named = text.format(name=clean(session.target.environment, limit=80), version=clean(later, limit=20))
        return [named, *_after(session)]
    return _after(session)


def _after(session: Session) -> list[str]:
    if session.cut_over == "switch":
        return [_("Watch the first runs in the target; keep the source until they are good.")]
    return [
        _("The source works as before. Try the target, then hand its DAGs over in batches: mwaa-wizard cutover {id}")
        .format(id=session.id),
    ]
