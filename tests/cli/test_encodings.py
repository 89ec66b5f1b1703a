"""Terminals and pipes whose encoding has not every sign: nothing fails, nothing is lost, and JSON stays JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mwaa_wizard.commands.encoding import _another_way
from mwaa_wizard.session import store
from tests.cli.cloud import new_session, wizard


def shown(text: str, encoding: str) -> str:
    """The text as a stream of that encoding has it."""
    out = ""
    for char in text:
        try:
            char.encode(encoding)
            out += char
        except UnicodeEncodeError as problem:
            out += _another_way(problem)[0]
    return out


def test_every_sign_is_written_in_one_cell_or_by_its_number() -> None:
    assert shown("✔ zürich → 🙂 “a”", "ascii") == "+ z\\u00fcrich > \\ud83d\\ude42 'a'"
    assert shown("✔ zürich → 🙂 “a”", "latin-1") == "+ zürich > \\ud83d\\ude42 'a'"
    text = 'ü✔🙂\udcff "quoted"'
    assert json.loads(shown(json.dumps(text, ensure_ascii=False), "ascii")) == text.replace("✔", "+")


@pytest.mark.parametrize("words", [["routes", "2.5.1", "3.3.1"], ["run", "SESSION", "--dry-run"], ["show", "SESSION"]])
def test_a_pipe_that_takes_ascii_only_gets_all_of_it(words: list[str]) -> None:
    session = new_session(name="zürich → 🙂")
    with_id = [session.id if word == "SESSION" else word for word in words]
    plain, narrow = wizard(*with_id), wizard(*with_id, PYTHONIOENCODING="ascii")
    assert narrow.code == plain.code == 0
    assert narrow.out.count("\n") == plain.out.count("\n")


def test_bytes_that_are_no_text_are_refused_like_any_wrong_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", "--plain"], input=b"\xff\xfe\nquit\n", capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Not taken" in done.stdout


def test_a_secret_that_is_no_text_is_refused_and_not_kept_in_part() -> None:
    session = new_session()
    before = store.path_of(session.id).read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", "secret", session.id, "connection:warehouse"], input=b"pa\xff",
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"no text in the encoding" in done.stderr
    assert store.path_of(session.id).read_bytes() == before
