"""What the steps of route settings-only share: readers of both sides and the state of each connection."""

from __future__ import annotations

import dataclasses

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.entries import document, survey, vault
from mwaa_wizard.entries.backend import What
from mwaa_wizard.entries.model import Variable
from mwaa_wizard.entries.paging import Turns
from mwaa_wizard.entries.read import Reader
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _


def reader(ctx: Context, side: Side) -> Reader:
    """Reads a side's Airflow; one a run, so that all steps keep MWAA's rate together."""
    key = f"entries:reader:{side}"
    if key not in ctx.memory:
        version = str(sides.environment(ctx, side).get("AirflowVersion", ""))
        turns = Turns(sleep=ctx.sleep)
        ctx.memory[key] = Reader(
            ctx.clients, side, sides.name(ctx, side), version, sleep=ctx.sleep, turns=turns
        )
    found: Reader = ctx.memory[key]
    return found


def unreachable(ctx: Context, side: Side, problem: RestUnavailable) -> WizardError:
    """The failure of a REST API that cannot be used at all."""
    return WizardError(
        what=_("The REST API of {name} cannot be used.").format(name=sides.name(ctx, side)),
        where=str(problem),
        remedy=_("It needs airflow:InvokeRestApi as Admin or Op, and Airflow 2.4.3 or newer; then resume."),
        code=problem.code,
        exit_code=EXIT_RESUMABLE,
    )


def source_variables(ctx: Context, *, fresh: bool = False) -> list[Variable]:
    """The source's variables with their values, read once a run unless `fresh`; in this process's memory only."""
    key = "entries:variables"
    if fresh or key not in ctx.memory:
        try:
            ctx.memory[key] = reader(ctx, "source").variables()
        except RestUnavailable as problem:
            raise unreachable(ctx, "source", problem) from None
    found: list[Variable] = ctx.memory[key]
    return found


def connection_states(ctx: Context) -> list[survey.ConnectionState]:
    """Every connection of the source and what becomes of it, as of now."""
    try:
        listed = reader(ctx, "source").connections()
    except RestUnavailable as problem:
        raise unreachable(ctx, "source", problem) from None
    states = survey.connections(ctx.session, ctx.clients, sides.environment(ctx, "source"), listed)
    target, written = places(ctx).target, {str(record["name"]) for record in ctx.journal.live("secret")}
    return [
        dataclasses.replace(one, state="written", why="")
        if one.state == "needed" and target.path("connections", one.conn_id) in written
        else one
        for one in states
    ]


def secret_variables(ctx: Context) -> list[str]:
    """Variables of the source's secrets backend that have to be copied, by key."""
    where = places(ctx)
    if ctx.session.entries.connections == "leave" or where.shared("variables") or not where.readable("variables"):
        return []
    client = survey.client_of(ctx.clients, "source", where.source)
    found = vault.ids(client, where.source, "variables")
    return [key for key in found if where.source.looks_up("variables", key)]


def places(ctx: Context) -> survey.Places:
    """Both sides' secrets backends."""
    return survey.places(ctx.session, ctx.clients, sides.environment(ctx, "source"))


def value_for(ctx: Context, one: survey.ConnectionState) -> str:
    """What a connection's secret has to hold. Raises document.NotEnough where the backend's secret has no text."""
    if one.state == "backend":
        return backend_value(ctx, "connections", one.conn_id)
    assert one.listed is not None
    return document.secret_of(one.listed, survey.given(ctx.session, one.conn_id))


def backend_value(ctx: Context, what: What, entry_id: str) -> str:
    """The text of an entry of the source's backend. Raises document.NotEnough where it has none."""
    where = places(ctx)
    found = vault.read(survey.client_of(ctx.clients, "source", where.source), where.source, what, entry_id)
    if found is None:
        raise document.NotEnough(_("the source's secret has no text"))
    return found
