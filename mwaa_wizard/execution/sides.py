"""What the steps ask of either side: its environment, where its DAG files lie, its role, its Airflow."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.airflow.api import AirflowApi
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _


def name(ctx: Context, side: Side) -> str:
    """The environment's name on a side."""
    return ctx.session.source.environment if side == "source" else ctx.session.target.environment


def environment(ctx: Context, side: Side, *, fresh: bool = False) -> dict[str, Any]:
    """GetEnvironment's answer, asked once a run unless `fresh`. Held in memory only: options may be secret.

    Raises WizardError where there is no such environment.
    """
    found = find_environment(ctx, side, fresh=fresh)
    if found is None:
        raise WizardError(
            what=_("There is no environment {name} in {region}.").format(
                name=name(ctx, side), region=ctx.clients.place(side).region
            ),
            where="airflow:GetEnvironment",
            remedy=_("Check the name, the profile and the region on page Source or Target."),
        )
    return found


def find_environment(ctx: Context, side: Side, *, fresh: bool = True) -> dict[str, Any] | None:
    """As `environment`, but None where there is none."""
    key = f"environment:{side}"
    if fresh or key not in ctx.memory:
        try:
            answer = ctx.client(side, "mwaa").get_environment(Name=name(ctx, side))
        except Exception as problem:
            if is_missing(problem):
                ctx.memory.pop(key, None)
                return None
            raise
        ctx.memory[key] = answer["Environment"]
    found: dict[str, Any] = ctx.memory[key]
    return found


def api(ctx: Context, side: Side) -> AirflowApi:
    """The Airflow of a side."""
    key = f"api:{side}"
    if key not in ctx.memory:
        version = str(environment(ctx, side).get("AirflowVersion", ""))
        ctx.memory[key] = AirflowApi(ctx.clients, side, name(ctx, side), version)
    found: AirflowApi = ctx.memory[key]
    return found


def dag_folder(ctx: Context, side: Side) -> tuple[str, str]:
    """(bucket, prefix without a trailing slash) of a side's DAG files."""
    found = environment(ctx, side)
    return names.bucket_of(found["SourceBucketArn"]), str(found["DagS3Path"]).strip("/")


def role_arn(ctx: Context, side: Side) -> str:
    """The execution role's ARN: the source's as it is, the target's as made by us, chosen, or cloned."""
    if side == "target":
        if ctx.session.target.create_role:
            made = [r for r in ctx.journal.live("role") if r["name"] == names.target_role(ctx.session)]
            if made and made[-1].get("arn"):
                return str(made[-1]["arn"])
            identity = ctx.clients.identity("target")
            return f"arn:{identity.partition}:iam::{identity.account}:role/{names.target_role(ctx.session)}"
        chosen = ctx.session.target.settings.get("ExecutionRoleArn")
        if chosen:
            return str(chosen)
    return str(environment(ctx, "source")["ExecutionRoleArn"])


def target_bucket(ctx: Context) -> str:
    """Name of the bucket the target's DAGs come from: made by us, chosen, or the source's own."""
    if ctx.session.target.create_bucket:
        return names.target_bucket(ctx.session)
    chosen = ctx.session.target.settings.get("SourceBucketArn")
    return names.bucket_of(str(chosen or environment(ctx, "source")["SourceBucketArn"]))


def made_environment(ctx: Context) -> bool:
    """Whether this session made the target environment (by its journal)."""
    return any(record["name"] == ctx.session.target.environment for record in ctx.journal.live("environment"))


def was_done(ctx: Context, step: str) -> bool:
    """Whether a step's last word in the journal is that it is done (and not undone since)."""
    done = False
    for record in ctx.journal.of_step(step):
        if record["event"] == "done":
            done = True
        elif record["event"] in ("undone", "failed"):
            done = False
    return done


def request_id(answer: Any) -> str:
    """AWS's request id in a boto3 answer."""
    meta = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    return str(meta.get("RequestId", ""))


def demand_target_gone(ctx: Context) -> None:
    """Undo takes role and bucket only from an environment that is gone: a live one would be broken, and still billed.

    Raises WizardError while the journal names an environment of ours.
    """
    if ctx.journal.live("environment"):
        raise WizardError(
            what=_("The target environment is still there, so what it needs stays too."),
            changed=_("Its role and its bucket are as they were."),
            remedy=_("Run undo again when the environment can be deleted."),
            exit_code=EXIT_RESUMABLE,
        )
