"""`preflight`, `cutover` and `cleanup` without a screen: what they print, what they refuse, their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mwaa_wizard.commands.cleanup import cleanup
from mwaa_wizard.commands.cutover import cutover
from mwaa_wizard.commands.preflight import preflight
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.front import command_line, engine_cutover, engine_preflight
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.screens.fake_boards import CERTAIN, PASSES, WARNS, FakeBoards, line, thing
from tests.screens.fakes import home, ready_session


@pytest.fixture
def boards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeBoards:
    home(monkeypatch, tmp_path)
    made = FakeBoards()
    made.install(monkeypatch)
    return made


@pytest.fixture
def session(boards: FakeBoards) -> Session:
    made = ready_session()
    store.save(made)
    return made


def run(command: Any, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(words), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return int(done.return_value), done.stdout


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in text.splitlines()]


def test_preflight_exits_by_what_failed(boards: FakeBoards, session: Session) -> None:
    boards.rows = [*PASSES, WARNS]
    code, text = run(preflight, session.id)
    assert code == 0
    assert "! warn target quota of workers: could not be looked at" in text
    assert text.splitlines()[-1] == "Nothing failed, 1 warning."
    boards.rows = [CERTAIN]
    code, text = run(preflight, session.id, "--json")
    assert code == 1
    assert rows(text)[0]["certain"] is True
    assert rows(text)[-1]["fail"] == 1


def test_preflight_of_an_incomplete_session_is_refused(boards: FakeBoards, session: Session) -> None:
    session.source.environment = ""
    store.save(session)
    with pytest.raises(WizardError):
        run(preflight, session.id)
    assert boards.asked == 0


def test_cutover_lists_every_dag_with_its_forecast(boards: FakeBoards, session: Session) -> None:
    boards.batches = [Batch(1, ("daily",), (), "draining", "")]
    code, text = run(cutover, session.id)
    assert code == 0
    assert "4 runs at once" in next(one for one in text.splitlines() if one.startswith("daily"))
    assert "Batch 1: 1 DAG, half done: waiting for the source's tasks" in text
    _code, text = run(cutover, session.id, "--json")
    found = rows(text)
    assert [one["event"] for one in found] == ["Dag", "Dag", "Dag", "Batch", "Board"]
    assert found[0]["forecast"]["at_once"] == 4


def test_cutover_needs_a_yes_and_one_order(boards: FakeBoards, session: Session) -> None:
    with pytest.raises(WizardError, match="needs a yes"):
        run(cutover, session.id, "--batch", "daily")
    with pytest.raises(WizardError, match="Give one of"):
        run(cutover, session.id, "--batch", "daily", "--roll-back", "1")
    with pytest.raises(WizardError, match="No DAG that can be handed over"):
        run(cutover, session.id, "--batch", "nothing_*", "--yes")
    assert boards.orders == []


def test_patterns_stand_for_what_can_go_and_was_not_paused() -> None:
    lines = [line("etl_a"), line("etl_b"), line("etl_c", paused=True), line("etl_d", on_target=False), line("other")]
    assert engine_cutover.matching(lines, ["etl_*"]) == ["etl_a", "etl_b"]
    assert engine_cutover.matching(lines, ["other", "etl_c"]) == ["other", "etl_c"], "a plain name is taken at its word"


def test_cleanup_lists_and_says_what_would_go(boards: FakeBoards, session: Session) -> None:
    session.keep_bundle = True
    store.save(session)
    code, text = run(cleanup, session.id, "--list")
    assert code == 0
    assert "! Key variable · place of variable: is there [is taken away]" in text
    assert "! Migration bucket · place of bundle: is there (3 objects, 2.0 MiB)\n" in text
    assert "environment analytics-v2: the target runs with it" in text
    _code, text = run(cleanup, session.id, "--list", "--bundle", "--json")
    assert [one.get("chosen") for one in rows(text)] == [True, True, None, None]


def test_cleanup_with_nothing_left_changes_nothing(boards: FakeBoards, session: Session) -> None:
    boards.things = [thing("bundle", False, gone="2026-11-23T03:16:00+00:00")]
    code, text = run(cleanup, session.id)
    assert code == 0
    assert "gone since 2026-11-23 03:16 UTC" in text


def test_cleanup_in_the_middle_of_a_run_is_refused(boards: FakeBoards, session: Session) -> None:
    boards.obstacle = "The run has not come to its end."
    with pytest.raises(WizardError, match="not come to its end"):
        run(cleanup, session.id, "--yes")


def test_each_page_names_its_own_command(session: Session) -> None:
    assert command_line.equivalent("preflight", session) == f"mwaa-wizard preflight {session.id}"
    listing = f"mwaa-wizard cutover {session.id}"
    assert command_line.equivalent("cutover", session) == listing
    assert command_line.cutover(session, ["a", "b"]).splitlines() == [listing, f"{listing} --batch a,b --yes"]
    lines = command_line.cutover(session, half=2, back=2).splitlines()
    assert [lines[1], lines[-1]] == [
        f"{listing} --go-on 2 --yes", f"# To give batch 2 back: {listing} --roll-back 2 --yes",
    ]  # fmt: skip
    assert "--go-on" not in command_line.cutover(session, half=2, back=2, ends=True)
    many = [f"dag_{number:05}" for number in range(20_000)]
    batches = command_line.cutover(session, many).splitlines()[1:]
    assert len(batches) == 2, "one word of a command line is 128 KiB at most"
    assert [name for one in batches for name in one.split()[4].split(",")] == many
    name = f"mwaa-wizard cleanup {session.id}"
    assert command_line.equivalent("cleanup", session).splitlines() == [f"{name} --list", f"{name} --yes"]
    assert command_line.cleanup(session, ["bundle"], ["variable"]).endswith(f"{name} --only bundle --yes")


def test_cleanup_takes_only_what_is_named(boards: FakeBoards, session: Session) -> None:
    _code, text = run(cleanup, session.id, "--only", "bundle", "--list", "--json")
    assert [one.get("chosen") for one in rows(text)] == [False, True, None, None]
    with pytest.raises(WizardError, match="There are: variable, bundle"):
        run(cleanup, session.id, "--only", "bundel", "--yes")


def test_a_result_is_stale_after_another_answer_and_not_after_a_mere_save(session: Session) -> None:
    result = engine_preflight.look(session, lambda row: None)
    session.page.done = [*session.page.done, "review"]
    session.last_result.state = "failed"
    assert not result.stale(session)
    session.tables.workers = 4
    assert result.stale(session)
