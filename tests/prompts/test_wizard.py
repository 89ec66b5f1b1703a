"""Plain mode from the first line to the report, by answers to its prompts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.events import Event
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.unpausing.step import Order
from mwaa_wizard.front import drift, engine_cutover, engine_preflight
from mwaa_wizard.front.after_run import After
from mwaa_wizard.front.answers_file import Answers
from mwaa_wizard.session import store
from mwaa_wizard.session.drift import Difference
from mwaa_wizard.session.model import Session
from tests.screens.fake_boards import FakeBoards
from tests.screens.fakes import FAILURE, NASTY, STEPS, FakeEngine, ready_session

from .conftest import Play

COMMON = {"Environment to move": "1", "Route (": "new-environment", "To start, type": "analytics-v2"}


def one() -> Session:
    """The only saved session."""
    (listed,) = store.list_sessions()
    assert listed.session is not None
    return listed.session


def test_first_line_to_report_mostly_by_enter(play: Play, fake: FakeEngine) -> None:
    code, printed = play(COMMON)
    assert code == 0
    pages = re.findall(r"^Page \d+ of \d+: (.*)$", printed, re.MULTILINE)
    assert pages == ["Connect", "Source", "Route", "Target", "Settings", "Tables", "Logs", "Policies", "Preflight",
                     "Review", "Run", "Summary", "Cut over", "Clean up"]  # fmt: skip
    for step in STEPS:
        assert f"- {step.title} of analytics-v2 in us-east-1" in printed
    assert "account 1111-2222-3333, region us-east-1" in printed
    assert printed.index("- Verify of analytics-v2") < printed.index("Read source: begins.")
    assert "Step 6 of 6, Verify: done" in printed
    assert "VERIFIED: the target has all that was chosen" in printed
    assert "/state/report.html" in printed
    session = one()
    assert (session.source.environment, session.target.environment) == ("analytics-prod", "analytics-v2")
    assert session.last_result.state == "verified"
    assert fake.started == 1


def test_nothing_is_redrawn_coloured_or_drawn(play: Play, fake: FakeEngine) -> None:
    fake.environment_names = [NASTY, "billing"]
    fake.lines = 50
    _code, printed = play({**COMMON, "Environment to move": "2"})
    assert "移行" in printed
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", printed)
    assert not re.search(r"[\u2500-\u259f\u2190-\u21ff✔✘▸■◉○⋯]", printed.replace("…", ""))


def test_every_answer_goes_through_the_checks_of_the_screens(play: Play) -> None:
    _code, printed = play({
        **COMMON, "Name [": ["9lives", "analytics-prod", "analytics-v2"], "From (": ["2026-13-01", "2026-01-01"],
        "Days [": ["40", "3"], "Copy task logs": ["perhaps", "yes"], "Tables (": ["9", "1-2,4"],
    })  # fmt: skip
    refused = re.findall(r"^Not taken: (.*)$", printed, re.MULTILINE)
    assert [words[:24] for words in refused] == [
        "A name starts with a let", "The new environment need", "Give numbers from 1 to 4", "From: write the day as Y",
        "Answer yes or no.", "Give a whole number from",
    ]  # fmt: skip
    session = one()
    assert session.tables.selected == ["dag_run", "task_instance", "variable"]
    assert (str(session.tables.since), session.logs.days) == ("2026-01-01", 3)


def test_all_and_none_and_nothing(play: Play) -> None:
    play({**COMMON, "Tables (": "all", "From (": ["2026-01-01"], "Change any": "", "quit": ""})
    session = one()
    assert session.tables.selected == ["dag_run", "task_instance", "log", "variable"]
    play({"What do you want": "1", "Which page": "go tables", "To start": "", "Tables (": "none", "From (": "-"},
         session=session.id)  # fmt: skip
    assert one().tables.selected == ["dag_run", "task_instance", "log", "variable"], "none at all is refused"


def test_back_goes_to_the_question_and_the_page_before(play: Play, fake: FakeEngine) -> None:
    _code, printed = play({
        "Environment to move": ["1"], "Route (": "new-environment", "Airflow version": ["", "<", ""],
        "Copy task logs": "quit", "Tables (": ["<", ""], "Change a setting": ["", ""],
    })  # fmt: skip
    pages = re.findall(r"^Page \d+ of \d+: (.*)$", printed, re.MULTILINE)
    assert pages == ["Connect", "Source", "Route", "Target", "Settings", "Tables", "Settings", "Tables", "Logs"]
    assert "mwaa-wizard --plain --session" in printed
    assert one().page.name == "logs"


def test_help_list_and_pages_at_any_prompt(play: Play) -> None:
    _code, printed = play({"Environment to move": ["?", "list", "/bill", "pages", "go 1", "1", "quit"]})
    assert "It has to be AVAILABLE" in printed
    assert "< goes back to the question before" in printed
    assert printed.count("2. billing: 2.8.1") >= 4
    assert "1. Connect: done" in printed
    assert len(re.findall(r"^Page 1 of \d+: Connect$", printed, re.MULTILINE)) == 2


def test_settings_are_changed_by_name_or_number_and_taken_back(play: Play, fake: FakeEngine) -> None:
    _code, printed = play({
        **COMMON, "Change a setting": ["Max workers", "nonsense", "MaxWorkers", ""], "Max workers": ["many", "12"],
        "What now": ["2"],
    })  # fmt: skip
    assert "Not taken: Give a whole number." in printed
    assert "Max workers: source 10, target 12" in printed
    assert "There is no setting nonsense to change." in printed
    assert fake.edits == {}, "the second time it was reset"


def test_a_setting_without_a_value_is_asked_for(play: Play, fake: FakeEngine) -> None:
    fake.needed = "KmsKey"
    code, printed = play({**COMMON, "KMS key (": "1"})
    assert "The source's key belongs to another account." in printed
    assert fake.edits == {"KmsKey": "key-1"}
    assert code == 0


def test_a_refused_look_up_is_tried_again(play: Play, fake: FakeEngine) -> None:
    fake.fail["identity"] = WizardError(what="AWS is away.", remedy="Wait.", code="Throttling")
    code, printed = play(COMMON)
    assert "What: AWS is away." in printed
    assert "1. ask again" in printed
    assert code == 0


def test_a_failed_run_can_be_retried(play: Play, fake: FakeEngine) -> None:
    fake.fail_at = "export"
    code, printed = play({**COMMON, "What now": "1"})
    assert f"What: {FAILURE.what}" in printed
    assert f"Mend: {FAILURE.remedy}" in printed
    assert printed.count(FAILURE.what) == 1
    assert fake.started == 2
    assert code == 0


def test_a_failed_run_can_be_undone_or_left(play: Play, fake: FakeEngine) -> None:
    fake.fail_at = "export"
    names = ["analytics-prod", "analytics-v2"]
    typed = {**COMMON, "What now": ["undo"], "To undo all": names, "To start, type": ["analytics-v2", "quit"]}
    code, printed = play(typed)
    assert "- bucket: mwaa-migration-1" in printed
    assert "Not taken: Nothing was done: the name is analytics-v2." in printed
    assert "Everything is undone." in printed
    assert one().last_result.state == "undone"
    fake.fail_at = "export"
    code, printed = play({"What now": "quit"}, session=ready().id, go_on=True)
    assert code == 1
    assert "mwaa-wizard resume" in printed


def ready(**changes: object) -> Session:
    session = ready_session(**changes)
    session.last_result.state = "failed"
    store.save(session)
    Journal.of(session.id).write("read-source", "done")
    return session


def test_what_the_run_asks_is_asked_in_words(play: Play, fake: FakeEngine) -> None:
    fake.asks = {"export": "Two warnings. Go on?"}
    code, printed = play({**COMMON, "Go on (": ["perhaps", "yes"]})
    assert "The run asks:\nTwo warnings. Go on?" in printed
    assert fake.answers == [True]
    assert code == 0


@pytest.mark.parametrize("key", ["^C", "^D"])
def test_leaving_says_what_is_saved_and_how_to_go_on(play: Play, key: str) -> None:
    code, printed = play({**COMMON, "Copy task logs": key})
    session = one()
    assert code == 130
    assert printed.rstrip().endswith(f"Saved. Go on with: mwaa-wizard --plain --session {session.id}")
    assert session.target.environment == "analytics-v2"


def test_going_on_with_a_saved_session_is_the_default(play: Play) -> None:
    session = ready_session()
    session.page.name = "logs"
    store.save(session)
    _code, printed = play({"Copy task logs": "quit"})
    assert "1. Go on with analytics-prod 2.8.1 → analytics-v2 2.11.2: at page Logs" in printed
    assert re.findall(r"^Page \d+ of \d+: (.*)$", printed, re.MULTILINE) == ["Logs"]


def test_resume_goes_on_at_once(play: Play, fake: FakeEngine) -> None:
    code, printed = play({}, session=ready().id, go_on=True)
    assert (code, fake.started) == (0, 1)
    assert "VERIFIED" in printed


def test_an_answers_file_is_played_as_if_typed(play: Play, fake: FakeEngine) -> None:
    texts = {"source.environment": "billing", "route.route": "new-environment", "target.name": "billing-v2",
             "settings.MaxWorkers": "12", "tables.selected": "variable", "tables.workers": "2"}  # fmt: skip
    code, printed = play(answers=Answers("a.yaml", texts, start=True, confirm="billing-v2", agree=True))
    assert code == 0, printed
    assert "Environment to move (number or name): billing" in printed
    assert "Max workers: 12" in printed
    assert printed.rstrip().splitlines()[-1].startswith("To take it all back")
    session = one()
    assert (session.target.environment, session.tables.selected, session.tables.workers) == (
        "billing-v2", ["variable"], 2,
    )  # fmt: skip
    assert fake.edits == {"MaxWorkers": "12"}


GOOD = {"source.environment": "billing", "route.route": "new-environment", "target.name": "billing-v2"}


def with_boards(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boards of the screens' tests, whose batches and things change."""
    fake.boards.install(monkeypatch)
    monkeypatch.setattr(engine_preflight, "look", lambda session, tell: engine_preflight.Result(
        (), dt.datetime.now(dt.UTC), engine_preflight.answers_of(session)))  # fmt: skip


def test_a_file_hands_batches_over_and_cleans_up(
    play: Play, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_boards(fake, monkeypatch)
    after = After((("daily",), ("hour*",)), cleanup=True, bundle=False)
    code, printed = play(answers=Answers("a.yaml", GOOD, start=True, confirm="billing-v2", after=after))
    assert code == 0, printed
    assert [order.dags for order in fake.boards.orders] == [("daily",), ("hourly",)]
    assert fake.boards.taken == ["variable"], "the bundle is kept, as the file says"
    assert "Batch 2 of 2 of the answers file: hour*" in printed


def test_a_file_goes_on_with_the_batches_that_are_not_done(
    play: Play, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_boards(fake, monkeypatch)
    fake.finished = True
    session = ready()
    session.last_result.state, session.page.name = "verified", "cutover"
    store.save(session)
    fake.boards._carry_out(Order("begin", dags=("daily",)))
    after = After((("daily",), ("hour*",)), cleanup=True)
    code, printed = play(session=session.id, answers=Answers("a.yaml", {}, start=True, after=after))
    assert code == 0, printed
    assert "The target has them already." in printed
    assert [order.dags for order in fake.boards.orders] == [("hourly",)]
    assert fake.boards.taken == ["variable", "bundle"]


@pytest.mark.parametrize(("after", "words", "code"), [
    (After((("daily",), ("nothing_*",)), cleanup=True), "No DAG that can be handed over matches nothing_*", 2),
    (After((("daily",),), cleanup=True), "", 75),
])  # fmt: skip
def test_what_follows_a_batch_that_does_not_end_is_not_begun(
    play: Play, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, after: After, words: str, code: int
) -> None:
    with_boards(fake, monkeypatch)
    if not words:
        make = FakeBoards.batch_runner

        def stopped(session: Session, order: Order, listener: Callable[[Event], None]) -> object:
            runner = make(fake.boards, session, order, listener)
            runner.stop()
            return runner

        monkeypatch.setattr(engine_cutover, "make_runner", stopped)
    answers = Answers("a.yaml", GOOD, start=True, confirm="billing-v2", after=after)
    if words:
        with pytest.raises(WizardError) as told:
            play(answers=answers)
        assert words in told.value.what
        assert told.value.exit_code == code
    else:
        assert play(answers=answers)[0] == code
    assert fake.boards.taken == []


@pytest.mark.parametrize(("texts", "words"), [
    ({"logs.days": "40"}, "lead on from logs.days: Give a whole number from 1 to 13"),
    ({"source.environment": ""}, "lead on from source.environment: Environment to move: an answer is needed"),
    ({"settings.Workers": "2"}, "lead on from settings.Workers: There is no setting"),
])  # fmt: skip
def test_a_file_that_does_not_lead_on_ends_where_nobody_is(
    play: Play, fake: FakeEngine, texts: dict[str, str], words: str
) -> None:
    good = {"source.environment": "billing", "route.route": "new-environment", "target.name": "billing-v2"}
    with pytest.raises(WizardError) as told:
        play(answers=Answers("a.yaml", {**good, **texts}, start=True, confirm="billing-v2"))
    assert words in told.value.what
    assert f"mwaa-wizard --plain --session {one().id}" in told.value.remedy
    assert told.value.exit_code == 1
    assert fake.started == 0


def test_a_file_that_does_not_lead_on_hands_over_to_whoever_is_there(play: Play, fake: FakeEngine) -> None:
    texts = {"source.environment": "billing", "route.route": "new-environment", "logs.days": "40"}
    code, printed = play({"Days [": "5", "To start, type": "billing-v2"}, answers=Answers("a.yaml", texts))
    assert "go on by hand" in printed
    assert one().logs.days == 5
    assert code == 0


def test_a_run_that_the_file_says_no_to_stops(play: Play, fake: FakeEngine) -> None:
    fake.asks = {"export": "Go on in spite of it?"}
    texts = {"source.environment": "billing", "route.route": "new-environment"}
    play(answers=Answers("a.yaml", texts, start=True, confirm="billing-v2", agree=False))
    assert fake.answers == [False]


def test_a_stopped_run_exits_resumable(play: Play) -> None:
    session = ready()
    session.last_result.state = "stopped"
    store.save(session)
    code, _printed = play({"Which page": "quit", "To start": ""}, session=session.id)
    assert code == EXIT_RESUMABLE


def test_rows_are_counted_where_somebody_wants_to_know(play: Play, fake: FakeEngine) -> None:
    _code, printed = play({**COMMON, "Count the source's rows": "yes"})
    assert "task_instance: 1,002,340 rows, 286.1 MiB" in printed
    assert fake.started == 2


def test_a_failed_step_can_be_mended_on_its_page(play: Play, fake: FakeEngine) -> None:
    fake.fail_at = "import"
    code, printed = play({**COMMON, "What now": "edit", "To start, type": ["analytics-v2", "analytics-v2"]})
    assert printed.count("Page 8 of 14: Policies") == 2
    assert (code, fake.started) == (0, 2)


def test_what_changed_since_is_said_before_going_on(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ready_session()
    session.page.name = "logs"
    store.save(session)
    path = store.path_of(session.id)
    path.write_text(re.sub(r'"updated_at": ?"[^"]*"', '"updated_at": "2026-01-01T00:00:00Z"', path.read_text()))
    found = drift.Found(store.load(session.id).updated_at, [Difference("source", "Airflow version", "2.8.1", "2.9.2")])
    monkeypatch.setattr(drift, "look", lambda _session: found)
    _code, printed = play({"Copy task logs": "quit"}, session=session.id)
    assert "Changed since: source, Airflow version: was 2.8.1, is 2.9.2" in printed
    assert printed.index("Changed since") < printed.index("Logs")
