"""ctrl+p: every action that works now on the page, then what works everywhere: pages, colours, language, help."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from mwaa_wizard import i18n
from mwaa_wizard.front import flow
from mwaa_wizard.i18n import _

from . import keymap, theme

if TYPE_CHECKING:
    from .app import WizardApp

# They are the palette itself, or have a line of their own below.
_ELSEWHERE = ("command_palette", "app.quit", "quit", "help", "app.focus_next", "app.focus_previous", "rail")


class Commands(Provider):
    """The commands in the order of the page and the rail, not of the alphabet."""

    def _all(self) -> list[SystemCommand]:
        return list(self.app.get_system_commands(self.screen))

    async def discover(self) -> Hits:
        for command in self._all():
            yield DiscoveryHit(command.title, command.callback, help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._all():
            # The words below a command count, too, but less: somebody types what he wants, not what it is called.
            score = max(matcher.match(command.title), matcher.match(command.help) * 0.7)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), command.callback, help=command.help)


def palette() -> CommandPalette:
    """The box to type in."""
    return CommandPalette(id="--command-palette", placeholder=_("Type what you want to do …"))


def commands(app: WizardApp, screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Everything that can be done now."""
    yield from _of_page(app, screen)
    yield from _pages(app)
    yield from _of_app(app, screen)
    yield from _looks(app)
    yield SystemCommand(_("Quit"), _("Everything is saved; says how to go on") + "  ^q", app.action_quit)


def _of_page(app: WizardApp, screen: Screen[Any]) -> Iterator[SystemCommand]:
    for one in keymap.working(screen, by_key=False):
        if one.action.partition("(")[0] in _ELSEWHERE:
            continue
        title = one.label[:1].upper() + one.label[1:]
        words = "  ".join(part for part in (keymap.meaning(one.key), one.name) if part)
        yield SystemCommand(title, words, partial(app.run_action, one.action, default_namespace=one.node))


def _pages(app: WizardApp) -> Iterator[SystemCommand]:
    if app.opened is None:
        return
    session = app.opened.session
    for mark in flow.marks(session, session.page.name):
        if mark.open and mark.page != session.page.name:
            title = _("Go to: {page}").format(page=flow.title_of(mark.page))
            yield SystemCommand(title, mark.word, partial(app.go_to, mark.page))
    yield SystemCommand(_("Sessions"), _("Back to the list; everything is saved"), app.leave_session)


def _of_app(app: WizardApp, screen: Screen[Any]) -> Iterator[SystemCommand]:
    if hasattr(screen, "action_help"):
        yield SystemCommand(_("Help"), _("Why this page asks, the field, and its keys") + "  F1", screen.action_help)
    yield SystemCommand(_("About"), _("Version, paths of session and log, terminal"), app.action_about)
    yield SystemCommand(_("Paths"), _("Where sessions, journals, logs and exports lie"), app.action_paths)
    if app.opened is not None:
        yield SystemCommand(
            _("Export this session"), _("To a file for others, without account numbers and secrets"), app.action_export
        )
        for side in ("source", "target"):
            yield from _production(app, side)


def _production(app: WizardApp, side: str) -> Iterator[SystemCommand]:
    from .widgets.identity import production_sides

    assert app.opened is not None
    session = app.opened.session
    connection = session.source.connection if side == "source" else session.target.connection
    if not connection.account:
        return
    yes = not production_sides(session)[0 if side == "source" else 1]
    if side == "source":
        title = _("Source is production") if yes else _("Source is not production")
    else:
        title = _("Target is production") if yes else _("Target is not production")
    words = _("Shown at the top, for account {account}").format(account=connection.account)
    yield SystemCommand(title, words, partial(app.mark_production, side, yes))


def _looks(app: WizardApp) -> Iterator[SystemCommand]:
    now = theme.short_name(app.theme)
    for name, words in theme.WORDS.items():
        title = _("Colours: {name}").format(name=_(words))
        yield SystemCommand(title, _("used now") if name == now else "", partial(app.use_theme, name))
    yield SystemCommand(_("More colours …"), _("Themes of Textual's"), app.action_change_theme)
    for code, name in i18n.languages().items():
        title = _("Language: {name}").format(name=name)
        yield SystemCommand(title, _("used now") if code == i18n.language() else "", partial(app.speak, code))
