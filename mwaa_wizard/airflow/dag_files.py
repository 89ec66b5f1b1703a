"""Our DAG files in an environment's bucket: put there, waited for until Airflow lists them, taken away without trace.

The bucket is versioned (MWAA needs that), so taking away means deleting every version of our keys.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from mwaa_wizard.airflow.health import SchedulerWatch
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import dagfile
from mwaa_wizard.resources import bucket as buckets

# A new file is parsed within dag_dir_list_interval (MWAA's default 300 s) after the 30 s sync from S3.
LISTED_WITHIN = 900.0
SYNCED_WITHIN = 60.0  # MWAA user guide: configuring-dag-folder (about 30 s)
QUIET_AFTER = 60.0  # seconds after which the scheduler's health is asked for
PREFIX = "mwz_"


def dag_ids(side: Side) -> tuple[str, ...]:
    """The DAGs of ours that belong on a side."""
    return tuple(dagfile.DAG_IDS_SOURCE if side == "source" else dagfile.DAG_IDS_TARGET)


def put(ctx: Context, side: Side) -> None:
    """Put all of a side's DAG files there (they are picked up together); one with the same content is left alone."""
    if f"dags-put:{side}" in ctx.memory:
        return
    bucket, folder = sides.dag_folder(ctx, side)
    client = ctx.client(side, "s3")
    for dag_id in dag_ids(side):
        body = dagfile.render(dag_id, tasks=ctx.session.tables.workers)
        digest = hashlib.sha256(body).hexdigest()
        key = f"{folder}/{dag_id}.py"
        if _digest(client, bucket, key) == digest:
            continue
        if (old := sides.api(ctx, side).dag(dag_id)) is not None:
            # A row left by an earlier session: only a newer parse proves that Airflow has this file.
            ctx.memory[f"parsed-before:{side}:{dag_id}"] = old.parsed
        record = f"{side}:{bucket}/{key}"
        ctx.made("dag-file", record, side=side, bucket=bucket, key=key, dag_id=dag_id)
        answer = client.put_object(
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentType="text/x-python",
            Metadata={"mwaa-wizard-sha256": digest, "mwaa-wizard-session": ctx.session.id},
        )
        ctx.journal.write(
            ctx.step,
            "answered",
            call="s3:PutObject",
            name=record,
            version_id=answer.get("VersionId"),
            request_id=sides.request_id(answer),
        )
        ctx.log(_("Put {key} into {bucket}.").format(key=key, bucket=bucket))
        ctx.memory[f"dag-put-at:{side}"] = time.monotonic()
    ctx.memory[f"dags-put:{side}"] = True


def wait_listed(ctx: Context, side: Side, dag_id: str) -> None:
    """Wait until Airflow lists the DAG. Raises WizardError with Airflow's import error, or when time is up."""
    api = sides.api(ctx, side)
    before = ctx.memory.get(f"parsed-before:{side}:{dag_id}")
    started = time.monotonic()
    watch = SchedulerWatch(ctx, side)
    for elapsed in ctx.poll(every=1.0, at_most=LISTED_WITHIN):
        dag = api.dag(dag_id)
        # Where Airflow does not tell when it parsed a file (its CLI), the time of two syncs has to do.
        renewed = before is None or dag is None or dag.parsed != before or (not before and elapsed > SYNCED_WITHIN)
        if dag is not None and dag.is_active and renewed:
            ctx.log(_("Airflow lists {dag} after {seconds:.0f} s.").format(dag=dag_id, seconds=elapsed))
            _note_pickup(ctx, side)
            return
        ctx.progress(int(elapsed), None, _("s"), _("waiting until Airflow lists {dag}").format(dag=dag_id))
        if int(elapsed) >= 5:
            for file, trace in api.import_errors():
                if f"{dag_id}.py" in file:
                    raise WizardError(
                        what=_("Airflow of {environment} cannot import {dag}.").format(
                            environment=sides.name(ctx, side), dag=dag_id
                        ),
                        where=trace.strip().splitlines()[-1] if trace.strip() else file,
                        remedy=_("Report this with the environment's Airflow version; its other DAGs are untouched."),
                    )
            if elapsed > QUIET_AFTER:
                watch.check()
            # The environment's own pace decides how often asking makes sense.
            ctx.sleep(min(elapsed / 20, 10.0))
    raise WizardError(
        what=_("Airflow of {environment} did not list {dag} within {minutes:.0f} minutes.").format(
            environment=sides.name(ctx, side), dag=dag_id, minutes=(time.monotonic() - started) / 60
        ),
        remedy=_("See whether its scheduler is healthy and its role may read the DAG folder, then resume."),
        exit_code=EXIT_RESUMABLE,
    )


def remove_files(ctx: Context, side: Side) -> int:
    """Delete our DAG files of a side with all their versions. Returns how many versions went."""
    bucket, folder = sides.dag_folder(ctx, side)
    client = ctx.client(side, "s3")
    count = buckets.delete_versions(client, bucket, leftovers(ctx, side))
    for record in ctx.journal.live("dag-file"):
        if record.get("side") == side:
            ctx.removed("dag-file", record["name"])
    ctx.memory.pop(f"dags-put:{side}", None)
    if count:
        ctx.log(
            _("Deleted our DAG files from {bucket}/{folder}: {count} versions.").format(
                bucket=bucket, folder=folder, count=count
            )
        )
    return count


def leftovers(ctx: Context, side: Side) -> list[dict[str, str]]:
    """Every version of a DAG file of ours in a side's bucket; other files that begin alike are not ours."""
    bucket, folder = sides.dag_folder(ctx, side)
    ours = {f"{folder}/{name}" for name in dagfile.file_names()}
    found = buckets.versions(ctx.client(side, "s3"), bucket, f"{folder}/{PREFIX}")
    return [entry for entry in found if entry["Key"] in ours]


def remove_rows(ctx: Context, wanted: tuple[Side, ...]) -> None:
    """Delete our DAGs' rows on the given sides, after their files, until they stay away.

    An environment still holds the deleted file until its next sync from S3 and then parses it again; so a row that
    comes back is deleted again, and the wait is as long as that environment needed to pick the files up.
    """
    quiet = max([_pickup(ctx, side) for side in wanted if _was_put(ctx, side)], default=0.0)
    last_seen = time.monotonic()
    first = True
    for elapsed in ctx.poll(every=1.0, at_most=LISTED_WITHIN):
        for side in wanted:
            api = sides.api(ctx, side)
            for dag_id in present(ctx, side):
                api.delete_dag(dag_id)
                if not first:
                    last_seen = time.monotonic()
                ctx.log(_("Deleted {dag} from the Airflow of {name}.").format(dag=dag_id, name=sides.name(ctx, side)))
        first = False
        if time.monotonic() - last_seen >= quiet:
            return
        ctx.progress(int(elapsed), None, _("s"), _("waiting until our DAGs stay away"))
    raise WizardError(
        what=_("Our DAGs keep coming back although their files are deleted."),
        remedy=_("See whether the environment still syncs its DAG folder, then resume."),
        exit_code=EXIT_RESUMABLE,
    )


def present(ctx: Context, side: Side) -> list[str]:
    """Those of our DAGs that a side's Airflow still has a row of."""
    api = sides.api(ctx, side)
    wanted = {*dag_ids("source"), *dag_ids("target")} if _shared_folder(ctx) else set(dag_ids(side))
    return [dag_id for dag_id in sorted(wanted) if api.dag(dag_id) is not None]


def _shared_folder(ctx: Context) -> bool:
    return sides.find_environment(ctx, "target", fresh=False) is not None and (
        sides.dag_folder(ctx, "source") == sides.dag_folder(ctx, "target")
    )


def _note_pickup(ctx: Context, side: Side) -> None:
    put_at = ctx.memory.get(f"dag-put-at:{side}")
    if put_at is not None and f"pickup:{side}" not in ctx.memory:
        ctx.memory[f"pickup:{side}"] = True
        ctx.journal.write(ctx.step, "measured", kind="pickup", side=side, seconds=round(time.monotonic() - put_at, 1))


def _was_put(ctx: Context, side: Side) -> bool:
    records = ctx.journal.records()
    return any(r.get("kind") == "dag-file" and r["event"] == "made" and r.get("side") == side for r in records)


def _pickup(ctx: Context, side: Side) -> float:
    """Seconds this environment took to list a new file, within 4 s and 60 s; 60 where it was not measured."""
    found = [r for r in ctx.journal.records() if r.get("event") == "measured" and r.get("side") == side]
    seconds = float(found[-1]["seconds"]) if found else 60.0
    return min(max(seconds, 4.0), 60.0)


def _digest(client: Any, bucket: str, key: str) -> str:
    try:
        return str(client.head_object(Bucket=bucket, Key=key).get("Metadata", {}).get("mwaa-wizard-sha256", ""))
    except Exception as problem:
        if is_missing(problem):
            return ""
        raise
