"""An UpdateEnvironment under way: followed until it has ended, however it ends, and told in MWAA's own words.

Sources: MWAA user guide upgrading-environment (UPDATING, CREATING_SNAPSHOT, UPDATING, AVAILABLE; after a failure
ROLLING_BACK, then UPDATE_FAILED with the version before, or UNAVAILABLE; up to two hours), update-environment.
"""

from __future__ import annotations

import time
from typing import Any

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.errors import HOPELESS, code_of
from mwaa_wizard.errors import EXIT_RESUMABLE, Cancelled, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean, human_time

AT_MOST = 3 * 3600.0
ANSWERS_WITHIN = 900.0
SETTLED = ("AVAILABLE", "UPDATE_FAILED")
_MOVING = ("UPDATING", "CREATING_SNAPSHOT", "ROLLING_BACK", "MAINTENANCE", "PENDING", "CREATING")


def forget(ctx: Context) -> None:
    """What was looked up of either side may be another version's now."""
    for side in ("source", "target"):
        for kind in ("environment", "api"):
            ctx.memory.pop(f"{kind}:{side}", None)


def settle(ctx: Context) -> dict[str, Any]:
    """Wait until nothing changes the target any more; returns GetEnvironment's answer, AVAILABLE or UPDATE_FAILED.

    Raises WizardError where the environment is lost, or still changing after three hours (resumable); Cancelled.
    """
    words = {
        "UPDATING": _("MWAA updates it; its web server and its tasks are away meanwhile"),
        "CREATING_SNAPSHOT": _("MWAA takes a snapshot of the metadata database"),
        "ROLLING_BACK": _("the update failed; MWAA goes back to the version before"),
    }
    started, seen, name = time.monotonic(), "", sides.name(ctx, "target")
    while True:
        forget(ctx)
        found = sides.environment(ctx, "target", fresh=True)
        status, elapsed = str(found.get("Status")), time.monotonic() - started
        if status != seen and (seen or status not in SETTLED):
            text = f"{name}: {listed((status, human_time(elapsed)))}"
            text += f" ({words[status]})" if status in words else ""
            ctx.log(text, "WARN" if status in ("ROLLING_BACK", "UPDATE_FAILED", "UNAVAILABLE") else "INFO")
        seen = status
        if status in SETTLED:
            return found
        if status not in _MOVING:
            raise _lost(name, found)
        if elapsed > AT_MOST:
            raise WizardError(
                what=_("{name} is still {status} after {time}.").format(
                    name=name, status=status, time=human_time(elapsed)
                ),
                where="airflow:GetEnvironment",
                changed=_("The update goes on in MWAA."),
                remedy=_("Look at it in the MWAA console; resume goes on waiting."),
                exit_code=EXIT_RESUMABLE,
            )
        ctx.progress(int(elapsed), None, _("s"), status)
        try:
            # 2 s at first (a refusal shows at once), up to 30 s: a version change takes up to two hours on AWS.
            ctx.sleep(min(2.0 + elapsed / 20, 30.0))
        except Cancelled:
            ctx.log(_("The update goes on in MWAA; DAGs stay paused until a resume has seen its end."), "WARN")
            raise


def wait_answers(ctx: Context, version: str) -> None:
    """Wait until the target's own Airflow says that it is `version`. Raises WizardError (resumable), Cancelled."""
    said = ""
    for elapsed in ctx.poll(every=2.0, at_most=ANSWERS_WITHIN):
        try:
            said = sides.api(ctx, "target").ping()
        except (Cancelled, KeyboardInterrupt):
            raise
        except (WizardError, RestUnavailable) as problem:
            said = clean(problem, limit=300)
        except Exception as problem:
            if code_of(problem) in HOPELESS:
                raise
            said = clean(problem, limit=300)
        if said.split("+")[0] == version:
            ctx.log(_("Its Airflow answers as {version}.").format(version=said))
            return
        ctx.progress(int(elapsed), None, _("s"), _("waiting until Airflow {version} answers").format(version=version))
        ctx.sleep(min(elapsed / 10, 10.0))
    raise WizardError(
        what=_("Airflow of {name} does not answer as {version}.").format(
            name=sides.name(ctx, "target"), version=version
        ),
        where=said,
        changed=_("MWAA says that the environment is available with the new version."),
        remedy=_("See its web server's log group; then resume."),
        exit_code=EXIT_RESUMABLE,
    )


def reason(found: dict[str, Any]) -> tuple[str, str]:
    """(code, what MWAA said) of the last update; empty texts where it said nothing."""
    error = (found.get("LastUpdate") or {}).get("Error") or {}
    code = clean(error.get("ErrorCode") or "", limit=100)
    return code, clean(error.get("ErrorMessage") or "", limit=1500)


def began(found: dict[str, Any]) -> str:
    """When the last update of an environment began; tells one update from another."""
    return str((found.get("LastUpdate") or {}).get("CreatedAt") or "")


def _lost(name: str, found: dict[str, Any]) -> WizardError:
    code, said = reason(found)
    return WizardError(
        what=_("{name} is {status}.").format(name=name, status=found.get("Status")),
        where=said or _("MWAA gave no reason; see the environment's page in the console"),
        changed=_("The environment does not run; its DAGs' paused states cannot be put back now."),
        remedy=_("Ask AWS Support, with {arn}; MWAA took a snapshot before the update.").format(
            arn=found.get("Arn", "")
        ),
        code=code or str(found.get("Status")),
    )
