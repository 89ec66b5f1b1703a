"""Routes as lines for a terminal, and as JSON."""

from __future__ import annotations

import dataclasses
import json

from mwaa_wizard.environments import cost, facts
from mwaa_wizard.environments.routes.model import Reason, Route, Routes
from mwaa_wizard.environments.routes.words import asset_word, cited, degree_word, kind_words, minutes
from mwaa_wizard.i18n import _, listed, strung
from mwaa_wizard.text import clean, fit, width


def to_json(found: Routes) -> str:
    """Everything, the wishes as a sorted list."""
    document = dataclasses.asdict(found)
    document["request"]["keep"] = sorted(found.request.keep)
    for route, own in zip(document["routes"], found.routes, strict=True):
        route["possible"] = own.possible
    document["facts"] = _facts()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_text(found: Routes, columns: int = 80) -> str:
    """Lines of at most `columns` terminal cells."""
    request = found.request
    lines = _hanging(_headline(found), columns, "", "")
    if request.keep:
        kept = listed(asset_word(asset) for asset in sorted(request.keep))
        lines += _hanging(_("To keep: {names}").format(names=kept), columns, "", "")
    for text in found.warnings:
        lines += _hanging(f"⚠ {text}", columns, "", "  ")
    lines.append("─" * columns)
    for route in found.routes:
        lines += [*_route(route, columns), ""]
    if found.recommended is None:
        lines += [*_hanging(_("No route leads there."), columns, "", ""), ""]
    lines += _month(found, columns)
    for text in _facts():
        lines += _hanging(text, columns, "", "  ")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _headline(found: Routes) -> str:
    request = found.request
    kind = _("self-managed Airflow") if request.self_managed else "MWAA"
    place = f"{clean(request.region, limit=40)}, {clean(request.target_class, limit=40)}"
    return f"{kind} {request.source} → MWAA {request.target}  ({place})"


def _month(found: Routes, columns: int) -> list[str]:
    if found.month is None:
        return []
    text = _("A month of the target: {target}").format(target=cost.money(found.month.target.month))
    if found.month.source is not None and found.month.difference is not None:
        text += _("; of the source: {source} ({sign}{difference})").format(
            source=cost.money(found.month.source.month),
            sign="+" if found.month.difference >= 0 else "",
            difference=cost.money(found.month.difference),
        )
    text = strung((text, _("without additional workers and storage.")))
    return [line for note in (text, *found.month.target.notes) for line in _hanging(note, columns, "", "  ")]


def _facts() -> list[str]:
    return [
        _("Versions and rules as of {said}").format(said=facts.as_of("versions")),
        _("Prices as of {said}").format(said=cost.as_of()),
    ]


def _route(route: Route, columns: int) -> list[str]:
    if not route.possible:
        lines = _hanging(f"✘ {route.kind}: {_('blocked')}", columns, "", "  ")
        for reason in route.blocked:
            lines += _reason(reason, columns)
        return lines
    word = _("recommended") if route.recommended else _("possible")
    head = strung((f"{'▸' if route.recommended else '✔'} {route.kind}: {word}", kind_words(route.kind)))
    lines = _hanging(head, columns, "", "  ")
    for number, step in enumerate(route.steps, 1):
        text = step.text + (f" (Python {step.python})" if step.python else "")
        lines += _hanging(text, columns, f"  {number}. ", "     ")
    lines += _survival(route, columns)
    lines += _time_and_cost(route, columns)
    if route.lost:
        names = listed(asset_word(asset) for asset in route.lost)
        lines += _hanging(_("⚠ Does not keep: {names}").format(names=names), columns, "  ", "    ")
    for note in route.notes:
        lines += _reason(note, columns)
    return lines


def _survival(route: Route, columns: int) -> list[str]:
    names = max(width(asset_word(item.asset)) for item in route.survives)
    degrees = max(width(degree_word(item.degree)) for item in route.survives)
    lines: list[str] = []
    shown: set[tuple[str, str]] = set()
    for item in route.survives:
        # What is told once is not told again: the reason stands with the first it belongs to.
        why = item.why if (item.degree, item.why) not in shown else _("as above")
        shown.add((item.degree, item.why))
        head = f"  {fit(asset_word(item.asset), names)}  {fit(degree_word(item.degree), degrees)}  "
        lines += _hanging(why, columns, head, " " * width(head))
    return lines


def _time_and_cost(route: Route, columns: int) -> list[str]:
    lines: list[str] = []
    if route.time:
        text = _("Time: {span} (basis: {basis})").format(
            span=minutes(route.time.low, route.time.high), basis=strung(route.time.basis)
        )
        lines += _hanging(text, columns, "  ", "    ")
    if route.kind == "in-place":
        return [*lines, *_hanging(_("Cost while both run: none, there is one environment."), columns, "  ", "    ")]
    if route.overlap is None:
        return [*lines, *_hanging(_("Cost while both run: no price is known."), columns, "  ", "    ")]
    over = route.overlap
    text = _("Cost while both run: {hour} an hour more; {extra} in {hours} hours").format(
        hour=cost.money(over.target_hour), extra=cost.money(over.extra), hours=f"{over.hours:g}"
    )
    if over.both is not None:
        text += _(" (both together {both} an hour)").format(both=cost.money(over.both))
    lines += _hanging(_("{words}.").format(words=text), columns, "  ", "    ")
    for note in over.notes:
        lines += _hanging(note, columns, "    ", "    ")
    return lines


def _reason(reason: Reason, columns: int) -> list[str]:
    return _hanging(f"{reason.text} [{cited(reason.source)}]", columns, "  · ", "    ")


def _hanging(text: str, columns: int, first: str, rest: str) -> list[str]:
    from mwaa_wizard.report.render import wrap

    rows = wrap(text, max(20, columns - width(rest)))
    return [(first if number == 0 else rest) + row for number, row in enumerate(rows)]
