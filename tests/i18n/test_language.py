"""Which language is used: argument, variable, saved choice, locale, and what the terminal can show."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mwaa_wizard import i18n
from mwaa_wizard.environments.routes.words import cited
from mwaa_wizard.front import words

VARIABLES = ("MWAA_WIZARD_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    yield
    i18n.use_language("en")


@pytest.mark.parametrize(
    ("environ", "wanted", "saved", "code"),
    [
        ({}, None, None, "en"),
        ({"LANG": "ja_JP.UTF-8"}, None, None, "ja"),
        ({"LANG": "ja"}, None, None, "ja"),
        ({"LANG": "de_DE.UTF-8"}, None, None, "en"),
        ({"LANG": "C.UTF-8"}, None, None, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "POSIX"}, None, None, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ja_JP.utf8"}, None, None, "ja"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:ja:en"}, None, None, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "en:ja"}, None, None, "en"),
        ({"LANG": "C", "LANGUAGE": "ja"}, None, None, "en"),
        ({"LANG": "ja_JP.UTF-8"}, None, "en", "en"),
        ({"LANG": "en_US.UTF-8"}, None, "ja", "ja"),
        ({"MWAA_WIZARD_LANG": "ja"}, None, "en", "ja"),
        ({"MWAA_WIZARD_LANG": "ja_JP.UTF-8"}, "en", "ja", "en"),
        ({"MWAA_WIZARD_LANG": "en"}, "JA", None, "ja"),
    ],
)
def test_the_order(
    environ: dict[str, str], wanted: str | None, saved: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    i18n.use_language(wanted, saved)
    assert i18n.language() == code
    assert i18n._("Settings") == ("設定" if code == "ja" else "Settings")
    assert i18n.ngettext("{n} hour", "{n} hours", 1) == ("{n} 時間" if code == "ja" else "{n} hour")
    assert i18n.notice() == ""


def test_an_unknown_language_is_told_once_and_the_locale_s_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    i18n.use_language("\x1b[31mklingon")
    told = i18n.notice()
    assert i18n.language() == "ja"
    assert "klingon" in told
    assert "ja (日本語)" in told
    assert "\x1b" not in told
    assert i18n.notice() == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_show_it_gets_english(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    i18n.use_language("ja")
    assert i18n.language() == "en"
    assert encoding.replace("latin-1", "latin") in i18n.notice().lower().replace("iso8859-1", "latin")
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    i18n.use_language()
    assert (i18n.language(), i18n.notice()) == ("en", ""), "nobody asked, so nothing is told"


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["--lang", "ja"], "ja"),
        (["--profile", "x", "--lang=ja", "sessions"], "ja"),
        (["sessions"], ""),
        (["run", "--", "--lang", "ja"], ""),
        (["--lang"], ""),
    ],
)
def test_the_command_line_is_looked_through_before_it_is_read(arguments: list[str], asked: str) -> None:
    assert i18n.asked_for(arguments) == asked


def test_the_empty_message_is_no_header() -> None:
    i18n.use_language("ja")
    assert i18n._("") == ""
    assert isinstance(i18n._translation, gettext.GNUTranslations)


def cli(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    import os

    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", *arguments], check=False, capture_output=True, timeout=60,
        encoding="utf-8", env={**kept, "PYTHONUTF8": "1", **environ},
    )  # fmt: skip


def test_commands_speak_it_with_click_s_own_words() -> None:
    found = cli("--lang", "ja", "run", "--nonsense")
    assert found.returncode == 2
    assert "オプション '--nonsense' はありません。" in found.stderr
    assert "使い方: mwaa-wizard run" in found.stderr
    found = cli("run", "--help", LANG="ja_JP.UTF-8")
    assert "使い方:" in found.stdout
    assert "保存済みセッションの計画を実行します。" in found.stdout
    assert "このメッセージを表示して終了します。" in found.stdout


def test_an_unknown_language_does_not_stop_a_command() -> None:
    found = cli("--lang", "xx", "routes", "--help")
    assert found.returncode == 0
    assert found.stderr.count("There is no language xx.") == 1
    assert "Usage:" in found.stdout


def test_lists_clauses_sentences_and_days_are_put_together_as_the_language_does() -> None:
    then, now = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    assert i18n.listed(["a", "b", "c"]) == "a, b, c"
    assert i18n.strung(["a", "b"]) == "a; b"
    assert i18n.sentences(["A.", "", "B."]) == "A. B."
    assert words.ago(then, now) == "2 Nov"
    assert words.ago(then.replace(year=2025), now) == "2 Nov 2025"
    i18n.use_language("ja")
    assert i18n.listed(["履歴", "変数"]) == "履歴、変数"
    assert i18n.strung(["履歴がありません", "変数です"]) == "履歴がありません。変数です"
    assert i18n.sentences(["終わりました。", "", "続けます。"]) == "終わりました。続けます。"
    assert words.ago(then, now) == "11 月 2 日"
    assert words.ago(then.replace(year=2025), now) == "2025 年 11 月 2 日"
    assert words.wrap("終わりました。 続けます。", 40, "", "") == ["終わりました。続けます。"]
    assert cited("MWAA user guide: airflow-versions") == "MWAA ユーザーガイド: airflow-versions"
