"""What holds on every page: one walk over all of them looks, and each test judges one point of what was seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from textual.widget import Widget
from textual.widgets import DataTable, OptionList, SelectionList

from mwaa_wizard.front import flow, guide, routing
from mwaa_wizard.front.questions import of_page
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import width
from screens import keymap
from screens.app import WizardApp
from screens.page import WizardPage
from screens.start_request import StartRequest
from screens.widgets.filter import Filtering
from screens.widgets.help import help_of, question_of
from screens.widgets.keys import Keys
from screens.widgets.long_list import LongList
from screens.widgets.rail import Rail

from .driver import Driver
from .fakes import FakeEngine, home, ready_session

# Where a page is answered: what has the focus when it opens, or gets it from the way on by the first arrow.
FOCUS = {
    "connect": "source-profile", "source": "source-table", "route": "routes", "target": "name",
    "settings": "settings-table", "entries": "entries-table", "tables": "tables-list", "logs": "copy",
    "policies": "policy-view", "preflight": "preflight-rows", "review": "confirm", "run": "run-steps",
    "summary": "summary-scroll", "cutover": "board", "cleanup": "things",
}  # fmt: skip
# Where the answers there are may do, the way on is marked.
ONWARD = ("connect", "settings", "tables", "logs", "policies", "preflight")
SIZES = ((0, 0), (1, 1), (40, 10), (60, 15), (119, 30), (120, 30), (80, 24))
# The palette itself, the list of pages (each has a line there), and what has its line among the program's own.
ELSEWHERE = ("command_palette", "rail", "app.quit", "quit", "help")
# Without a filter: `/` searches the log there, or the page has no list of its own.
SEARCHES = ("run", "policies")


@dataclass
class Seen:
    """One page of a session that is complete up to Review."""

    page: str
    session: Session
    text: str = ""
    focus: str = ""
    in_rail: bool = False
    onward: bool = False
    question: str = ""
    footer: str = ""
    named: set[str] = field(default_factory=set)  # keys that the footer may name
    labels: set[str] = field(default_factory=set)  # of everything that works, also where a letter would be text
    commands: set[str] = field(default_factory=set)
    lists: list[str] = field(default_factory=list)
    filters: bool = False
    help: str = ""
    at: dict[tuple[int, int], str] = field(default_factory=dict)
    focus_after: str = ""
    back_to: str = ""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seen]]:
    with pytest.MonkeyPatch.context() as patch:
        home(patch, tmp_path_factory.mktemp("walk"))
        fake = FakeEngine().install(patch)
        yield asyncio.run(_walk())
        fake.release.set()


async def _walk() -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    app = WizardApp(StartRequest(profile="default", region="us-east-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: getattr(app.screen, "list_read", False))
        for pages, route in (([page for page in flow.PAGES if page != "entries"], ""), (["entries"], "settings-only")):
            session = ready_session()
            if route:
                session.source.airflow_version = session.target.airflow_version = "2.8.1"
                routing.choose(session, route)
                session.target.environment = "analytics-v2"
            store.save(session)
            for page in pages:
                app.open_session(store.load(session.id))
                found[page] = await _look(d, page)
    return found


def told_by_f1(page: WizardPage) -> str:
    """What F1 would say; that it does is another test's."""
    box = help_of(page)
    fields = [f"{label}: {text}" for label, text in box._fields]
    return " ".join([*fields, *box._paragraphs, *(chapter.address for chapter in box._chapters)])


def answered_at(d: Driver) -> str:
    """The id of what has the focus, or gets it from the way on."""
    page = d.app.screen
    assert isinstance(page, WizardPage)
    return getattr(page.behind or page.focused, "id", "") or ""


async def _look(d: Driver, page: str) -> Seen:
    app = d.app
    assert app.opened is not None
    app.go_to(page)
    await d.settled()
    await d.until(lambda: bool(d.text().strip()) and bool(d.footer().strip()))
    assert d.page == page, d.text()
    screen = app.screen
    one = Seen(page, app.opened.session.model_copy(deep=True), d.text(), answered_at(d))
    one.in_rail, one.onward = isinstance(app.focused, Rail), isinstance(app.focused, Keys)
    asked = question_of(app.screen.behind if one.onward and isinstance(app.screen, WizardPage) else app.focused)
    one.question = asked.label if asked is not None and asked.help else ""
    one.footer = d.footer()
    one.named = {f"{key.name} {key.label}" for key in keymap.working(screen)}
    one.labels = {
        key.label for key in keymap.working(screen, by_key=False) if key.action.partition("(")[0] not in ELSEWHERE
    }
    one.commands = {command.title.lower() for command in app.get_system_commands(screen)}
    kinds: tuple[type[Widget], ...] = (LongList, DataTable, SelectionList, OptionList)
    body = screen.query_one("#body")
    one.lists = [str(widget.id) for kind in kinds for widget in body.query(kind) if widget.id in FOCUS.values()]
    one.filters = isinstance(screen, Filtering) or bool(screen.query("#source-filter"))
    assert isinstance(screen, WizardPage)
    one.help = told_by_f1(screen)
    for size in SIZES:
        await d.pilot.resize_terminal(*size)
        await d.pilot.pause(0.02)
        one.at[size] = d.text()
    await d.settled()
    one.focus_after = answered_at(d)
    screen = app.screen
    assert isinstance(screen, WizardPage)
    await d.press("escape")
    one.back_to = d.page
    return one


PAGES = pytest.mark.parametrize("page", flow.PAGES)


@PAGES
def test_the_focus_is_where_a_page_is_answered(seen: dict[str, Seen], page: str) -> None:
    assert (seen[page].focus, seen[page].in_rail) == (FOCUS[page], False)
    assert seen[page].onward is (page in ONWARD)


@PAGES
def test_esc_is_one_page_back(seen: dict[str, Seen], page: str) -> None:
    assert seen[page].back_to == (flow.before(page, seen[page].session) or "StartPage")


@PAGES
def test_a_list_has_a_filter(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    wanted = bool(one.lists) and page not in SEARCHES
    assert one.filters is wanted, one.lists
    if wanted or page in SEARCHES:
        assert "/ " + ("search" if page in SEARCHES else "filter") in one.named


@PAGES
def test_the_footer_names_only_what_works_and_always_the_ways_out(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    told = [part.strip() for part in one.footer.split("  ") if part.strip()]
    assert told
    noted = ("n next", "n/enter next", "^n ")  # what is to mend stands behind it
    assert [part for part in told if part not in one.named and not part.startswith(noted)] == []
    for part in ("esc back", "F1 help", "^q quit"):
        assert part in told
    assert width(one.footer) <= 80


@PAGES
def test_f1_tells_of_what_has_the_focus_why_and_where_aws_says_it(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    if one.question:
        assert f"{one.question}: " in one.help
    for asked in [] if one.question else [asked for asked in of_page(page, one.session) if asked.help][:8]:
        assert f"{asked.label}: " in one.help
    assert guide.reason(page) in one.help
    assert all(chapter.address in one.help for chapter in guide.chapters(page))


@PAGES
def test_every_action_of_a_page_is_in_the_palette(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    assert {label.lower() for label in one.labels} <= one.commands
    assert {"help", "about", "paths", "sessions", "quit"} <= one.commands
    assert "command" in one.commands, "the command that does the same"


@PAGES
def test_80_by_24_is_enough_and_less_is_said(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    title = one.text.splitlines()[3] if one.text.splitlines()[3].strip() else one.text.splitlines()[2]
    for size in ((80, 24), (60, 15), (120, 30)):
        rows = one.at[size].splitlines()
        assert len(rows) == size[1]
        assert max(width(row) for row in rows) <= size[0], size
        assert "F1 help" in rows[-1], size
        assert "needs at least" not in one.at[size], size
    assert title in one.at[(80, 24)]
    assert "needs at least 60x15, now 40x10" in " ".join(one.at[(40, 10)].split())


@PAGES
def test_any_sizes_end_where_they_began(seen: dict[str, Seen], page: str) -> None:
    one = seen[page]
    assert one.focus_after == one.focus
    assert one.at[(80, 24)].splitlines()[:2] == one.text.splitlines()[:2]
    assert one.at[(80, 24)].splitlines()[-1] == one.footer


@PAGES
def test_wide_begins_at_120_columns(seen: dict[str, Seen], page: str) -> None:
    """The reasons stand beside the page from there on; the run and the boards use the room for themselves."""
    narrow, wide = seen[page].at[(119, 30)], seen[page].at[(120, 30)]
    if page in ("run", "summary", "cutover", "cleanup"):
        assert max(map(width, wide.splitlines())) > 100
    else:
        assert wide.count("│") >= narrow.count("│") + 10, "one more line down the page"
