"""The top of every page: who is moved from where to where, with which identity."""

from __future__ import annotations

from mwaa_wizard.front.words import account, shorten
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Connection, Session
from mwaa_wizard.text import clean, fit, width

from .plain import Plain


def _place(connection: Connection) -> str:
    if not connection.account:
        return _("identity not known yet")
    return f"{account(connection.account)} {connection.region}"


def _reached(session: Session) -> str:
    """The version in the end; over a bridge the one it is made at is on the way only."""
    return (session.target.upgrade_to if session.route == "bridge" else "") or session.target.airflow_version


def identity_lines(session: Session | None, cells: int, rows: int) -> list[str]:
    """One line where there is room for both sides or few rows, otherwise two aligned ones of `cells` width."""
    if session is None:
        from mwaa_wizard import __version__

        left, right = f" mwaa-wizard {__version__}", _("no identity yet") + " "
        return [fit(left, max(0, cells - width(right))) + right]
    source, target = session.source, session.target
    sides = [
        (_("source"), f"{source.environment or '…'} {source.airflow_version}".strip(), source.connection),
        (_("target"), f"{target.environment or '…'} {_reached(session)}".strip(), target.connection),
    ]
    if cells >= 118 or rows < 22:
        half = (cells - 3) // 2
        if any(half - width(label) - width(_place(place)) < 8 for label, _name, place in sides):
            # No room for names: who and where matter more.
            return [shorten(" " + " → ".join(_place(place) for _label, _name, place in sides), cells)]
        parts = []
        for label, name, place in sides:
            room = max(4, half - width(label) - width(_place(place)) - 4)
            parts.append(shorten(f"{label} {shorten(clean(name), room)} · {_place(place)}", half))
        return [f" {fit(parts[0], half)} {parts[1]}"]
    name_cells = min(34, max(width(clean(name)) for _label, name, _place_of in sides))
    lines = []
    for label, name, place in sides:
        profile = place.profile or _("default credentials")
        text = f" {fit(label, 7)} {fit(clean(name), name_cells)}  {_place(place)}  {clean(profile)}"
        lines.append(shorten(text, cells))
    return lines


class Identity(Plain):
    """Shows `identity_lines` of the open session at the width it has."""

    def __init__(self) -> None:
        super().__init__(id="identity")
        self._session: Session | None = None

    def show(self, session: Session | None) -> None:
        """Show a session's identity, or that there is none yet."""
        self._session = session
        size = self.app.size
        self.say("\n".join(identity_lines(session, size.width, size.height)))

    def on_resize(self) -> None:
        self.show(self._session)
