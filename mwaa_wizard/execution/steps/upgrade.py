"""UpdateEnvironment to another Airflow version, jump by jump, each confirmed and followed to its end.

Source: MWAA user guide upgrading-environment: MWAA takes a snapshot, changes the version, and goes back to the version
before where that fails. An interrupted run finds the update in the journal and follows it; it asks for no second one.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.aws.errors import code_of, translate
from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.environments.secret import OPTIONS
from mwaa_wizard.errors import EXIT_RESUMABLE, Cancelled, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Record
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import downgrade
from mwaa_wizard.execution.upgrades import (
    after_jump,
    before_jump,
    holding,
    jumps,
    pinned_requirements,
    update_request,
    updates,
)
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session


class Upgrade(Step):
    """Brings the target's environment to the session's last version."""

    id = "upgrade"

    @property
    def title(self) -> str:
        return _("Upgrade in place")

    def describe(self, session: Session) -> list[str]:
        name, goal = session.target.environment, jumps.goal(session)
        here = session.target.airflow_version if session.route == "bridge" else session.source.airflow_version
        way, against = in_place.jumps(here, goal) if here and here != goal else ([], [])
        text = _("Change {name} from Airflow {here} to {there}: it is away meanwhile (up to 2 hours), and tasks that "
                 "still run are killed.")  # fmt: skip
        lines = [
            text.format(name=name, here=before, there=after)
            for before, after in zip([here, *way], way, strict=False)
        ]  # fmt: skip
        if lines:
            lines.append(
                _("Rewrite its Airflow options, and put a requirements.txt for the new version beside the old one.")
            )
        return lines + [reason.text for reason in against]

    def while_away(self, session: Session) -> str:
        text = _("An update that MWAA has begun goes on; {name}'s DAGs stay paused until a resume has seen its end.")
        return text.format(name=session.target.environment)

    def check(self, ctx: Context) -> Check:
        found = sides.find_environment(ctx, "target")
        version, goal = str((found or {}).get("AirflowVersion", "")), jumps.goal(ctx.session)
        done = sides.was_done(ctx, self.id) and version == goal and (found or {}).get("Status") in updates.SETTLED
        return Check(done, f"{sides.name(ctx, 'target')}: Airflow {version}" if version else "")

    def run(self, ctx: Context) -> None:
        before_jump.demand_ready(ctx)
        try:
            self._go(ctx)
        except Cancelled:
            holding.give_back(ctx)
            raise
        except Exception as problem:
            error = translate(problem)
            given = holding.give_back(ctx)
            error.changed = " ".join(filter(None, (error.changed, given)))
            raise error from None

    def _go(self, ctx: Context) -> None:
        goal = jumps.goal(ctx.session)
        if (begun := jumps.open_jump(ctx)) is not None:
            _go_on(ctx, begun)
        while True:
            environment = updates.settle(ctx)
            here = str(environment.get("AirflowVersion", ""))
            way = jumps.way(here, goal)
            if not way:
                return
            ctx.safe_point()
            _jump(ctx, environment, way[0], last=len(way) == 1)

    def verify(self, ctx: Context) -> None:
        found, goal = sides.environment(ctx, "target", fresh=True), jumps.goal(ctx.session)
        if found.get("AirflowVersion") != goal:
            raise WizardError(
                what=_("{name} runs Airflow {found}, not {wanted}.").format(
                    name=found["Name"], found=found.get("AirflowVersion"), wanted=goal
                ),
                where="airflow:GetEnvironment",
                remedy=_("Resume changes it again."),
                exit_code=EXIT_RESUMABLE,
            )

    def undo(self, ctx: Context) -> None:
        downgrade.undo(ctx, self.id)


def _jump(ctx: Context, environment: dict[str, Any], version: str, *, last: bool) -> None:
    """One UpdateEnvironment, from the question to the look at what came of it."""
    here, name = str(environment.get("AirflowVersion", "")), sides.name(ctx, "target")
    edits = last and ctx.session.route == "in-place"
    planned = update_request.plan(ctx, environment, version, edits=edits)
    before_jump.tell(ctx, planned)
    before_jump.confirm(ctx, here, version)
    noted = before_jump.note(ctx)
    request, before = dict(planned.request), dict(planned.before)
    if planned.requirements is not None and planned.requirements.rewritten.changed:
        before["requirements_version"] = planned.requirements.version_id
        request[pinned_requirements.PATH] = planned.requirements.key
        request[pinned_requirements.VERSION] = pinned_requirements.put(ctx, planned.requirements)
    jump = jumps.begin(ctx, version, before)
    try:
        answer = ctx.client("target", "mwaa").update_environment(**request)
    except Exception as problem:
        if code_of(problem):  # AWS answered, and refused: nothing was begun
            ctx.removed(jumps.KIND, jump, why="refused")
            pinned_requirements.remove(ctx, ctx.step)
        raise
    ctx.journal.write(
        ctx.step,
        "answered",
        call="airflow:UpdateEnvironment",
        name=name,
        version=version,
        members=sorted(request),
        options=sorted(request.get(OPTIONS, {})),
        request_id=sides.request_id(answer),
    )
    ctx.log(_("UpdateEnvironment accepted: {name}, {here} → {there}.").format(name=name, here=here, there=version))
    _arrive(ctx, jump, version, before, noted)


def _go_on(ctx: Context, begun: Record) -> None:
    """A jump that an earlier run began: followed, and finished; or seen not to have reached MWAA at all."""
    before: dict[str, Any] = begun["before"]
    ctx.log(_("An earlier run began {jump}; looking where it is.").format(jump=begun["name"]))
    found = updates.settle(ctx)
    never = updates.began(found) == before["last_update"] and found.get("AirflowVersion") == before["airflow_version"]
    if never:
        ctx.log(_("That one never reached MWAA."))
        ctx.removed(jumps.KIND, begun["name"], why="not begun")
        return
    _arrive(ctx, begun["name"], str(begun["after"]), before, before_jump.noted(ctx))


def _arrive(ctx: Context, jump: str, version: str, before: dict[str, Any], noted: before_jump.Noted | None) -> None:
    """Wait for the end of an update and look after it. Raises WizardError where MWAA went back."""
    found = updates.settle(ctx)
    if found.get("AirflowVersion") != version:
        raise _rolled_back(ctx, jump, found, version, before)
    if found.get("Status") == "UPDATE_FAILED":
        ctx.log(_("MWAA calls the update failed, yet the version is {version}: {said}").format(
            version=version, said=updates.reason(found)[1]), "WARN")  # fmt: skip
    updates.forget(ctx)
    updates.wait_answers(ctx, version)
    after_jump.look(ctx, version, noted)
    jumps.finish(ctx, jump, version=version)


def _rolled_back(
    ctx: Context, jump: str, found: dict[str, Any], version: str, before: dict[str, Any]
) -> WizardError:
    name, here = sides.name(ctx, "target"), str(found.get("AirflowVersion", ""))
    code, said = updates.reason(found)
    ctx.removed(jumps.KIND, jump, why="rolled back")
    pinned_requirements.remove(ctx, ctx.step)
    return WizardError(
        what=_("MWAA could not change {name} to Airflow {version} and went back to {here}.").format(
            name=name, version=version, here=here
        ),
        where=said or _("MWAA gave no reason; see the environment's page in the console"),
        changed=_("{name} runs Airflow {here} again ({status}), with the options and the requirements it had. Tasks "
                  "that ran meanwhile were killed.").format(name=name, here=here, status=found.get("Status")),
        remedy=_("Mend what MWAA says (requirements_install_* and the scheduler's log group tell more), then resume: "
                 "the jump is asked for again."),
        code=code or "UPDATE_FAILED",
        exit_code=EXIT_RESUMABLE,
    )  # fmt: skip
