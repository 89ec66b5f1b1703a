"""What the pages are told, in the words of the engine itself, so that a Japanese page is Japanese."""

from __future__ import annotations

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.belongings.find import Belonging, Kept
from mwaa_wizard.front import engine
from mwaa_wizard.front.engine_preflight import Row
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.preflight.finding import label
from mwaa_wizard.report import render
from mwaa_wizard.report.model import Count, ImportLine, LogLine, Report, TableLine, Thing
from mwaa_wizard.session.model import Session

BUCKET = "mwaa-migration-5f2c9a10-7d41-4c7e-9b1e-0a6b3d8e4f21"


def expired() -> WizardError:
    """What AWS says to who was away for too long."""
    return WizardError(
        what=_("The SSO session of profile {profile} has expired.").format(profile="default"), code="ExpiredToken",
        changed=_("Nothing was changed."),
        remedy=_("Run: {command} · then resume.").format(command="aws sso login --profile default"),
    )  # fmt: skip


def denied() -> WizardError:
    """A step's failure with all that a failure can have."""
    return WizardError(
        what=_("AWS refused {operation}: the permission is missing.").format(operation="s3:GetObject"),
        where="s3://mwaa-migration-5f2c9a10/tables/xcom/0003.csv.gz", code="AccessDenied",
        request_id="7X2KQ9V0M3B1Z8TC",
        changed=_(
            "Tables that were finished are in the target; the one at work was rolled back. The source is untouched."
        ),
        remedy=_("Grant it (page Policies shows what is needed), then resume."),
    )  # fmt: skip


def checks() -> list[Row]:
    """A preflight: one check failed, one warns."""
    about: list[tuple[Side, str, str]] = [
        ("source", _("permissions"), "11 / 11"),
        ("source", _("role policy"), "mwaa-prod"),
        ("source", _("role trust"), "airflow.amazonaws.com, airflow-env.amazonaws.com"),
        ("source", _("bucket"), "prod-dags"),
        ("source", _("web server"), "PUBLIC_ONLY"),
        ("target", _("permissions"), "14 / 14"),
        ("target", _("role policy"), "mwaa-analytics-v2-00000001"),
        ("target", _("bucket"), "mwaa-analytics-v2-00000001"),
        ("target", _("security groups"), "sg-0a"),
        ("target", _("web server"), "PUBLIC_ONLY"),
        ("target", _("quota of environments"), "3 / 10"),
    ]
    passed = [Row(label(side, what), "pass", seen) for side, what, seen in about]
    return [
        Row(_("credentials"), "pass", f"{_('source')}: arn:aws:iam::111122223333:assumed-role/admin/me"),
        Row(label("target", _("routes")), "fail",
            _("public, they route to an internet gateway: {ids}").format(ids="subnet-0a"),
            _("Choose private subnets: MWAA takes no public ones (networking-about).")),
        Row(label("target", _("quota of workers")), "warn",
            _("at most {wanted} of {quota} workers ({source})").format(wanted=30, quota=25, source="Service Quotas"),
            _("Lower Max workers on page Settings, or have the quota raised in Service Quotas.")),
        Row(_("source environment"), "pass", "analytics-prod · AVAILABLE · 2.8.1"),
        Row(_("source Airflow"), "pass", "2.8.1"),
        *passed,
    ]  # fmt: skip


def things() -> list[Belonging]:
    """Ours: some are gone, some still there."""
    opened, gone = _("The bundle's sealed values can be opened by nobody from then on."), "2026-11-22T12:50:00+00:00"
    listed = _("Our DAGs leave Airflow's list. No DAG of yours is touched.")
    reached = _("The role can no longer reach the migration bucket. Its other policies stay.")
    bundle = _(
        "The exported history is gone; rows that were not brought over are saved here first. A new import needs a new "
        "export."
    )
    policy, files = _("Inline policy"), _("DAG files")
    held = ngettext("{n} object, {size}", "{n} objects, {size}", 38).format(n=38, size="214.3 MiB")
    return [
        Belonging("dags:source", files, "analytics-prod", False, "", listed, gone),
        Belonging("dags:target", files, "analytics-v2", False, "", listed, gone),
        Belonging("variable", _("Key variable"), "analytics-v2", True, "mwz_key_00000001", opened),
        Belonging("policy:source", policy, "role/service-role/mwaa-prod", False, "", reached, gone),
        Belonging("policy:target", policy, "role/mwaa-analytics-v2-00000001", None, "AccessDenied", reached),
        Belonging("bundle", _("Migration bucket"), BUCKET, True, held, bundle),
    ]


def stays() -> list[Kept]:
    """What the target needs."""
    why = _("the target runs with it")
    return [
        Kept(_("environment {name}").format(name="analytics-v2"), why),
        Kept(_("role {name}").format(name="mwaa-analytics-v2-00000001"), why),
    ]


def report(session: Session, columns: int) -> engine.ReportText:
    """The report's own text of some tables, the logs and what is there now."""
    folder = paths.run_dir(session.id)
    left = _(
        "The source works as before. Try the target, then hand its DAGs over in batches: mwaa-wizard cutover {id}"
    ).format(id=session.id)
    made = Report(
        session_id=session.id, title=session.title(), state="verified", source="analytics-prod 2.8.1",
        target="analytics-v2 2.11.2", source_place="", target_place="", made_at="2026-11-22T12:52:51+00:00",
        tables=[
            TableLine("dag_run", 48_211, 48_211, 0, True),
            TableLine("task_instance", 1_002_340, 1_002_337, 3, True),
            TableLine("xcom", 91_002, 91_002, 0, True),
            TableLine("variable", 74, 74, 0, True),
            TableLine("connection", 31, 31, 0, True),
        ],
        dags_compared=142, dags_differ={},
        imported=[
            ImportLine("dag_run", 48_211, 48_211, 0, 0, 0),
            ImportLine("task_instance", 1_002_340, 1_002_337, 0, 0, 3),
            ImportLine("variable", 74, 70, 4, 0, 0),
        ],
        rejected=[Count("task_instance", "fk: dag_run", 3, ["etl_daily", "日次集計"], "rejected/x.csv.gz")],
        emptied=[], kept=[], not_exported=[], left_out=[],
        logs=LogLine(3_204, 3_204, 0, 812_977, 812_977, {}, 0),
        paused="", steps=[], exists=[Thing("environment", "analytics-v2")], next=[],
    )  # fmt: skip
    text = render.to_text(made, columns).partition("─" * columns + "\n")[2]
    files = tuple(str(folder / name) for name in ("report.html", "report.md", "report.json"))
    return engine.ReportText(text, (left,), files, True, 3)
