"""The one line of a finished run: what verification found, for every front-end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, ngettext

if TYPE_CHECKING:
    from mwaa_wizard.front.shown import ReportText
    from mwaa_wizard.session.model import Session


def verdict(session: Session, found: ReportText) -> str:
    """What verification found; rows that the target could not take are told in the same breath."""
    if found.same is None:
        return _("Not verified")
    if not found.same:
        return _("Verification found differences")
    if session.route == "in-place":
        return _("VERIFIED: it runs the new version, and all is there")
    if found.rejected:
        return ngettext(
            "VERIFIED: the target has all that was chosen but {n} rejected row",
            "VERIFIED: the target has all that was chosen but {n} rejected rows",
            found.rejected,
        ).format(n=f"{found.rejected:,}")
    return _("VERIFIED: the target has all that was chosen")


def signed(found: ReportText) -> str:
    """The sign that stands before it where signs are shown."""
    return {True: "✔ ", False: "✘ ", None: ""}[found.same]
