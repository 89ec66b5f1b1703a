"""Prompts answered from a dict by a part of their message; the engine's seam is the one of the screens' tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mwaa_wizard.execution.unpausing.board import Board
from mwaa_wizard.front import engine as front_engine
from mwaa_wizard.front import engine_cleanup, engine_cutover, engine_preflight
from mwaa_wizard.front.answers_file import Answers
from mwaa_wizard.prompts.wizard import PlainRequest, run_plain
from mwaa_wizard.session.model import Session
from tests.screens.fakes import FakeEngine, home

Typed = dict[str, str | list[str]]


class FakeAsker:
    """Answers prompts: the first key that is in the message; Enter where none is; end of input after `most`."""

    def __init__(self, typed: Typed, most: int = 300) -> None:
        self.typed = {key: list(value) if isinstance(value, list) else [value] for key, value in typed.items()}
        self.prompts: list[str] = []
        self._most = most

    def line(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if len(self.prompts) > self._most:
            raise EOFError
        for key, answers in self.typed.items():
            if key in prompt and answers:
                answer = answers.pop(0)
                if answer == "^C":
                    raise KeyboardInterrupt
                if answer == "^D":
                    raise EOFError
                return answer
        return ""

    def secret(self, prompt: str) -> str:
        return self.line(prompt)


Play = Callable[..., tuple[int, str]]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeEngine]:
    """The engine as every front-end sees it."""
    home(monkeypatch, tmp_path)
    engine = FakeEngine().install(monkeypatch)

    def described(session: Session) -> dict[str, str]:
        return {"Name": session.source.environment, "Status": "AVAILABLE", "AirflowVersion": engine.version,
                "EnvironmentClass": "mw1.medium"}  # fmt: skip

    def checked(session: Session, tell: Callable[[engine_preflight.Row], object]) -> engine_preflight.Result:
        rows = (
            engine_preflight.Row("identity", "pass", "as chosen"),
            engine_preflight.Row("quota", "warn", "one left", "Ask for more."),
        )
        for row in rows:
            tell(row)
        answers = engine_preflight.answers_of(session)
        result = engine_preflight.Result(rows, dt.datetime.now(dt.UTC), answers)
        engine_preflight._kept[session.id] = result
        return result

    monkeypatch.setattr(front_engine, "source_environment", described)
    monkeypatch.setattr(engine_preflight, "look", checked)
    monkeypatch.setattr(engine_cutover, "board", lambda session: Board((), (), "Nothing to hand over."))
    monkeypatch.setattr(engine_cleanup, "found", lambda session: engine_cleanup.Found((), (), ""))
    yield engine
    engine.release.set()


@pytest.fixture
def play(fake: FakeEngine, capsys: pytest.CaptureFixture[str]) -> Play:
    """`code, printed = play({"Name": "x"})` runs plain mode with those answers."""

    def run(typed: Typed | None = None, *, answers: Answers | None = None, session: str | None = None,
            go_on: bool = False) -> tuple[int, str]:  # fmt: skip
        capsys.readouterr()
        asker = FakeAsker(typed or {})
        request = PlainRequest(session_id=session, profile="default", region="us-east-1", answers=answers, go_on=go_on)
        code = run_plain(request, asker)
        return code, capsys.readouterr().out

    return run
