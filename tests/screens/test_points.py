"""Clauses of the scorecard's points that no page's own tests go into: keys, drafts, checks, paste, copies, leaving."""

from __future__ import annotations

import ast
import base64
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input, OptionList

import screens
from mwaa_wizard.commands.crash import write_crash_file
from mwaa_wizard.environments.settings import SettingRow
from mwaa_wizard.execution.events import Retried
from mwaa_wizard.front import engine, routing
from mwaa_wizard.front.opened import Opened
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens import leaving
from screens.app import WizardApp
from screens.start_request import StartRequest
from screens.widgets.keys import Keys
from screens.widgets.line import Line

from .conftest import Opener
from .driver import Driver
from .fake_boards import thing
from .fakes import FakeEngine, inventory, ready_session

HERE = Path(screens.__file__).parent


async def to_the_keys(d: Driver) -> None:
    """Tab to the footer, from wherever the focus is."""
    for _turn in range(12):
        if isinstance(d.app.focused, Keys):
            return
        await d.pilot.press("shift+tab")
    raise AssertionError(d.text())


async def test_the_whole_flow_needs_arrows_enter_and_tab_only(opening: Opener, fake: FakeEngine) -> None:
    """No letter but those of the target's name, which is typed on purpose; no mouse."""
    async with opening() as d:
        await d.press("enter")
        assert d.page == "connect"
        await to_the_keys(d)
        await d.press("enter")
        assert d.page == "source"
        await d.press("enter")
        await d.press("down", "enter")
        assert d.page == "target"
        await d.press("enter")
        assert d.page == "settings"
        for expected in ("tables", "logs", "policies", "preflight", "review"):
            await to_the_keys(d)
            assert isinstance(d.app.focused, Keys)
            await d.press("enter")
            assert d.page == expected
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "DONE" in d.text())
        await to_the_keys(d)
        await d.press("enter")
        assert d.page == "summary"
        assert fake.started == 1


async def test_the_keys_of_the_footer_are_marked_by_arrows_and_done_by_enter(opening: Opener) -> None:
    async with opening(ready_session(), "logs") as d:
        await d.press("tab")  # into the page, where it begins with its way on
        await to_the_keys(d)
        assert "←→ choose" in d.footer()
        await d.press("right", "enter")  # the one behind “next”
        assert d.page == "tables", "esc back"
        await d.press("tab")
        await to_the_keys(d)
        await d.press("left", "left", "right", "right", "space")
        assert d.page == "logs", "n next is marked first, and is come back to"


HALF = (
    ("target", "#name", "analytics-v2-half"), ("tables", "#since", "2025-0"), ("tables", "#patterns", "etl_*, dai"),
    ("tables", "#workers", "9"), ("logs", "#days", "99"), ("entries", "#prefix", "team/a b"),
    ("connect", "#source-region", "eu-wes"),
)  # fmt: skip


def of_route(page: str) -> Session:
    session = ready_session()
    if page == "entries":
        routing.choose(session, "settings-only")
        session.target.environment = "analytics-v2"
    return session


@pytest.mark.parametrize(("page", "place", "typed"), HALF, ids=[place for _page, place, _typed in HALF])
async def test_what_is_half_typed_is_there_after_the_way_back(
    opening: Opener, page: str, place: str, typed: str
) -> None:
    async with opening(of_route(page), page) as d:
        field = d.app.screen.query_one(place, Line)
        field.focus()
        field.value = typed
        await d.press("escape")
        assert d.page != page
        if d.page == "StartPage":
            await d.press("enter")
        else:
            d.app.go_to(page)
            await d.settled()
        assert d.page == page
        assert d.app.screen.query_one(place, Line).value == typed


WRONG = (
    ("tables", "#since", "2026-13-01", "write the day as YYYY-MM-DD"), ("tables", "#workers", "9", "from 1 to 8"),
    ("logs", "#days", "14", "from 1 to 13"), ("entries", "#prefix", "bad prefix!", "takes letters, digits"),
    ("connect", "#source-region", "nowhere-1", "That is not an AWS region"),
)  # fmt: skip


@pytest.mark.parametrize(("page", "place", "typed", "told"), WRONG, ids=[row[1] for row in WRONG])
async def test_a_wrong_answer_is_told_beside_its_field_when_it_is_left_and_by_next(
    opening: Opener, page: str, place: str, typed: str, told: str
) -> None:
    async with opening(of_route(page), page) as d:
        field = d.app.screen.query_one(place, Line)
        field.focus()
        await d.pilot.pause()
        field.value = typed
        await d.press("tab")
        assert not field.has_focus
        screen = d.app.screen
        # Two of them are too narrow for words beside them: the last line has theirs.
        notes = screen.query(f"{place}-note") or screen.query("#notice")
        note = " ".join(str(notes.first().render()).split())
        assert note.startswith("✘ ")
        assert told in note
        await d.press("ctrl+n")
        assert d.page == page
        assert field.has_focus, "Next goes to what is to be mended"


async def test_the_lists_of_boards_and_boxes_are_narrowed_too(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.boards.things = [thing("bundle"), thing("variable")]
    async with opening(ready_session(), "cleanup") as d:
        await d.press("slash")
        await d.write("bundle")
        await d.settled()
        assert "Migration bucket" in d.text()
        assert "Key variable" not in d.text()
        await d.press("enter", "space", "escape")
        assert d.page == "cleanup", "out of the filter, not off the page"
        assert [row.strip()[:3] for row in d.text().splitlines() if "is there" in row] == ["[ ]", "[✔]"]
    async with opening(of_route("entries"), "entries") as d:
        assert "db_main" in d.flat_list()
        await d.press("slash")
        await d.write("http")
        await d.settled()
        assert "http_api" in d.flat_list()
        assert "db_main" not in d.flat_list()
        await d.press("escape")
        assert "db_main" in d.flat_list()
    keys = [("key-1", "alias/one"), ("key-2", "alias/two")]
    monkeypatch.setattr(engine, "setting_choices", lambda _session, _name: keys)
    async with opening(ready_session(), "settings") as d:
        await d.press("down", "down", "down", "enter")
        await d.until(lambda: "alias/two" in d.text())
        await d.press("down", "slash")
        await d.write("two")
        await d.settled()
        assert "alias/one" not in d.text()
        await d.press("escape")
        assert "alias/one" in d.text()
        assert d.app.screen.query_one("#edit-choices", OptionList).has_focus


def text_fields() -> list[str]:
    """Every class of a text field that the screens make: ours, and Textual's own where it is used as it is."""
    found = {"Line"}
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Input" for b in node.bases):
                found.add(node.name)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Input", "TextArea"):
                found.add(node.func.id)
    return sorted(found)


@pytest.mark.parametrize("name", text_fields())
async def test_a_paste_lands_without_its_newline_in_every_kind_of_field(name: str) -> None:
    from screens.widgets.search_line import SearchLine

    made: dict[str, Callable[[], Input]] = {"Line": Line, "Input": Input, "SearchLine": lambda: SearchLine(id="s")}
    assert name in made, "a new kind of field: say how it takes a paste"

    class Paper(App[None]):
        def compose(self) -> Any:
            yield made[name]()

    async with Paper().run_test() as pilot:
        field = pilot.app.query_one(Input)
        field.display = True
        field.focus()
        await pilot.pause()
        field.post_message(events.Paste("pasted-name\r\n"))
        await pilot.pause()
        assert field.value == "pasted-name"


async def test_source_and_target_stand_side_by_side_and_one_edit_is_taken_back(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(_session: Session, _environment: object) -> list[SettingRow]:
        workers = fake.edits.get("MaxWorkers", "10")
        return [
            SettingRow("MaxWorkers", "Max workers", "10", workers, "same" if workers == "10" else "changed",
                       edited=workers != "10", text=workers),
            SettingRow("Class", "Class", "mw1.medium", "mw1.large", "changed"),
            SettingRow("Schedulers", "Schedulers", "2", "2", "same"),
        ]  # fmt: skip

    monkeypatch.setattr(engine, "setting_rows", rows)
    fake.edits = {"MaxWorkers": "25"}

    def line(d: Driver, label: str) -> list[str]:
        return next(row.split("│")[1].split() for row in d.text().splitlines() if f" {label} " in row and "│" in row)

    async with opening(ready_session(), "settings") as d:
        assert line(d, "Max workers") == ["Max", "workers", "10", "25", "●", "edited"]
        assert line(d, "Class") == ["Class", "mw1.medium", "mw1.large", "●", "differs"]
        assert line(d, "Schedulers") == ["Schedulers", "2", "2", "same"]
        assert "u reset" in d.footer()
        await d.press("u")
        assert line(d, "Max workers") == ["Max", "workers", "10", "10", "same"]
        assert "u reset" not in d.footer()


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_rows_are_beside_every_table_and_the_size_beside_it_or_below(
    opening: Opener, fake: FakeEngine, size: tuple[int, int]
) -> None:
    fake.counted = inventory()
    async with opening(ready_session(), "tables", size) as d:
        rows = {row.split("] ")[1].split()[0]: row for row in d.text().splitlines() if "] " in row and "[" in row}
        counts = {"dag_run": "48,211", "task_instance": "1,002,340", "log": "163,500", "variable": "74"}
        for name, count in counts.items():
            assert count in rows[name].split(), rows[name]
        await d.press("down")
        shown = rows["task_instance"] if size[0] > 150 else d.flat()
        assert "286.1 MiB" in shown


async def test_review_is_read_to_its_end_by_keys_at_80x24(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    session.logs.days = 3
    async with opening(session, "review") as d:
        seen = d.flat()
        for _page in range(12):
            await d.press("pagedown")
            seen += " " + d.flat()
        for words in (
            "profile default", "1111-2222-3333", "us-east-1", "analytics-prod 2.8.1", "analytics-v2 2.11.2",
            "setting", "tables: dag_run", "3 days of task logs", "Steps, in this order", "Read source", "Verify",
            f"mwaa-wizard run {session.id}",
        ):  # fmt: skip
            assert words in seen, words
        assert "Type the target's name" not in seen


async def test_steps_have_state_time_and_retries_and_so_has_the_whole_run(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "export"
    async with opening(ready_session(), "review", (120, 40)) as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "▸ Export" in d.text())
        run = d.app.opened.runs["full"] if d.app.opened else None
        assert run is not None
        for _turn in range(2):
            run.take(Retried(step="export", text="s3:PutObject SlowDown, try 2 of 5"))
        await d.until(lambda: "↻2" in d.text())
        listed = [row.split("│")[0].split() for row in d.text().splitlines() if row[:3].strip() in tuple("✔▸·")]
        rows = {row[1]: row for row in listed}
        assert rows["Read"][0] == "✔"
        assert rows["Read"][-2:] == ["done", "0:00"]
        assert rows["Export"][:3] == ["▸", "Export", "running"]
        assert "↻2" in rows["Export"]
        assert rows["Verify"][0] == "·"
        assert "elapsed" in d.text().splitlines()[3]
        assert "2 calls tried again" in d.text()


async def test_a_signal_stops_the_run_keeps_the_session_and_says_how_to_go_on(
    opening: Opener, fake: FakeEngine
) -> None:
    fake.hold = "export"
    session = ready_session()
    async with opening(session, "review") as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "▸ Export" in d.text())
        run = d.app.opened.runs["full"] if d.app.opened else None
        assert run is not None
        d.app.end(143)
        assert run.state.stopping
        assert d.app.return_code == 143
        assert any(f"mwaa-wizard resume {session.id}" in line for line in d.app.last_words)
    saved = store.load(session.id)
    assert saved.page.name == "run"
    assert saved.last_result.state == "running", "cut off, as far as the file knows: the start page offers to go on"


async def test_quitting_where_nothing_runs_says_that_it_is_saved_and_how_to_go_on(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "logs") as d:
        await d.press("ctrl+q")
        assert d.app.return_code == 0
        told = " ".join(d.app.last_words)
        assert told == "Saved. Go on with: mwaa-wizard, then choose analytics-prod 2.8.1 → analytics-v2 2.11.2"
    assert store.load(session.id).page.name == "logs"


async def test_a_run_that_ends_rings_and_stands_in_the_title(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.fail_at = "import"
    async with opening(ready_session(), "review") as d:
        written: list[str] = []
        bells: list[int] = []
        monkeypatch.setenv("TERM", "xterm-256color")
        driver: Any = d.app._driver
        monkeypatch.setattr(driver, "write", written.append)
        monkeypatch.setattr(d.app, "bell", lambda: bells.append(1))
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "Mend" in d.text())
        assert any("✘ failed: migration" in text for text in written)
        assert bells
        bells.clear()
        await d.press("r")
        await d.until(lambda: "DONE" in d.text())
        assert any("✔ done: migration" in text for text in written)
        assert bells


async def test_a_copy_is_osc_52_with_the_exact_text(opening: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reaches the terminal, also over SSH: nothing between the wizard and it has to help."""
    async with opening(ready_session(), "policies") as d:
        written: list[str] = []
        driver: Any = d.app._driver
        monkeypatch.setattr(driver, "write", written.append)
        await d.press("y")
        (sent,) = [text for text in written if text.startswith("\x1b]52;c;")]
        text = base64.b64decode(sent.removeprefix("\x1b]52;c;").rstrip("\x07\x1b\\")).decode()
        assert text == getattr(d.app.screen, "text")  # noqa: B009


def test_no_word_after_a_copy_claims_that_it_arrived() -> None:
    """One place sends to the terminal and says so; whoever uses it shows what it says, and has no claim of its own."""
    users = 0
    for path in sorted(HERE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        sending = {one.lineno for one in ast.walk(tree)
                   if isinstance(one, ast.Attribute) and one.attr == "copy_to_clipboard"}  # fmt: skip
        assert not sending or path.name == "clipboard.py", path
        if "clipboard.send(" not in text and path.name != "clipboard.py":
            continue
        users += 1
        for line in text.splitlines():
            if "clipboard.send(" in line:
                assert ".say(" in line or ".good(" in line or "_told =" in line, (path.name, line)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                words = "".join(str(part.value) for part in node.args if isinstance(part, ast.Constant))
                for claim in ("opied", "is in the clipboard", "in your clipboard"):
                    assert claim not in words, (path.name, words)
    assert users >= 5


def test_a_crash_says_version_session_and_logs_on_the_terminal_and_in_its_file(fake: FakeEngine) -> None:
    from mwaa_wizard import __version__, paths

    session = ready_session()
    store.save(session)
    opened = Opened.open(session)
    words = " ".join(leaving.crash_words(RuntimeError("x"), opened))
    opened.close()
    for part in (f"mwaa-wizard {__version__}", str(store.path_of(session.id)), str(paths.log_dir())):
        assert part in words
    assert Path(write_crash_file(RuntimeError("y"))).read_text().startswith(f"mwaa-wizard {__version__}\n")


async def test_each_change_is_on_disk_before_the_next_key(fake: FakeEngine, opening: Opener) -> None:
    """What a kill -9 between two keys would leave."""
    session = ready_session()
    async with opening(session, "tables") as d:
        await d.press("space")
        assert "dag_run" not in (store.load(session.id).tables.selected or [])
        await d.press("n")
        assert store.load(session.id).page.name == "logs"
        await d.press("space")
        assert store.load(session.id).logs.copy_logs is not ready_session().logs.copy_logs
        await d.press("escape")
        assert store.load(session.id).page.name == "tables"
        before = store.load(session.id).updated_at
    assert dt.datetime.now(dt.UTC) - before < dt.timedelta(minutes=1)


async def test_resume_is_marked_and_a_newer_session_is_refused_by_every_way_in(
    opening: Opener, fake: FakeEngine
) -> None:
    session = ready_session()
    store.save(session)
    path = store.path_of(session.id)
    path.write_text(path.read_text().replace('"schema_version": ', '"schema_version": 9'))
    before = path.read_bytes()
    async with opening() as d:
        await d.press("enter")
        assert d.page == "StartPage"
        for key in ("e", "d", "o"):
            await d.press(key)
            assert d.page == "StartPage"
    app = WizardApp(StartRequest(page="session", session_id=session.id))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: getattr(app.screen, "list_read", False))
        assert app.opened is None
    assert path.read_bytes() == before
