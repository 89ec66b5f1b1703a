"""The top of every page: who is moved from where to where, with which identity, and whether that is production."""

from __future__ import annotations

from textual.content import Content

from mwaa_wizard import preferences
from mwaa_wizard.front.production import is_production
from mwaa_wizard.front.words import account, shorten
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Connection, Session
from mwaa_wizard.text import clean, fit, width

from .mode import mode_words
from .plain import Plain

_LOW = 18  # rows below which a second line would be missed by the page; the profile goes first then


def _place(connection: Connection) -> str:
    if not connection.account:
        return _("identity not known yet")
    return f"{account(connection.account)} {connection.region}"


def _reached(session: Session) -> str:
    """The version in the end; over a bridge the one it is made at is on the way only."""
    return (session.target.upgrade_to if session.route == "bridge" else "") or session.target.airflow_version


def production_sides(session: Session | None) -> tuple[bool, bool]:
    """Whether source and target are production, as far as names and the user's own marks tell."""
    if session is None:
        return False, False
    chosen = preferences.read()
    source, target = session.source, session.target
    return (
        is_production(source.connection, source.environment, chosen),
        is_production(target.connection, target.environment, chosen),
    )


def identity_lines(
    session: Session | None, cells: int, rows: int, production: tuple[bool, bool] = (False, False)
) -> list[str]:
    """One line where there is room for both sides or few rows, otherwise two aligned ones of `cells` width."""
    return ["".join(text for text, _is_prod in line) for line in identity_parts(session, cells, rows, production)]


def identity_parts(
    session: Session | None, cells: int, rows: int, production: tuple[bool, bool] = (False, False)
) -> list[list[tuple[str, bool]]]:
    """The lines as pieces, each with whether it tells of a production side."""
    if session is None:
        from mwaa_wizard import __version__

        left, right = f" mwaa-wizard {__version__}", _("no identity yet") + " "
        return [[(fit(left, max(0, cells - width(right))) + right, False)]]
    source, target = session.source, session.target
    sides = [
        (_("source"), f"{source.environment or '…'} {source.airflow_version}".strip(), source.connection),
        (_("target"), f"{target.environment or '…'} {_reached(session)}".strip(), target.connection),
    ]
    if cells >= 160 or rows < _LOW:
        return [_one_line(sides, cells, production)]
    name_cells = min(34, max(width(clean(name)) for _label, name, _place_of in sides))
    lines = []
    for (label, name, place), is_prod in zip(sides, production, strict=True):
        profile = place.profile or _("default credentials")
        mark = f" {_('PRODUCTION')} " if is_prod else ""
        text = f" {fit(label, 7)} {fit(clean(name), name_cells)}  {_place(place)}  {clean(profile)}"
        lines.append([(fit(shorten(text, cells - width(mark)), cells - width(mark)) + mark, is_prod)])
    return lines


def _one_line(
    sides: list[tuple[str, str, Connection]], cells: int, production: tuple[bool, bool]
) -> list[tuple[str, bool]]:
    half = (cells - 3) // 2
    marks = [_("PRODUCTION") + " " if is_prod else "" for is_prod in production]
    if any(half - width(label) - width(_place(place)) < 8 for label, _name, place in sides):
        # No room for names: who and where matter more.
        places = [_place(place) for _label, _name, place in sides]
        if sum(map(width, places)) + sum(map(width, marks)) + 4 > cells:
            marks = ["!" if is_prod else "" for is_prod in production]
        first = shorten(" " + marks[0] + places[0], cells)
        between = " → " if width(first) + 3 < cells else ""
        second = shorten(marks[1] + places[1], max(0, cells - width(first) - width(between)))
        return [(first, production[0]), (between, False), (second, production[1])]
    parts = []
    for (label, name, place), mark in zip(sides, marks, strict=True):
        where = f"{clean(place.profile or _('default credentials'))} · {_place(place)}"
        if half - width(label) - width(mark) - width(where) - 4 < min(12, width(clean(name))):
            where = _place(place)
        room = max(4, half - width(label) - width(mark) - width(where) - 4)
        parts.append(shorten(f"{mark}{label} {shorten(clean(name), room)} · {where}", half))
    second = fit(parts[1], cells - half - 2) if production[1] else parts[1]
    return [(" ", False), (fit(parts[0], half), production[0]), (" ", False), (second, production[1])]


class Identity(Plain):
    """Shows `identity_lines` of the open session at the width it has; production is worded, and coloured on top."""

    def __init__(self) -> None:
        super().__init__(id="identity")
        self._session: Session | None = None
        self._production = (False, False)

    def show(self, session: Session | None) -> None:
        """Show a session's identity, or that there is none yet."""
        self._session, self._production = session, production_sides(session)
        self._show()

    def _show(self) -> None:
        size = self.app.size
        rows: list[Content] = []
        loud = "bold ansi_bright_white on ansi_red" if self.app.native_ansi_color else "bold reverse $text-error"
        mode = mode_words(getattr(getattr(self.app, "request", None), "dry_run", False))
        unsaved = getattr(getattr(self.app, "opened", None), "unsaved", None)
        if unsaved is not None:
            words = _("NOT SAVED, the answers are in this window only: {why}").format(why=clean(unsaved.strerror))
            rows.append(Content.styled(shorten(f" {words}", size.width), loud))
        if mode:
            rows.append(Content.styled(shorten(f" {mode}", size.width), "bold $text-warning"))
        for line in identity_parts(self._session, size.width, size.height, self._production):
            pieces = [Content.styled(text, loud) if is_prod else Content(text) for text, is_prod in line]
            rows.append(Content("").join(pieces))
        self.say(Content("\n").join(rows))

    def on_resize(self) -> None:
        self._show()
