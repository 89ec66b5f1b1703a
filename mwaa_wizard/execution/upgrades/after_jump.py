"""What is looked at when an environment runs its new version: DAGs are read again, import errors, paused states."""

from __future__ import annotations

from mwaa_wizard.airflow import totals
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import facts
from mwaa_wizard.execution.upgrades.before_jump import Noted
from mwaa_wizard.execution.upgrades.facts import BrokenFile, Facts
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

PARSED_WITHIN = 900.0  # the sync from S3, then every file once (dag_dir_list_interval is 300 s on MWAA)


def look(ctx: Context, version: str, noted: Noted | None) -> None:
    """Wait until the DAG files are read, tell new import errors, and pause what woke up by itself."""
    before = noted.facts if noted else None
    errors = wait_parsed(ctx, before)
    new = facts.new_errors(before.import_errors if before else [], errors)
    for error in new:
        ctx.log(_("Cannot be imported by Airflow {version}: {file}: {message}").format(
            version=version, file=error.file, message=error.message), "WARN")  # fmt: skip
    if not new:
        ctx.log(_("Airflow {version} imports every DAG file that could be imported before.").format(version=version))
    ctx.journal.write(
        ctx.step,
        "measured",
        kind="import-errors",
        version=version,
        new=[error.model_dump() for error in new],
        before=len(before.import_errors) if before else 0,
    )
    if before is not None:
        _pause_again(ctx, before)


def wait_parsed(ctx: Context, before: Facts | None) -> list[BrokenFile]:
    """Wait until every DAG that was there is listed and read anew, or its file is broken; returns what is broken.

    Time is a bound, not an error: the difference is told when the environment is compared.
    """
    wanted = {dag_id: dag for dag_id, dag in before.dags.items() if dag.active} if before else {}
    errors: list[BrokenFile] = []
    for elapsed in ctx.poll(every=2.0, at_most=PARSED_WITHIN):
        try:
            now = {dag.dag_id: dag for dag in totals.dags(sides.api(ctx, "target"))}
        except RestUnavailable as problem:
            why = clean(problem, limit=200)
            ctx.log(_("Whether the DAG files are read is not known: {why}").format(why=why), "WARN")
            return facts.import_errors(ctx)
        except WizardError as problem:
            # A web server that has just started answers some calls before others.
            ctx.progress(int(elapsed), None, _("s"), clean(problem.where or problem.what, limit=200))
            continue
        errors = facts.import_errors(ctx)
        waiting = [
            dag_id
            for dag_id, dag in wanted.items()
            if not _read_anew(dag_id, dag.parsed, now) and not any(facts.same_file(dag.file, e.file) for e in errors)
        ]
        if not waiting:
            return errors
        ctx.progress(len(wanted) - len(waiting), len(wanted), _("DAGs"), _("waiting until Airflow has read the files"))
        ctx.sleep(min(elapsed / 20, 10.0))
    ctx.log(_("Some DAG files were not read again in time: {dags}").format(dags=listed(waiting[:10])), "WARN")
    return errors


def _read_anew(dag_id: str, parsed: str, now: dict[str, totals.ListedDag]) -> bool:
    found = now.get(dag_id)
    return found is not None and found.active and (not parsed or _moment(found.parsed) != _moment(parsed))


def _moment(text: str) -> str:
    """The API's versions write one time as `...+00:00` and `...Z`."""
    return text.removesuffix("Z").removesuffix("+00:00")


def _pause_again(ctx: Context, before: Facts) -> None:
    """A DAG that was paused before the jump and is not now (a new default, its own file) is paused again."""
    api, paused = sides.api(ctx, "target"), {dag_id for dag_id, dag in before.dags.items() if dag.paused}
    try:
        awake = sorted(dag.dag_id for dag in totals.dags(api) if not dag.paused and dag.dag_id in paused)
    except RestUnavailable:
        awake = sorted(dag.dag_id for dag in api.dags() if dag.is_paused is False and dag.dag_id in paused)
    if awake:
        ctx.log(_("Unpaused by themselves; pausing them: {dags}").format(dags=listed(awake)), "WARN")
    for dag_id in awake:
        api.set_paused(dag_id, True)
