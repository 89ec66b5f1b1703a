"""What the target costs beside the source, in words; from the dated price table, so without AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def cost_words(session: Session, environment: dict[str, Any]) -> str:
    """What a month of the target costs beside the source, and the hours in which both run; from the dated prices."""
    from mwaa_wizard.environments import cost, effective
    from mwaa_wizard.i18n import _, sentences

    def of(values: dict[str, object], region: str) -> cost.Cost | None:
        counts = {name: value if isinstance(value := values.get(name), int) else None
                  for name in ("MinWorkers", "Schedulers", "MinWebservers")}  # fmt: skip
        return cost.cost(
            str(values.get("EnvironmentClass") or "mw1.small"), region, workers=counts["MinWorkers"],
            schedulers=counts["Schedulers"], webservers=counts["MinWebservers"],
        )  # fmt: skip

    here, there = session.source.connection.region, session.target.connection.region
    source = of(environment, here)
    target = of(effective.target_values(session, environment), there or here)
    if target is None:
        return _("No price is known for this class.")
    words = _("≈ {amount} a month with the fewest workers").format(amount=cost.money(target.month))
    if source is not None:
        more = cost.beside(source, target).difference or 0.0
        words += _("; the source ≈ {amount} ({difference})").format(
            amount=cost.money(source.month), difference=("+" if more >= 0 else "") + cost.money(more)
        )
    if session.route != "in-place":
        both = cost.overlap(target, source)
        words += _(". Both for {hours} h: ≈ {extra} more").format(hours=f"{both.hours:g}", extra=cost.money(both.extra))
    return sentences([_("{words}.").format(words=words), *target.notes])
