"""What an environment costs, from the dated price table: a month of it, and the hours in which two of them run.

Prices are those of the MWAA price list (base environment with one worker, two schedulers and two web servers).
Where a value is weakly sourced, or a region's prices are not known, the amount says so in `notes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.environments import facts, versions
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean


@dataclass(frozen=True)
class Region:
    """How a region's prices relate to those of the base region; `known` is False where we have none for it."""

    name: str
    factor: float
    doubtful: bool
    known: bool


@dataclass(frozen=True)
class Cost:
    """USD. `hour` is the environment as it stands; `notes` says what the amount is worth."""

    hour: float
    month: float
    environment_class: str
    region: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overlap:
    """USD. `extra` is what the target adds while both run; `both` is what both cost an hour, None where the source's
    cost is not known (a self-managed Airflow, a class without a price).
    """

    hours: float
    target_hour: float
    extra: float
    both: float | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A month of the target beside the source's; `difference` is target minus source, None without a source."""

    source: Cost | None
    target: Cost
    difference: float | None


def region(name: str) -> Region:
    """The price level of a region. One that is not in the table gets the base region's, and `known` is False."""
    data = facts.load("prices")
    for row in data["regions"]:
        if row["name"] == name:
            return Region(name, float(row["factor"]), bool(row["doubtful"]), True)
    return Region(name, 1.0, True, False)


def overlap_hours() -> float:
    """Hours both environments are taken to run, where nobody says otherwise."""
    return float(facts.load("prices")["overlap_hours"])


def cost(
    environment_class: str,
    region_name: str,
    *,
    workers: int | None = None,
    schedulers: int | None = None,
    webservers: int | None = None,
    storage_gb: float = 0.0,
) -> Cost | None:
    """What an environment of that class costs there; None where the class has no price.

    The counts are the components that run on average, all included; None means those in the base price.
    `storage_gb`: size of the metadata database.
    """
    found = versions.find_class(environment_class)
    if found is None:
        return None
    prices, place = facts.load("prices"), region(region_name)
    notes = _place_notes(place)
    hour = found.price_per_hour
    if "price_per_hour" in found.doubtful:
        notes.append(_("The price of {name} is poorly documented.").format(name=found.name))
    included = {"webservers": 1, "schedulers": 1, "workers": 1} if found.schedulers.max == 1 else prices["included"]
    for count, name, price, member, label in (
        (workers, "workers", found.worker_per_hour, "worker_per_hour", _("additional workers")),
        (schedulers, "schedulers", found.worker_per_hour, "worker_per_hour", _("additional schedulers")),
        (webservers, "webservers", found.webserver_per_hour, "webserver_per_hour", _("additional web servers")),
    ):
        more = max(0, (count or 0) - int(included[name]))
        if not more:
            continue
        if price is None:
            notes.append(_("Without {what}: no price is known for them.").format(what=label))
            continue
        hour += more * price
        if member in found.doubtful:
            notes.append(_("The price of {what} is poorly documented.").format(what=label))
    hour *= place.factor
    hours = float(facts.load("classes")["hours_per_month"])
    month = hour * hours + storage_gb * float(prices["storage_per_gb_month"]) * place.factor
    return Cost(round(hour, 4), round(month, 2), found.name, place.name, tuple(dict.fromkeys(notes)))


def _place_notes(place: Region) -> list[str]:
    if not place.known:
        base = facts.load("prices")["base_region"]
        return [
            _("No prices are known for {region}; those of {base} are shown.").format(
                region=clean(place.name, limit=40) or "-", base=base
            )
        ]
    return [_("The prices of {region} are poorly documented.").format(region=place.name)] if place.doubtful else []


def beside(source: Cost | None, target: Cost) -> Beside:
    """A month of both, side by side."""
    return Beside(source, target, None if source is None else round(target.month - source.month, 2))


def overlap(target: Cost, source: Cost | None = None, *, hours: float | None = None) -> Overlap:
    """The cost of the hours in which both run; ValueError for less than none."""
    span = overlap_hours() if hours is None else hours
    if span < 0:
        raise ValueError("an overlap has no negative length")
    notes = list(target.notes)
    if source is None:
        notes.append(_("What the source costs meanwhile is not known here."))
    else:
        notes += source.notes
    return Overlap(
        hours=span,
        target_hour=target.hour,
        extra=round(target.hour * span, 2),
        both=None if source is None else round(source.hour + target.hour, 4),
        notes=tuple(dict.fromkeys(notes)),
    )


def money(amount: float) -> str:
    """`$1,445.40`; amounts an hour below ten dollars with the digits of the price list."""
    text = f"{abs(amount):,.2f}"
    return f"-${text}" if amount < 0 and text.strip("0.,") else f"${text}"


def as_of() -> str:
    """Date and source of the prices."""
    return facts.as_of("classes")
