"""Pages render declarations: what is typed is checked beside its field, kept, filtered, reset, said as a command."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual import events
from textual.widgets import Input, OptionList

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, flow, questions, routing, stale
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.widgets.line import Line
from screens.widgets.plain import Plain

from .conftest import Opener
from .driver import Driver
from .fakes import FakeEngine, ready_session


def name_field(d: Driver) -> Line:
    return d.app.screen.query_one("#name", Line)


async def test_a_half_typed_name_is_told_beside_its_field_and_survives_every_way_out(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "target") as d:
        await d.write("9-lives")
        await d.pilot.press("f2")  # the field loses the focus
        assert "✘ A name starts with a letter." in d.text()
        await d.press("f2", "ctrl+n")
        assert d.page == "target", "Next checks again"
        assert name_field(d).has_focus
        await d.press("escape")
        assert d.page == "route"
        d.app.go_to("target")
        await d.settled()
        assert name_field(d).value == "9-lives"
        assert "✘ A name starts with a letter." in d.text()
    assert store.load(session.id).target.environment == "analytics-v2", "what is no answer is in no session"


async def test_what_cannot_be_in_a_name_cannot_be_typed_and_a_paste_loses_its_newline(opening: Opener) -> None:
    async with opening(ready_session(), "target") as d:
        before = name_field(d).value
        await d.pilot.press("exclamation_mark", "end")
        assert name_field(d).value == before
        assert "Letters, digits, - and _" in d.text()
        name_field(d).select_all()
        d.app.screen.focused.post_message(events.Paste("  pasted-name \n\n"))  # type: ignore[union-attr]
        await d.until(lambda: name_field(d).value == "pasted-name")
        await d.press("enter")
        assert d.page == "settings"


async def test_what_is_wrong_in_a_narrow_field_is_told_in_whole_words_until_it_is_mended(opening: Opener) -> None:
    async with opening(ready_session(), "tables") as d:
        d.app.screen.query_one("#workers", Line).focus()
        await d.settled()
        await d.write("99")
        await d.press("tab")
        assert "✘ Give a whole number from 1 to 8." in d.text()
        d.app.screen.query_one("#workers", Line).focus()
        await d.settled()
        await d.write("1")
        await d.press("tab")
        assert "✘" not in d.text()


async def test_pasted_lines_become_several_patterns(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        field = d.app.screen.query_one("#patterns", Line)
        field.focus()
        field.post_message(events.Paste("etl_*\r\n\r\ndaily_?\n"))
        await d.until(lambda: field.value == "etl_*, daily_?")
        await d.press("enter")
    assert store.load(session.id).tables.dag_patterns == ["etl_*", "daily_?"]


@pytest.mark.parametrize(
    ("page", "typed", "there", "gone"),
    [("settings", "max", "Max workers", "KMS key"), ("tables", "audit", "[ ] log", "task_instance"),
     ("route", "settings", "settings-only", "bridge"), ("source", "bill", "billing", "analytics-prod  ")],
)  # fmt: skip
async def test_slash_filters_the_list_and_esc_shows_all_again(
    opening: Opener, page: str, typed: str, there: str, gone: str
) -> None:
    async with opening(ready_session(), page) as d:
        assert gone in d.flat_list()
        await d.press("slash")
        await d.write(typed)
        await d.settled()
        assert there in d.flat_list()
        assert gone not in d.flat_list()
        await d.press("escape")
        assert d.page == page, "out of the filter, not off the page"
        assert gone in d.flat_list()


async def test_a_filter_changes_no_choice_of_what_it_hides(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        await d.press("slash")
        await d.write("audit")
        await d.press("enter", "space")
        assert store.load(session.id).tables.selected == ["dag_run", "task_instance", "log", "variable"]


async def test_one_edit_or_all_of_them_are_taken_back(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ready_session()
    session.target.settings = {"MaxWorkers": 20, "MinWorkers": 2}
    monkeypatch.setattr(engine, "reset_setting", lambda s, name: s.target.settings.pop(name, None))
    fake.edits = {"MaxWorkers": "20"}
    async with opening(session, "settings", size=(120, 40)) as d:
        assert "^u reset all" in d.footer()
        await d.press("ctrl+u", "enter")
        assert store.load(session.id).target.settings, "the safe answer is the default"
        await d.press("ctrl+u", "y")
        assert store.load(session.id).target.settings == {}
        assert "All settings are as the source has them again." in d.text()
        assert "^u reset all" not in d.footer()


async def test_choices_are_loaded_in_sight_and_asked_again_on_the_spot(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer, calls = threading.Event(), engine.setting_choices, []

    def choices(session: Session, name: str) -> Any:
        calls.append(name)
        go.wait(20)
        if len(calls) == 1:
            raise WizardError(what="Throttled.")
        return answer(session, name)

    monkeypatch.setattr(engine, "setting_choices", choices)
    async with opening(ready_session(), "settings") as d:
        await d.press("down", "down", "down", "enter")
        await d.until(lambda: type(d.app.screen).__name__ == "EditSetting")
        await d.until(lambda: d.app.screen.query_one("#edit-choices", OptionList).loading)
        go.set()
        await d.until(lambda: "Throttled." in d.text())
        await d.pilot.press("f5")
        await d.until(lambda: "alias/one" in d.text())
        assert not d.app.screen.query_one("#edit-choices", OptionList).loading


async def test_a_half_typed_setting_is_there_when_the_box_opens_again(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "settings") as d:
        await d.press("down", "down", "enter")
        await d.write("1x")
        await d.press("escape")
        assert fake.edits == {}
        await d.press("enter")
        assert d.app.screen.query_one("#edit-value", Input).value == "1x"


async def test_a_stale_page_says_why_until_it_is_looked_at_and_review_names_it(opening: Opener) -> None:
    session = ready_session()
    session.page.done = [page for page in flow.PAGES if page not in ("review", "run", "summary", "cutover", "cleanup")]
    for page in session.page.done:
        stale.looked(page, session)
    routing.want(session, "2.10.3")
    async with opening(session, "review") as d:
        assert "↻ Settings" in d.text()
        assert "↻ stale" in d.text(), "the legend says the word"
        await d.write("analytics-v2")
        await d.press("enter")
        assert d.page == "review"
        assert "look at it again, the Airflow version changed since" in d.flat()
        d.app.go_to("settings")
        await d.settled()
        assert "↻ Look at this page again: the Airflow version changed since." in d.flat()
        d.app.go_to("review")
        await d.settled()
        assert "✔ Settings" in d.text()


async def test_wide_rails_have_the_word_beside_the_glyph_and_the_counter_adapts(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "settings", size=(150, 40)) as d:
        for line in ("✔ Connect    done", "▸ Settings   here", "○ Review     to do"):
            assert line in d.text()
        number, count = flow.position("settings", session)
        assert f"Page {number} of {count}" in d.text()
        d.app.opened.session.route = "settings-only"  # type: ignore[union-attr]
        d.app.screen.refresh_chrome()  # type: ignore[attr-defined]
        await d.pilot.pause()
        assert "– Tables     left out" in d.text()
        assert f"Page {number} of {count - 1}" in d.text()


async def test_a_blocked_page_says_in_the_rail_what_comes_first(opening: Opener) -> None:
    session = ready_session()
    session.target.environment = ""
    session.page.done = ["connect", "source", "route"]
    async with opening(session, "source") as d:
        assert "· Settings" in d.text()
        await d.press("f2", "down", "down", "down", "enter")
        assert d.page == "source"
        assert "First comes page Target. Name the new environment." in d.flat()


async def test_f4_shows_the_pages_command_and_copying_claims_no_more_than_is_known(
    opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ready_session()
    questions.must("tables.dag_patterns").write(session, ["etl_*"])
    async with opening(session, "tables") as d:
        sent: list[str] = []
        monkeypatch.setattr(d.app, "copy_to_clipboard", sent.append)
        await d.press("f4")
        command = f"mwaa-wizard set {session.id} --dags 'etl_*'"
        assert command in d.text()
        await d.press("y")
        file = paths.exports_dir() / f"{session.id}-command.sh"
        assert sent == [command]
        assert file.read_text(encoding="utf-8") == command + "\n"
        said = str(d.app.screen.query_one("#command-said", Plain).visual)
        assert said.startswith("Sent to the terminal")
        assert f"The same text is in {file}." in said
        await d.press("escape")
        assert d.page == "tables"


async def test_review_shows_both_sides_what_differs_and_what_comes_along(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    session.target.connection.profile, session.target.connection.region = "prod", "eu-west-1"
    session.target.connection.account = "444455556666"
    fake.edits, session.logs.days = {"MaxWorkers": "5"}, 3
    async with opening(session, "review", size=(120, 60)) as d:
        flat = d.flat()
        for words in (
            "analytics-prod 2.8.1 · profile default · 1111-2222-3333 us-east-1",
            "analytics-v2 2.11.2 · profile prod · 4444-5555-6666 eu-west-1",
            "1 setting differs - Max workers: 10 → 5", "3 of 4 tables: dag_run, task_instance, variable", "all days",
            "rows that are there already: keep target", "3 days of task logs, every try of every task",
            "Steps, in this order 1 Read source",
        ):  # fmt: skip
            assert words in flat, words
        assert flat.index("Read source") < flat.index("Create target") < flat.index("Verify")


async def test_what_is_dangerous_is_off_and_told_before_it_is_chosen(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        await d.press("e")
        assert d.text().count("keep target") == 4
        assert "stays as it is" in d.text()
        await d.press("space")
        assert "takes the source's values" in d.text(), "said while nothing is taken yet"
        await d.press("escape")
        assert store.load(session.id).tables.conflict.changed() == {}
        await d.press("e", "space", "enter")
        assert store.load(session.id).tables.conflict.changed() == {"history": "replace"}
    assert (session.cut_over, session.keep_bundle, session.entries.conflict) == ("restore-source", False, "keep")


async def test_a_list_that_waits_for_aws_is_covered_and_has_the_focus_when_it_comes(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer = threading.Event(), engine.source_environment

    def environment(session: Session) -> dict[str, Any]:
        go.wait(20)
        return answer(session)

    async with opening(ready_session(), "logs") as d:
        monkeypatch.setattr(engine, "source_environment", environment)
        d.app.go_to("settings")
        await d.until(lambda: any(table.loading for table in d.app.screen.query("#settings-table")))
        await d.until(lambda: "⋯ asking …" in d.text())
        go.set()
        await d.until(lambda: "Max workers" in d.text())
        assert "n/enter next" in d.footer()
        await d.press("down")
        assert d.app.screen.query_one("#settings-table").has_focus


async def test_regions_are_filtered_and_what_is_hidden_keeps_its_choice(opening: Opener) -> None:
    async with opening(ready_session(), "source") as d:
        await d.press("g")
        await d.until(lambda: "Look in which regions?" in d.text())
        await d.pilot.press("slash", "c", "e", "n")
        assert "eu-west-1" not in d.text()
        await d.pilot.press("enter", "space", "enter")
        await d.until(lambda: "eu-central-1-etl" in d.flat())
        assert d.app.opened is not None
        assert d.app.opened.regions == ["us-east-1", "eu-central-1"]
