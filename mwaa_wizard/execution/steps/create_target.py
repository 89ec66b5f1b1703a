"""CreateEnvironment from the source's settings and the user's edits, followed until it is AVAILABLE.

MWAA has no waiter in botocore and answers only an ARN, so GetEnvironment is polled (mwaa user guide: 20 to 30 minutes).
"""

from __future__ import annotations

import time
from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.environments import clone
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import jumps
from mwaa_wizard.i18n import _
from mwaa_wizard.resources import copy
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean, human_time

AT_MOST = 3600.0
DELETE_AT_MOST = 3600.0
ROLE_TRIES = 6  # IAM is eventually consistent: a new role may need some seconds until MWAA can assume it
GOOD = ("AVAILABLE", "UPDATE_FAILED")  # the latter runs as before the update that failed
BUSY = ("CREATING", "PENDING", "UPDATING", "CREATING_SNAPSHOT", "ROLLING_BACK", "MAINTENANCE")
BAD = ("CREATE_FAILED", "UNAVAILABLE", "DELETED", "DELETING")


class CreateTarget(Step):
    """Makes the target environment, or goes on with the one this session began."""

    id = "create-target"

    @property
    def title(self) -> str:
        return _("Create target")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Create environment {name} ({version}) in {region}: the source's settings, your edits.").format(
                name=session.target.environment,
                version=session.target.airflow_version or _("the source's version"),
                region=session.target.connection.region,
            )
        ]

    def check(self, ctx: Context) -> Check:
        if not sides.made_environment(ctx):
            return Check(False)
        found = sides.find_environment(ctx, "target")
        status = str(found["Status"]) if found else _("not there")
        if found is not None and jumps.ever(ctx):
            # An upgrade came after it, and may be under way: its own step follows that.
            return Check(True, f"{ctx.session.target.environment}: {status}")
        return Check(status in GOOD, f"{ctx.session.target.environment}: {status}")

    def run(self, ctx: Context) -> None:
        name = ctx.session.target.environment
        found = sides.find_environment(ctx, "target")
        if found is not None and not _ours(ctx, found):
            raise WizardError(
                what=_("There is an environment {name} that this session did not make.").format(name=name),
                where="airflow:GetEnvironment",
                remedy=_("Choose another name on page Target."),
            )
        if found is not None and found["Status"] == "CREATE_FAILED":
            raise _failed(name, found)
        if found is None:
            self._create(ctx, name)
        else:
            ctx.log(_("{name} is there already ({status}); following it.").format(name=name, status=found["Status"]))
            if not sides.made_environment(ctx):
                ctx.made("environment", name, arn=found.get("Arn"))
        _follow(ctx, name)

    def _create(self, ctx: Context, name: str) -> None:
        partition = ctx.clients.identity("target").partition
        request = clone.create_request(
            ctx.session,
            sides.environment(ctx, "source", fresh=True),
            role_arn=sides.role_arn(ctx, "target"),
            bucket_arn=f"arn:{partition}:s3:::{sides.target_bucket(ctx)}",
            object_versions=copy.recorded_versions(ctx),
        )
        request["Tags"] = {**request.get("Tags", {}), **names.tags(ctx.session)}
        planned = sides.made_environment(ctx)
        if not planned:
            ctx.made("environment", name, region=ctx.clients.place("target").region)
        for attempt in range(1, ROLE_TRIES + 1):
            try:
                answer = ctx.client("target", "mwaa").create_environment(**request)
                break
            except Exception as problem:
                if attempt < ROLE_TRIES and _role_not_yet(problem):
                    ctx.log(_("The new role cannot be assumed yet; trying again."), "WARN")
                    ctx.sleep(2.0 * attempt)
                    continue
                if not planned and code_of(problem) and sides.find_environment(ctx, "target") is None:
                    # AWS answered, and refused: nothing was made (an answer lost on the way is retried by botocore,
                    # and the second try is then refused because the first one did make it).
                    ctx.removed("environment", name, why="create refused")
                raise
        ctx.journal.write(
            self.id,
            "answered",
            call="airflow:CreateEnvironment",
            name=name,
            arn=answer["Arn"],
            request_id=sides.request_id(answer),
        )
        ctx.log(_("CreateEnvironment accepted: {arn}").format(arn=answer["Arn"]))

    def verify(self, ctx: Context) -> None:
        found = sides.environment(ctx, "target", fresh=True)
        wanted = ctx.session.target.airflow_version
        if wanted and found.get("AirflowVersion") != wanted:
            raise WizardError(
                what=_("The target runs Airflow {found}, not {wanted}.").format(
                    found=found.get("AirflowVersion"), wanted=wanted
                ),
                where="airflow:GetEnvironment",
                remedy=_("Undo, choose the version again, and run."),
            )
        ctx.log(
            _("{name} is AVAILABLE with Airflow {version}.").format(
                name=found["Name"], version=found.get("AirflowVersion")
            )
        )

    def while_away(self, session: Session) -> str:
        return _("MWAA goes on making {name}; a resume follows it.").format(name=session.target.environment)

    def undo(self, ctx: Context) -> None:
        for record in ctx.journal.live("environment"):
            _delete(ctx, record["name"])
            ctx.removed("environment", record["name"])
            ctx.memory.pop("api:target", None)


def _follow(ctx: Context, name: str) -> None:
    started, seen = time.monotonic(), ""
    while True:
        found = sides.find_environment(ctx, "target")
        status = str(found["Status"]) if found else "DELETED"
        elapsed = time.monotonic() - started
        if status != seen:
            ctx.log(_("{name}: {status} after {time}.").format(name=name, status=status, time=human_time(elapsed)))
            seen = status
        if status in GOOD:
            return
        if found is None or status in BAD:
            raise _failed(name, found or {})
        if elapsed > AT_MOST:
            raise WizardError(
                what=_("{name} is still {status} after {time}.").format(
                    name=name, status=status, time=human_time(elapsed)
                ),
                where="airflow:GetEnvironment",
                remedy=_("Look at it in the MWAA console; resume goes on waiting."),
                exit_code=EXIT_RESUMABLE,
            )
        ctx.progress(int(elapsed), None, _("s"), status)
        # 2 s at first (a refusal shows at once), up to 30 s: creation takes 20 to 30 minutes on AWS.
        ctx.sleep(min(2.0 + elapsed / 20, 30.0))


def _delete(ctx: Context, name: str) -> None:
    """Delete the environment and wait until it is gone; one that is still being made is deleted as soon as it may."""
    told = ""
    for elapsed in ctx.poll(every=2.0, at_most=DELETE_AT_MOST):
        found = _named(ctx, name)
        if found is None:
            ctx.log(_("{name} is gone after {time}.").format(name=name, time=human_time(elapsed)))
            return
        if not _ours(ctx, found):
            ctx.log(_("{name} does not carry this session's tag; it stays.").format(name=name), "WARN")
            return
        status = str(found["Status"])
        if status != "DELETING":
            try:
                ctx.client("target", "mwaa").delete_environment(Name=name)
                status = "DELETING"
            except Exception as problem:
                # MWAA deletes no environment that is at work on something else.
                if code_of(problem) != "ValidationException" or status not in BUSY:
                    raise
        if status != told:
            ctx.log(f"{name}: {status}")
            told = status
        ctx.progress(int(elapsed), None, _("s"), status)
        ctx.sleep(min(elapsed / 10, 28.0))
    raise WizardError(
        what=_("{name} is still being deleted.").format(name=name),
        where="airflow:GetEnvironment",
        remedy=_("Run undo again later; the role and the bucket stay until then."),
        exit_code=EXIT_RESUMABLE,
    )


def _named(ctx: Context, name: str) -> dict[str, Any] | None:
    """The environment of exactly that name: the session's target may have been renamed since."""
    try:
        found: dict[str, Any] = ctx.client("target", "mwaa").get_environment(Name=name)["Environment"]
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return found


def _ours(ctx: Context, found: dict[str, Any]) -> bool:
    """By the tag that CreateEnvironment sent; a name in the journal may be somebody else's environment by now."""
    return bool(found.get("Tags", {}).get(names.SESSION_TAG) == ctx.session.id)


def _role_not_yet(problem: BaseException) -> bool:
    said = str(problem).lower()
    # "User: ...:assumed-role/... is not authorized to perform ..." is about the caller: waiting mends nothing there.
    if code_of(problem) not in ("ValidationException", "AccessDeniedException") or "to perform:" in said:
        return False
    words = ("assum", "does not exist", "not authorized", "trust")
    return "role" in said and any(word in said for word in words)


def _failed(name: str, found: dict[str, Any]) -> WizardError:
    error = found.get("LastUpdate", {}).get("Error", {})
    said = clean(": ".join(str(error[k]) for k in ("ErrorCode", "ErrorMessage") if error.get(k)), limit=1500)
    return WizardError(
        what=_("MWAA could not make {name}: {status}.").format(name=name, status=found.get("Status", "DELETED")),
        where=said or _("MWAA gave no reason; see the environment's page in the console"),
        changed=_("The failed environment is still there; it can only be deleted."),
        remedy=_("Mend what MWAA says, run undo (it deletes the failed environment), then run again."),
        code=str(error.get("ErrorCode", "CREATE_FAILED")),
    )
