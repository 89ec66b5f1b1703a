"""A clean-up in words, for every front-end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, sentences
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.execution.belongings.find import Belonging

    from .engine_cleanup import Found


def state(one: Belonging) -> tuple[str, str]:
    """(glyph, words): whether it is there."""
    if one.there is None:
        return "?", _("could not be looked at")
    if one.there:
        return "!", _("is there")
    if one.gone:
        return "✔", _("gone since {when}").format(when=moment(one.gone))
    return "✔", _("not there")


def moment(text: str) -> str:
    """`2026-11-23 03:16 UTC` of the journal's time."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return clean(text, limit=40)


def verdict(found: Found) -> str:
    """How it stands, in one sentence."""
    if not found.things:
        return _("Nothing of the migration was put into either environment.")
    if not found.there:
        return _("Nothing of ours is left: looked at just now, and the journal says when each was removed.")
    unknown = sum(one.there is None for one in found.things)
    told = []
    if len(found.there) > unknown:
        told.append(_("Still there: {n} of {count}.").format(n=len(found.there) - unknown, count=len(found.things)))
    if unknown:
        told.append(_("Could not be looked at: {n} of {count}.").format(n=unknown, count=len(found.things)))
    return sentences(told)


def never(source: str, target: str) -> str:
    """What no clean-up touches."""
    return _("Never touched here: {source}, {target}, their DAGs, history and settings.").format(
        source=clean(source, limit=80), target=clean(target, limit=80)
    )


def lines(found: Found, ids: list[str]) -> list[str]:
    """The list for a terminal without a screen."""
    told, taken = [], _("is taken away")
    for one in found.things:
        glyph, words = state(one)
        mark = f" [{taken}]" if one.id in ids else ""
        seen = f" ({clean(one.seen)})" if one.seen else ""
        told.append(f"{glyph} {one.title} · {clean(one.where)}: {words}{seen}{mark}")
    told += ["", verdict(found)]
    if found.stays:
        told.append(_("Stays, as the target needs it:"))
        told += [f"  {clean(one.what)}: {clean(one.why)}" for one in found.stays]
    if found.obstacle:
        told.append(clean(found.obstacle))
    return told
