"""Undoing an upgrade in place, as far as MWAA goes back: version, options and requirements; what it cannot is told.

Source: MWAA user guide upgrading-environment: between versions of one major, and from 3.x to 2.11.x; never to a version
whose support has ended. What only the newer version recorded is lost with the way back.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.environments import effective
from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.environments.secret import OPTIONS
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Record
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


def undo(ctx: Context, step: str) -> None:
    """Put back what the step's jumps changed. Raises WizardError where the environment cannot go back."""
    records = jumps.made(ctx)
    if ctx.session.route != "in-place":
        for record in reversed(records):  # the environment itself is deleted
            ctx.removed(jumps.KIND, record["name"], by="undo")
        return
    if records:
        environment = updates.settle(ctx)
        here, wanted = str(environment.get("AirflowVersion", "")), str(records[0]["before"]["airflow_version"])
        if here != wanted:
            holding.release(ctx)  # what is unpaused now is what comes back after the way back
            way = _way_back(ctx, here, wanted)
            holding.hold(ctx)
            try:
                _go_back(ctx, way, records)
            except Exception:
                holding.give_back(ctx)
                raise
        for record in reversed(records):
            ctx.removed(jumps.KIND, record["name"], by="undo")
    pinned_requirements.remove(ctx, step)
    holding.release(ctx)


def _way_back(ctx: Context, here: str, wanted: str) -> list[str]:
    name = sides.name(ctx, "target")
    way, against = in_place.jumps(here, wanted)
    if against:
        raise WizardError(
            what=_("{name} stays at Airflow {here}: MWAA does not go back to {wanted}.").format(
                name=name, here=here, wanted=wanted
            ),
            where=" · ".join(f"{reason.text} [{reason.source}]" for reason in against),
            changed=_("Nothing more was changed: its options and its requirements are those of {here}, which it needs. "
                      "All DAGs have the paused states they had before.").format(here=here),
            remedy=_("Make a new environment from a version that MWAA has, or go on with {here}.").format(here=here),
        )  # fmt: skip
    ctx.log(_("What only Airflow {here} recorded is lost on the way back.").format(here=here), "WARN")
    return way


def _go_back(ctx: Context, way: list[str], records: list[Record]) -> None:
    name = sides.name(ctx, "target")
    for version in way:
        environment = updates.settle(ctx)
        record = next((r for r in records if r["before"]["airflow_version"] == version), None)
        before_jump.confirm(ctx, str(environment.get("AirflowVersion", "")), version)
        noted = before_jump.note(ctx)
        ctx.client("target", "mwaa").update_environment(**_request(ctx, environment, version, record))
        ctx.log(_("UpdateEnvironment accepted: {name} goes back to {version}.").format(name=name, version=version))
        found = updates.settle(ctx)
        if found.get("AirflowVersion") != version:
            code, said = updates.reason(found)
            raise WizardError(
                what=_("MWAA could not change {name} back to Airflow {version}.").format(name=name, version=version),
                where=said,
                changed=_("It runs Airflow {version} as before.").format(version=found.get("AirflowVersion")),
                remedy=_("Mend what MWAA says, then run undo again."),
                code=code or "UPDATE_FAILED",
            )
        updates.forget(ctx)
        updates.wait_answers(ctx, version)
        after_jump.look(ctx, version, noted)


def _request(ctx: Context, environment: dict[str, Any], version: str, record: Record | None) -> dict[str, Any]:
    """The way back to what the journal knows; for a version in between, whatever fits it."""
    planned = update_request.plan(ctx, environment, version, edits=False)
    request = dict(planned.request)
    if record is None:
        if planned.requirements is not None and planned.requirements.rewritten.changed:
            request[pinned_requirements.PATH] = planned.requirements.key
            request[pinned_requirements.VERSION] = pinned_requirements.put(ctx, planned.requirements)
        return request
    before: dict[str, Any] = record["before"]
    if "options" in before:
        request[OPTIONS] = _options(ctx, environment, before)
    for name, value in before["settings"].items():
        head, _dot, tail = name.partition(".")
        if effective.empty(value):
            ctx.log(_("{name} had no value before; MWAA cannot take one away, so it stays.").format(name=name), "WARN")
        elif tail:
            request.setdefault(head, {})[tail] = value
        else:
            request[head] = value
    if version_id := before.get("requirements_version"):
        request[pinned_requirements.PATH] = before["settings"].get(pinned_requirements.PATH) or (
            environment[pinned_requirements.PATH]
        )
        request[pinned_requirements.VERSION] = version_id
    return request


def _options(ctx: Context, environment: dict[str, Any], before: dict[str, Any]) -> dict[str, str]:
    """The options as they were; a secret one has its value from where the environment has it now."""
    now: dict[str, str] = environment.get(OPTIONS) or {}
    found: dict[str, str] = {}
    for key, value in before["options"].items():
        kept = now.get(before["secret_from"].get(key) or key) if value is None else value
        if kept:
            found[key] = kept
        else:
            ctx.log(_("{key} was secret and is not kept anywhere; set it again.").format(key=key), "WARN")
    return found
