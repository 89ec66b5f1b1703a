"""`cutover`: who runs each DAG, and batches of them handed over or taken back, without a screen."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from mwaa_wizard.commands.reach import reach
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, ngettext

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.board import Board
    from mwaa_wizard.execution.unpausing.forecast import Forecast
    from mwaa_wizard.execution.unpausing.step import Order
    from mwaa_wizard.session.model import Session


@click.command(
    help=_("Show who runs each DAG; hand a batch of DAGs over to the target, or roll one back."),
    short_help=_("Hand DAGs over to the target in batches."),
)
@click.argument("session_id", metavar="SESSION")
@click.option("--batch", help=_("Hand these DAGs over: names or patterns (* and ?), with commas between them."))
@click.option("--go-on", "go_on", type=int, metavar="N", help=_("Go on with batch N, which was stopped half-done."))
@click.option("--roll-back", "roll_back", type=int, metavar="N", help=_("Give the DAGs of batch N back to the source."))
@click.option("--wait", type=click.IntRange(0, 86_400), metavar="SECONDS",
              help=_("How long to wait for running tasks (by default as long as the session says)."))  # fmt: skip
@click.option("--anyway", is_flag=True, help=_("Go on even if tasks still run after that: they may then run twice."))
@click.option("--no-forecast", is_flag=True, help=_("Do not ask the target what unpausing would do."))
@click.option("--yes", is_flag=True, help=_("Do not ask; needed where there is no terminal, and with --json."))
@click.option("--json", "as_json", is_flag=True, help=_("Output as JSON, one object a line."))
def cutover(
    session_id: str, batch: str | None, go_on: int | None, roll_back: int | None, wait: int | None, anyway: bool,
    no_forecast: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    from mwaa_wizard.commands.carry_out import carry_out
    from mwaa_wizard.commands.console import errors_as_json
    from mwaa_wizard.execution.unpausing.step import BatchStep, Order
    from mwaa_wizard.session import store

    with errors_as_json(as_json):
        session = store.load(session_id)
        if sum(given is not None for given in (batch, go_on, roll_back)) > 1:
            raise WizardError(
                what=_("Give one of --batch, --go-on or --roll-back."),
                changed=_("Nothing was changed."),
                exit_code=EXIT_USAGE,
            )
        if roll_back is not None:
            order = Order("roll-back", number=roll_back, wait=wait, anyway=anyway)
            question = _("Roll back batch {number}?").format(number=roll_back)
        elif go_on is not None:
            order = Order("go-on", number=go_on, wait=wait, anyway=anyway)
            question = _("Go on with batch {number}?").format(number=go_on)
        elif batch is not None:
            order = _begin(session, batch, wait, anyway)
            count = len(order.dags)
            text = ngettext("Hand {count} DAG over to {name}?", "Hand {count} DAGs over to {name}?", count)
            question = text.format(count=count, name=session.target.environment)
        else:
            return show(session, as_json=as_json, forecast=not no_forecast)
        code = carry_out(session, BatchStep(order), question, yes=yes, as_json=as_json)
        if code:
            print(_how_on(session), file=sys.stderr)
    return code


def show(session: Session, *, as_json: bool, forecast: bool) -> int:
    """Print the board."""
    from mwaa_wizard.front import cutover_text, engine_cutover

    reach(session)
    found = _board(session)
    told: dict[str, Forecast] = {}
    if forecast:
        wanted = [line.dag_id for line in found.lines if line.movable and line.source is not True]
        engine_cutover.forecasts(session, wanted, lambda one: told.update({one.dag_id: one}))
    if as_json:
        for row in _rows(found, told):
            click.echo(json.dumps(row, ensure_ascii=False))
        return 0
    for text in cutover_text.table(found, told):
        click.echo(text)
    return 0


def _begin(session: Session, text: str, wait: int | None, anyway: bool) -> Order:
    import dataclasses

    from mwaa_wizard.front import after_run

    reach(session)
    patterns = [part.strip() for part in text.split(",") if part.strip()]
    order = after_run.order(session, _board(session), patterns)
    if order is None:
        raise after_run.nothing_to_hand_over(session, patterns)
    return dataclasses.replace(order, wait=wait, anyway=anyway)


def _board(session: Session) -> Board:
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.front import engine_cutover

    try:
        return engine_cutover.board(session)
    except Exception as problem:  # every AWS failure becomes one plain message
        raise translate(problem) from problem


def _rows(found: Board, told: dict[str, Forecast]) -> list[dict[str, Any]]:
    import dataclasses

    rows: list[dict[str, Any]] = []
    for line in found.lines:
        row = {"event": "Dag", **dataclasses.asdict(line), "batch": line.batch.number if line.batch else None}
        if line.dag_id in told:
            row["forecast"] = dataclasses.asdict(told[line.dag_id])
        rows.append(row)
    for batch in found.batches:
        rows.append({"event": "Batch", **dataclasses.asdict(batch), "half": batch.half})
    rows.append({"event": "Board", "obstacle": found.obstacle, "dags": len(found.lines)})
    return rows


def _how_on(session: Session) -> str:
    from mwaa_wizard.execution.journal import Journal
    from mwaa_wizard.execution.unpausing import batches

    half = batches.half_done(Journal.of(session.id))
    if half is None:
        return _("See how it stands: mwaa-wizard cutover {id}").format(id=session.id)
    if half.phase == "rolling-back":
        return _("End it: mwaa-wizard cutover {id} --roll-back {number}").format(id=session.id, number=half.number)
    return _("Go on: mwaa-wizard cutover {id} --go-on {number} · or back: --roll-back {number}").format(
        id=session.id, number=half.number
    )
