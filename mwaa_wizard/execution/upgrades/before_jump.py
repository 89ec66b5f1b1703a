"""What is settled before an environment changes its version: it is ready, it is told what changes, somebody agrees.

Source: MWAA user guide upgrading-environment (tasks that run while the version changes are killed).
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.options import Change
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import facts, holding, jumps
from mwaa_wizard.execution.upgrades.facts import Facts
from mwaa_wizard.execution.upgrades.update_request import Planned
from mwaa_wizard.i18n import _, sentence, sentences
from mwaa_wizard.metadata import bundle

NOTED = "facts-jump.json"


@dataclass(frozen=True)
class Noted:
    """The environment's DAGs, paused states and import errors as they were before a jump."""

    facts: Facts


def demand_ready(ctx: Context) -> None:
    """Raise WizardError where somebody else changes the environment, or where history that differs would be sealed:
    nothing can be imported any more once a bridge's environment runs Airflow 3.
    """
    found = sides.environment(ctx, "target", fresh=True)
    status = str(found.get("Status"))
    if status not in ("AVAILABLE", "UPDATE_FAILED") and jumps.open_jump(ctx) is None:
        raise WizardError(
            what=_("{name} is {status}, and not by this session.").format(name=found["Name"], status=status),
            where="airflow:GetEnvironment",
            changed=_("Nothing was changed by this step."),
            remedy=_("Wait until it is AVAILABLE, then resume."),
            exit_code=EXIT_RESUMABLE,
        )
    if ctx.session.route != "bridge" or jumps.made(ctx):
        return
    result = documents.load(ctx.session.id, bundle.VERIFY_RESULT, bundle.VerifyResult)
    if result is not None and result.same:
        return
    question = _("The history in {name} differs from the source's; nothing can be imported any more after the "
                 "upgrade. Upgrade all the same?").format(name=found["Name"])  # fmt: skip
    if ctx.ask is None or not ctx.ask(question):
        raise WizardError(
            what=_("{name} is not upgraded: its history differs from the source's.").format(name=found["Name"]),
            where=_("see the report"),
            changed=_("It still runs Airflow {version}, where history can be imported.").format(
                version=found.get("AirflowVersion")
            ),
            remedy=_("Mend the difference and resume; or go on all the same: mwaa-wizard run {id}, in a terminal, "
                     "asks for it.").format(id=ctx.session.id),
            exit_code=EXIT_RESUMABLE,
        )  # fmt: skip


def tell(ctx: Context, planned: Planned) -> None:
    """What goes along with the version, in the step's log; no value of an option is in it."""
    for change in planned.options:
        if change.kind != "kept":
            ctx.log(_option(change), "INFO" if change.stays else "WARN")
    for name in planned.before["settings"]:
        ctx.log(_("{name} is changed along.").format(name=name))
    if planned.requirements is not None:
        for line in planned.requirements.rewritten.changed:
            ctx.log(f"{planned.requirements.key}: {line}")
        for line in planned.requirements.rewritten.doubts:
            ctx.log(f"{planned.requirements.key}: {line}", "WARN")


def _option(change: Change) -> str:
    words = {"default-flipped": _("default changes"), "removed": _("left out"), "refused": _("left out"),
             "collides": _("left out")}  # fmt: skip
    what = words.get(change.kind, f"→ {change.new_key}" if change.new_key != change.key else _("as it is"))
    return sentences((sentence(f"{change.key}: {what}"), change.reason))


def confirm(ctx: Context, here: str, there: str) -> None:
    """Ask for this one jump, where the front-end asks. Raises WizardError (resumable) for a no."""
    tasks = holding.running(ctx)
    said = holding.in_words(tasks)
    ctx.log(said, "WARN" if tasks is None or tasks else "INFO")
    python = [versions.python_of(version) for version in (here, there)]
    if all(python) and python[0] != python[1]:
        ctx.log(_("Python changes from {old} to {new}.").format(old=python[0], new=python[1]))
    if ctx.ask is None:
        return
    question = _("Change {name} from Airflow {here} to {there} now? It is away meanwhile, up to 2 hours. {running}")
    if not ctx.ask(question.format(name=sides.name(ctx, "target"), here=here, there=there, running=said)):
        raise WizardError(
            what=_("Not confirmed: {name} stays at Airflow {here}.").format(name=sides.name(ctx, "target"), here=here),
            changed=_("The environment's version is as it was."),
            remedy=_("Resume asks again."),
            code="not-confirmed",
            exit_code=EXIT_RESUMABLE,
        )


def note(ctx: Context) -> Noted:
    """DAGs, paused states and import errors right before a jump, kept for a resume."""
    found = facts.read(ctx, counts=False)
    facts.save(ctx, NOTED, found)
    return Noted(found)


def noted(ctx: Context) -> Noted | None:
    """What an earlier run noted before its jump."""
    found = facts.load(ctx.session.id, NOTED)
    return Noted(found) if found is not None else None
