"""Texts of one widget: as high as what they say now."""

from __future__ import annotations

from textual.app import App, ComposeResult

from screens.widgets.plain import Plain


class _Texts(App[None]):
    CSS = "Plain { height: auto; }"

    def compose(self) -> ComposeResult:
        yield Plain("one\ntwo", id="text")


async def test_a_text_that_is_said_while_a_layout_is_under_way_gets_its_own_height() -> None:
    app = _Texts()
    async with app.run_test(size=(40, 10)) as pilot:
        text = app.query_one("#text", Plain)
        assert text.size.height == 2
        # As a resize does it: a layout is asked for, another comes first, and then there is something else to say.
        text.refresh(layout=True)
        app.screen._refresh_layout()
        text.say("one")
        await pilot.pause()
        assert text.size.height == 1
