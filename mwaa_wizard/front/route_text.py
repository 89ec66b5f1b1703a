"""Routes as the page shows them: a line each, the facts of one, and every reason with its source. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, listed, sentences, strung
from mwaa_wizard.text import clean, fit

from .words import shorten, wrap

if TYPE_CHECKING:
    from mwaa_wizard.environments.routes.model import Reason, Route, Routes

NAME = 15  # cells of the longest route's name


def line(route: Route, cells: int, *, chosen: bool) -> str:
    """`◉ new-environment  recommended · 50 min to 4 h`, at most `cells` wide."""
    from mwaa_wizard.environments.routes.words import asset_word, minutes

    glyph = "✘" if not route.possible else "◉" if chosen else "○"
    head = f"{glyph} {fit(route.kind, NAME)}  "
    if not route.possible:
        return shorten(head + _("blocked: {reason}").format(reason=clean(route.blocked[0].text)), cells)
    said = [_("recommended")] if route.recommended else [] if chosen else [_("possible")]
    if chosen:
        said.append(_("chosen"))
    if route.lost:
        said.append(_("⚠ loses {names}").format(names=listed(asset_word(asset) for asset in route.lost)))
    if route.time:
        said.append(_("about {span}").format(span=minutes(route.time.low, route.time.high)))
    return shorten(head + " · ".join(said), cells)


def facts(found: Routes, route: Route, cells: int) -> list[str]:
    """What the page says of the highlighted route, in lines of at most `cells`."""
    from mwaa_wizard.environments.routes.words import asset_word, kind_words, step_text

    if not route.possible:
        rows = wrap(_("{name} is blocked").format(name=route.kind), cells, "  ", "✘ ")
        for reason in route.blocked:
            rows += wrap(_reason(reason), cells, "  ", "· ")
        return rows
    rows = wrap(kind_words(route.kind), cells, "", "")
    rows += _survival(route, cells)
    for number, step in enumerate(route.steps, 1):
        text = step_text(step.work, step.before, step.after)
        python = f" (Python {step.python})" if step.python else ""
        rows += wrap(text + python, cells, " " * 8, f"{number:>6}. ")
    rows += time_and_cost(found, route, cells)
    if route.lost:
        names = listed(asset_word(asset) for asset in route.lost)
        rows += wrap(_("Does not keep: {names}").format(names=names), cells, "  ", "⚠ ")
    for warning in found.warnings:
        rows += wrap(clean(warning), cells, "  ", "⚠ ")
    for note in route.notes:
        rows += wrap(clean(note.text), cells, "  ", "· ")
    return rows


def _survival(route: Route, cells: int) -> list[str]:
    from mwaa_wizard.environments.routes.words import asset_word

    rows: list[str] = []
    for degree, glyph, label in (
        ("yes", "✔", _("keeps")), ("partly", "◐", _("partly")), ("no", "✘", _("loses")),
    ):  # fmt: skip
        names = [asset_word(item.asset) for item in route.survives if item.degree == degree]
        if names:
            rows += wrap(listed(names), cells, " " * 10, f"{glyph} {fit(label, 8)}")
    return rows


def time_and_cost(found: Routes, route: Route, cells: int) -> list[str]:
    """Time, the month beside the source, and what the overlap costs; each says that it is an estimate."""
    from mwaa_wizard.environments.cost import money
    from mwaa_wizard.environments.routes.words import minutes

    rows: list[str] = []
    indent = " " * 10
    if route.time:
        span = minutes(route.time.low, route.time.high)
        rows += wrap(_("{span} (estimate)").format(span=span), cells, indent, "  " + fit(_("Time"), 8))
    month = _("no price is known")
    if found.month is not None:
        month = _("{amount} a month").format(amount=money(found.month.target.month))
        if found.month.source is not None and found.month.difference is not None:
            sign = "+" if found.month.difference >= 0 else ""
            month += _("; the source {amount} ({difference})").format(
                amount=money(found.month.source.month), difference=sign + money(found.month.difference)
            )
    rows += wrap(month, cells, indent, "  " + fit(_("Cost"), 8))
    if route.kind == "in-place":
        overlap = _("none: there is one environment")
    elif route.overlap is None:
        overlap = _("no price is known")
    else:
        overlap = _("{amount} while both run for {hours} h (estimate)").format(
            amount=money(route.overlap.extra), hours=f"{route.overlap.hours:g}"
        )
    return rows + wrap(overlap, cells, indent, "  " + fit(_("Overlap"), 8))


def reasons(found: Routes, route: Route) -> list[str]:
    """Paragraphs for the pane on the right: every rule of the route with where it is from."""
    from mwaa_wizard.environments.routes.words import asset_word, cited, degree_word

    if not route.possible:
        head = _("{name} is blocked, because:").format(name=route.kind)
        return [head, *(_reason(one) for one in route.blocked)]
    told: list[str] = []
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item in route.survives:
        groups.setdefault((item.degree, item.why, item.source), []).append(asset_word(item.asset))
    for (degree, why, source), names in groups.items():
        word = degree_word(degree)  # type: ignore[arg-type]
        told.append(clean(_("{names}: {word}. {why} [{source}]").format(
            names=listed(names), word=word, why=why, source=cited(source))))
    told += [_reason(note) for note in route.notes]
    if route.time:
        told.append(_("Time is from: {basis}").format(basis=clean(strung(route.time.basis))))
    notes = list(route.overlap.notes if route.overlap else found.month.target.notes if found.month else ())
    return told + [clean(note) for note in notes] + as_of()


def as_of() -> list[str]:
    """How old the tables are."""
    from mwaa_wizard.environments import cost
    from mwaa_wizard.environments import facts as tables

    return [
        _("Versions and rules as of {said}").format(said=tables.as_of("versions")),
        _("Prices as of {said}").format(said=cost.as_of()),
    ]


def _reason(reason: Reason) -> str:
    from mwaa_wizard.environments.routes.words import cited

    return clean(sentences([reason.text, f"[{cited(reason.source)}]"]))
