"""ctrl+p lists every action that works now and runs it; about, paths, colours, language, production, export."""

from __future__ import annotations

from typing import Any

import pytest
from textual.command import CommandPalette

from mwaa_wizard import i18n, paths, preferences
from mwaa_wizard.front import flow
from mwaa_wizard.session import store
from screens import keymap, theme

from .conftest import Opener
from .driver import Driver
from .fakes import ACCOUNT, FakeEngine, ready_session


def titles(d: Driver) -> list[str]:
    return [command.title for command in d.app.get_system_commands(d.app.screen)]


async def run(d: Driver, title: str) -> None:
    """Choose a command of the palette as the palette does."""
    (callback,) = [one.callback for one in d.app.get_system_commands(d.app.screen) if one.title == title]
    result: Any = callback()
    if result is not None:
        await result
    await d.settled()


@pytest.mark.parametrize("page", ["settings", "tables", "policies", "run"])
async def test_every_key_that_works_on_a_page_is_a_command_too(opening: Opener, page: str) -> None:
    async with opening(ready_session(), page) as d:
        offered = {title.lower() for title in titles(d)}
        for one in keymap.working(d.app.screen, by_key=False):
            if one.action.partition("(")[0] in ("command_palette", "rail", "quit"):
                continue  # the palette itself; each page and Quit have a line of their own
            assert one.label.lower() in offered, one
        for general in ("help", "about", "paths", "sessions", "quit", "colours: high contrast", "language: 日本語"):
            assert general in offered


async def test_the_pages_are_in_the_order_of_the_rail(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "logs") as d:
        told = [title.removeprefix("Go to: ") for title in titles(d) if title.startswith("Go to: ")]
        rail = [flow.title_of(mark.page) for mark in flow.marks(d.app.opened.session, "logs") if mark.open]  # type: ignore[union-attr]
        assert told == [title for title in rail if title != "Logs"]


async def test_typing_finds_a_command_and_enter_does_it(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "logs") as d:
        await d.press("ctrl+p")
        assert isinstance(d.app.screen, CommandPalette)
        await d.write("Go to: Tab")
        await d.until(lambda: "Go to: Tables" in d.text() and "About" not in d.text())
        await d.press("enter")
        await d.until(lambda: d.page == "tables")


async def test_a_command_of_the_page_does_what_its_key_does(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "logs") as d:
        await run(d, "Next")
        assert d.page == "policies"


async def test_about_names_version_session_log_and_terminal(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    async with opening(session, "logs", size=(120, 40)) as d:
        await run(d, "About")
        text = d.text()
        for part in ("mwaa-wizard 0.1.0", f"{session.id}.json", "logs, crash files", "120x40", "textual 8."):
            assert part in text
        await d.press("escape")
        await run(d, "Paths")
        assert str(paths.exports_dir())[:30] in d.text()


async def test_colours_are_changed_and_kept_for_the_next_time(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "logs") as d:
        await run(d, "Colours: high contrast")
        assert d.app.theme == theme.CONTRAST.name
    assert preferences.read().theme == "contrast"
    async with opening(ready_session(), "logs") as d:
        assert d.app.theme == theme.CONTRAST.name


@pytest.mark.parametrize(
    ("asked", "variable", "saved", "expected"),
    [
        ("", "", "", "mwaa-wizard"),
        ("", "", "light", "mwaa-wizard-light"),
        ("", "nord", "light", "nord"),
        ("16", "nord", "light", "mwaa-wizard-ansi"),
        ("", "", "gone-since", "mwaa-wizard"),
    ],
)
def test_an_option_wins_over_the_variable_and_that_over_what_was_saved(
    monkeypatch: pytest.MonkeyPatch, asked: str, variable: str, saved: str, expected: str
) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", variable)
    there = [one.name for one in theme.OWN.values()] + ["nord"]
    assert theme.chosen(asked, saved, there) == expected


def _light(rgb: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [part / 255 for part in rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(ink: Any, paper: Any) -> float:
    one, other = sorted((_light(ink.get_truecolor()), _light(paper.get_truecolor())))
    return (other + 0.05) / (one + 0.05)


@pytest.mark.parametrize("name", theme.OWN)
async def test_every_page_can_be_read_in_every_theme(opening: Opener, fake: FakeEngine, name: str) -> None:
    """At least 4.5 to 1, what WCAG asks of text, placeholders too; the terminal's own 16 only must not be the same."""
    async with opening(ready_session(), "settings", size=(120, 40)) as d:
        d.app.use_theme(name)
        for page in ("tables", "review"):
            d.app.go_to(page)
            await d.settled()
            for strip in d.app.screen._compositor.render_strips():
                for segment in strip:
                    style = segment.style
                    if style is None or not segment.text.strip(" ▔▁│─▂▃▄▅▆▇█▏▎▍▌▋▊▉▐▕"):
                        continue
                    ink, paper = style.color, style.bgcolor
                    if ink is None or paper is None or ink.is_default or paper.is_default:
                        continue
                    assert ink != paper, segment
                    assert name == "16" or _contrast(ink, paper) >= 4.5, segment


async def test_another_language_is_spoken_at_once_and_kept(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        async with opening(ready_session(), "logs") as d:
            await run(d, "Language: 日本語")
            assert i18n.language() == "ja"
            assert "Do the task logs come along?" not in d.text()
            assert preferences.read().language == "ja"
            await run(d, "Language: English" if "Language: English" in titles(d) else _english(d))
            assert "Do the task logs come along?" in d.text()
    finally:
        i18n.use_language("en")


def _english(d: Driver) -> str:
    """The command's title in the language that is spoken."""
    return next(title for title in titles(d) if title.endswith("English"))


async def test_what_counts_as_production_is_the_users_to_say(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    session.source.environment = "billing"
    async with opening(session, "logs") as d:
        assert "PRODUCTION" not in d.text()
        await run(d, "Target is production")
        assert d.text().count("PRODUCTION") == 2  # both sides are in the one account
        assert preferences.read().production == [ACCOUNT]
        await run(d, "Source is not production")
        assert "PRODUCTION" not in d.text()
        assert preferences.read().not_production == [ACCOUNT]


async def test_the_open_session_is_exported_and_the_file_is_named(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    async with opening(session, "logs") as d:
        await run(d, "Export this session")
        await d.until(lambda: "without account numbers" in " ".join(d.text().split()))
    assert ACCOUNT not in (paths.exports_dir() / f"session-{session.id}.json").read_text()


async def test_settings_that_cannot_be_written_are_told_and_hold_for_now(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_members: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preferences, "change", full)
    async with opening(ready_session(), "logs") as d:
        await run(d, "Colours: light")
        await d.until(lambda: "No space left on device" in d.text())
        assert d.app.theme == theme.LIGHT.name


def test_damaged_preferences_are_the_defaults_and_a_newer_programs_stay() -> None:
    paths.preferences_file().write_text('{"theme": 7, "from_the_future": {"a": 1}, "production": ["x", 1]}')
    assert preferences.read() == preferences.Preferences(production=["x"])
    preferences.change(theme="light")
    assert '"from_the_future"' in paths.preferences_file().read_text()
    paths.preferences_file().write_text("{")
    assert preferences.read() == preferences.Preferences()
    assert store.list_sessions() == []
