"""Names and sentences of routes, as a user reads them."""

from __future__ import annotations

from mwaa_wizard.environments.routes.model import Asset, Degree, Kind, Work
from mwaa_wizard.i18n import _


def kind_words(kind: Kind) -> str:
    """What a route does, in half a line."""
    return {
        "in-place": _("the environment itself changes its version"),
        "new-environment": _("a new environment, the history imported"),
        "bridge": _("a new 2.11.x with the history, then up to Airflow 3 in place"),
        "settings-only": _("a new environment with variables, pools and connections"),
    }[kind]


def asset_word(asset: Asset) -> str:
    """What may survive."""
    return {
        "history": _("history"),
        "logs": _("task logs"),
        "name": _("name"),
        "url": _("URL"),
        "variables": _("variables"),
        "connections": _("connections"),
        "pools": _("pools"),
    }[asset]


def cited(source: str) -> str:
    """Where a rule is from, with the name of the guide in the language in use; the name of its page stays."""
    for guide, words in (
        ("MWAA user guide", _("MWAA user guide")), ("MWAA migration guide", _("MWAA migration guide")),
        ("Airflow documentation", _("Airflow documentation")),
    ):  # fmt: skip
        source = source.replace(guide, words)
    return source


def degree_word(degree: Degree) -> str:
    """Whether it does."""
    return {"yes": _("kept"), "partly": _("partly"), "no": _("lost")}[degree]


def step_text(work: Work, before: str, after: str) -> str:
    """One step in words."""
    texts: dict[Work, str] = {
        "create": _("Make a new environment with {after}"),
        "history": _("Export the history of {before} and import it into {after}"),
        "upgrade": _("Upgrade in place {before} → {after}"),
        "downgrade": _("Downgrade in place {before} → {after}"),
        "settings": _("Move variables, pools and connections from {before} to {after}"),
    }
    return texts[work].format(before=before, after=after)


def minutes(low: int, high: int) -> str:
    """`40 min to 4 h`: below two hours in minutes."""
    return _("{low} to {high}").format(low=_span(low), high=_span(high))


def _span(count: int) -> str:
    if count < 120:
        return _("{count} min").format(count=count)
    hours = count / 60
    return _("{count} h").format(count=f"{hours:.1f}".removesuffix(".0"))
