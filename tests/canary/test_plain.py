"""Plain mode and `--json`: hostile names as text, and typed secrets that are never repeated or kept."""

from __future__ import annotations

from pathlib import Path

from tests.prompts.conftest import Play
from tests.screens.fakes import FakeEngine

from .planted import HOSTILE, SECRETS, VISIBLE, secrets_in, sequences_in


def test_hostile_names_are_printed_inert(play: Play, fake: FakeEngine) -> None:
    fake.environment_names = [HOSTILE]
    _code, printed = play({"Environment to move": "1", "Route (": "new-environment", "To start, type": "analytics-v2"})
    assert VISIBLE in printed
    assert sequences_in(printed.encode()) == []
    assert "\x1b" not in printed


def test_a_typed_secret_is_neither_repeated_nor_kept(play: Play, fake: FakeEngine, tmp_path: Path) -> None:
    password = SECRETS["a connection's password, typed"]
    _code, printed = play(
        {"Environment to move": "1", "Route (": "settings-only", "db_main": password, "To start, type": "analytics-v2"}
    )
    assert password in fake.given.values()
    assert secrets_in(printed.encode()) == []
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if secrets_in(path.read_bytes())] == []
