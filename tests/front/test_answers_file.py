"""Answers files: what is refused and with which words, no secret in or out, and what is written reads back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.unpausing.board import Board
from mwaa_wizard.execution.unpausing.step import Order
from mwaa_wizard.front import after_run, answering, questions
from mwaa_wizard.front.after_run import After
from mwaa_wizard.front.answers_file import Answers, load
from mwaa_wizard.front.answers_of import answers_of, to_yaml
from mwaa_wizard.front.question import Choice, Question, give
from mwaa_wizard.session.model import Entries, Session
from tests.screens.fake_boards import line
from tests.screens.fakes import ready_session

SECRET = "canary-answers-4711"


def read(folder: Path, text: str) -> Answers:
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_answers_are_texts_as_they_would_be_typed(tmp_path: Path) -> None:
    found = read(tmp_path, """
answers:
  source.environment: 移行-prod
  connect.same_place: no
  tables.selected: [dag_run, variable]
  tables.since: 2026-01-31
  tables.until:
  logs.days: 3
  values.db_main: leave
settings: {MaxWorkers: 12, NetworkConfiguration.SubnetIds: [subnet-1, subnet-2]}
airflow_options: {core.parallelism: "24"}
run: {start: yes, confirm: new-one, questions: no}
""")
    assert dict(found.texts) == {
        "source.environment": "移行-prod", "connect.same_place": "no", "tables.selected": "dag_run, variable",
        "tables.since": "2026-01-31", "tables.until": "", "logs.days": "3", "values.db_main": "leave",
        "settings.MaxWorkers": "12", "settings.NetworkConfiguration.SubnetIds": "subnet-1, subnet-2",
        "options.core.parallelism": "24",
    }  # fmt: skip
    assert (found.start, found.confirm, found.agree) == (True, "new-one", False)


@pytest.mark.parametrize(("text", "words"), [
    ("answer: {}", "There is no answer. Did you mean answers?"),
    ("answers: {source.enviroment: x}", "There is no answers.source.enviroment. Did you mean source.environment?"),
    ("answers: {tables.since.day: x}", "Did you mean tables.since?"),
    ("settings: {MaxWorker: 2}", "There is no settings.MaxWorker. Did you mean settings.MaxWorkers?"),
    ("run: {begin: yes}", "There is no run.begin."),
    ("run: {start: maybe}", "run.start takes yes or no."),
    ("after: {batch: [a]}", "There is no after.batch. Did you mean batches?"),
    ("after: {cleanup: later}", "after.cleanup takes yes or no."),
    ("after: {batches: a}", "after.batches takes a list of batches"),
    ("{after: {batches: [[]]}, run: {start: yes}}", "after.batches: a batch names no DAG."),
    ("after: {cleanup: yes}", "What comes after the run needs run: start: yes."),
    ("answers: {route.version: 2.10}", 'answers.route.version: put it in quotes, "like this".'),
    ("answers: [a, b]", "answers takes names with their values."),
    ("- a", "It does not hold answers:"),
    ("answers: {a: [", "It is not YAML (line 1)."),
])  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(WizardError) as told:
        read(tmp_path, text)
    assert words in told.value.what
    assert told.value.exit_code == EXIT_USAGE
    assert told.value.changed == "Nothing was changed."


def test_what_comes_after_the_run_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, """
run: {start: yes}
after:
  batches: [[etl_a, "report_*"], "x, y", z]
  cleanup: yes
  bundle: no
""")
    assert found.after == After((("etl_a", "report_*"), ("x", "y"), ("z",)), True, False)
    assert not read(tmp_path, "run: {start: yes}").after


def test_what_was_done_after_the_run_is_written_and_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(tmp_path / "home"))
    session = ready_session()
    journal = Journal.of(session.id)
    for number, dags in ((1, ["etl_a", "etl_b"]), (2, ["hourly"]), (3, ["late"])):
        journal.write("batch", "changed", kind="dag-batch", name=str(number),
                      before={"unpaused": dags, "paused": []}, after={})  # fmt: skip
        journal.write("batch", "entered", kind="dag-batch", name=str(number), phase="done")
    journal.write("batch", "removed", kind="dag-batch", name="3")
    journal.write("take-away", "done")
    assert "after" not in answers_of(session), "without start nobody runs anything"
    path = tmp_path / "a.yaml"
    path.write_text(to_yaml(session, start=True), encoding="utf-8")
    assert load(path).after == After((("etl_a", "etl_b"), ("hourly",)), True, None)


LINES = (line("etl_a"), line("etl_b"), line("old", paused=True),
         line("gone", place="target", source=True, target=False))  # fmt: skip


def test_a_batch_of_a_file_is_what_can_go_and_nothing_twice() -> None:
    session, board = ready_session(), Board(LINES, (), "")
    assert after_run.order(session, board, ["etl_*", "gone"]) == Order("begin", dags=("etl_a", "etl_b"))
    assert after_run.order(session, board, ["gone"]) is None, "it is there already: playing the file again is harmless"
    for patterns in (["none_*"], ["o*"]):
        with pytest.raises(WizardError, match="No DAG that can be handed over"):
            after_run.order(session, board, patterns)
    with pytest.raises(WizardError, match="Not yet"):
        after_run.order(session, Board(LINES, (), "Not yet."), ["etl_*"])


def test_only_a_verified_run_is_followed_by_anything() -> None:
    session, after = ready_session(), After((("a",),), True)
    session.last_result.state = "differs"
    assert "differences" in after_run.refusal(session, after)
    session.last_result.state = "verified"
    assert after_run.refusal(session, after) == ""
    session.route = "in-place"
    assert "one environment" in after_run.refusal(session, after)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(WizardError, match="No such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WizardError, match="not UTF-8"):
        load(tmp_path / "bytes.yaml")
    (tmp_path / "large.yaml").write_text("#" * 1_100_000)
    with pytest.raises(WizardError, match="larger than any"):
        load(tmp_path / "large.yaml")


@pytest.mark.parametrize("text", [
    f"airflow_options: {{smtp.smtp_password: {SECRET}}}",
    f"airflow_options: {{core.fernet_key: {SECRET}}}",
    f"answers: {{values.db_main: {SECRET}}}",
    f"answers: {{options.smtp.smtp_password: {SECRET}}}",
])  # fmt: skip
def test_a_secret_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(WizardError) as told:
        read(tmp_path, text)
    assert "is a secret, and an answers file holds none" in told.value.what
    assert "mwaa-wizard secret SESSION connection:ID" in told.value.remedy
    assert SECRET not in " ".join(told.value.lines())


def test_what_is_not_yaml_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(WizardError) as told:
        read(tmp_path, f"answers: {{a: '{SECRET}")
    assert SECRET not in " ".join(told.value.lines())


@pytest.mark.parametrize("route", ["new-environment", "bridge", "in-place", "settings-only"])
def test_a_sessions_answers_make_the_same_session(tmp_path: Path, route: str) -> None:
    session = ready_session(route=route, entries=Entries(left=["slack"], prefix="eu"))
    session.tables.selected, session.logs.days, session.cut_over = ["variable", "dag_run"], 3, "switch"
    session.target.settings = {"MaxWorkers": 12, "NetworkConfiguration.SubnetIds": ["subnet-1"]}
    session.target.airflow_options = {"core.parallelism": "24", "smtp.smtp_password": SECRET}
    session.target.secret_options = ["smtp.smtp_password"]
    text = to_yaml(session, start=True)
    assert SECRET not in text
    assert "smtp.smtp_password" in text.split("answers:")[0]
    found = read(tmp_path, text)
    assert (found.start, found.confirm, found.agree) == (True, "analytics-v2", True)
    assert found.texts["settings.MaxWorkers"] == "12"
    again = Session()
    for question in questions.all_questions():
        if question.name.startswith(("tables.", "logs.", "entries.", "review.")) and question.name in found.texts:
            assert give(again, question, answering.meant(question, found.texts[question.name])) == [], question.name
    asked = {one.page for one in questions.all_questions() if one.name in found.texts}
    if "tables" in asked:
        assert (again.tables, again.logs) == (session.tables, session.logs)
    if "entries" in asked:
        assert again.entries == session.entries
    assert ("tables" in asked, "entries" in asked) == {
        "new-environment": (True, False), "bridge": (True, False), "in-place": (False, False),
        "settings-only": (False, True),
    }[route]  # fmt: skip


def test_without_start_nothing_is_started(tmp_path: Path) -> None:
    assert "run" not in answers_of(ready_session())
    document = yaml.safe_load(to_yaml(ready_session()))
    assert document["answers"]["source.environment"] == "analytics-prod"


def question(kind: str, *, free: bool = False) -> Question:
    return Question("x", "tables", kind, "X", lambda _s: None, lambda _s, _a: None, free=free)  # type: ignore[arg-type]


CHOICES = [Choice("one"), Choice("two"), Choice("2024"), Choice("four")]


@pytest.mark.parametrize(("kind", "text", "answer"), [
    ("choice", "2", "two"), ("choice", "two", "two"), ("choice", "2024", "2024"), ("choice", "-", ""),
    ("several", "1,3-4", ["one", "2024", "four"]), ("several", "1 2 1", ["one", "two"]),
    ("several", "all", ["one", "two", "2024", "four"]), ("several", "*", ["one", "two", "2024", "four"]),
    ("several", "none", []), ("several", "four, one", ["four", "one"]), ("lines", "2 x", ["two", "x"]),
    ("yes-no", "YES", True), ("number", " 7 ", 7), ("lines", "-", []),
])  # fmt: skip
def test_what_is_typed_counts_through_the_choices(kind: str, text: str, answer: object) -> None:
    choices = CHOICES if kind in ("choice", "several", "lines") else []
    assert answering.meant(question(kind), text, choices) == answer


@pytest.mark.parametrize(("kind", "text"), [("choice", "9"), ("several", "3-9"), ("several", "4-2"), ("several", "0")])
def test_numbers_beside_the_choices_are_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="from 1 to 4"):
        answering.meant(question(kind), text, CHOICES)


def test_a_free_answer_may_be_a_number_beside_the_choices() -> None:
    assert answering.meant(question("choice", free=True), "99", CHOICES) == "99"
