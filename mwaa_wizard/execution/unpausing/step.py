"""One order of the cut-over board as a step, so that it runs, stops and is told like every other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.unpausing import batches, work
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session


@dataclass(frozen=True)
class Order:
    """`begin` a batch of `dags`, `go-on` with one, or `roll-back` it. `wait` None stands for the session's own."""

    what: Literal["begin", "go-on", "roll-back"]
    dags: tuple[str, ...] = ()
    number: int = 0
    wait: int | None = None
    anyway: bool = field(default=False)


class BatchStep(Step):
    """Carries out one order; running it again after a stop goes on with the batch that it began."""

    id = batches.STEP

    def __init__(self, order: Order) -> None:
        self.order = order

    @property
    def title(self) -> str:
        return _("Roll back batch {number}").format(number=self.order.number) if self._back else _("Batch")

    @property
    def _back(self) -> bool:
        return self.order.what == "roll-back"

    def describe(self, session: Session) -> list[str]:
        source, target = session.source.environment, session.target.environment
        first, second = (target, source) if self._back else (source, target)
        return [
            _("Pause the batch's DAGs in {name}, and wait for tasks of them that run.").format(name=first),
            _("Unpause in {name} exactly those that were unpaused before; a paused DAG is never unpaused.").format(
                name=second
            ),
        ]

    def check(self, ctx: Context) -> Check:
        return Check(False)

    def run(self, ctx: Context) -> None:
        order = self.order
        wait = ctx.session.tables.drain_seconds if order.wait is None else order.wait
        if order.what == "begin":
            batch = work.begin(ctx, order.dags)
            self.order = Order("go-on", number=batch.number, wait=order.wait, anyway=order.anyway)
        else:
            batch = _existing(ctx, order.number)
        if self._back:
            work.roll_back(ctx, batch, at_most=wait, anyway=order.anyway)
        elif batch.phase == "done":
            ctx.log(_("Batch {number} is done already.").format(number=batch.number))
        else:
            work.go_on(ctx, batch, at_most=wait, anyway=order.anyway)


def _existing(ctx: Context, number: int) -> Batch:
    found = batches.numbered(ctx.journal, number)
    if found is None:
        known = listed(str(batch.number) for batch in batches.all_of(ctx.journal)) or _("none")
        raise WizardError(
            what=_("There is no batch {number}.").format(number=number),
            where=_("batches: {numbers}").format(numbers=known),
            changed=_("Nothing was changed."),
            exit_code=EXIT_USAGE,
        )
    return found
