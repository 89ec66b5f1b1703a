"""Text from outside cannot reach the terminal as a command, and wide characters count as two cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa_wizard.text import clean, fit, human_bytes, human_time, width


@pytest.mark.parametrize(
    ("raw", "inert"),
    [
        ("plain", "plain"),
        ("\x1b]52;c;aGFjaw==\x07after", "after"),
        ("\x1b]0;title\x1b\\after", "after"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x1b[2Jb", "ab"),
        ("\x9b31mred", "red"),
        ("tab\tnew\nline\r", "tab new line "),
        ("bell\x07null\x00", "bellnull"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("分析 ✔ 🙂", "分析 ✔ 🙂"),
    ],
)
def test_clean(raw: str, inert: str) -> None:
    assert clean(raw) == inert


@given(st.text())
def test_clean_leaves_no_control_character(raw: str) -> None:
    assert not [c for c in clean(raw) if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]


def test_clean_keeps_newlines_where_asked_and_is_bounded() -> None:
    assert clean("a\nb", keep_newlines=True) == "a\nb"
    assert len(clean("x" * 50_000)) == 20_000


@given(st.text(max_size=40), st.integers(min_value=1, max_value=30))
def test_fit_has_the_asked_width(raw: str, cells: int) -> None:
    assert width(fit(clean(raw), cells)) == cells


def test_width_of_japanese() -> None:
    assert width("環境abc") == 7
    assert fit("移行元の環境", 7) == "移行元…"


def test_human_units() -> None:
    assert human_time(41) == "0:41"
    assert human_time(3723) == "1:02:03"
    assert human_bytes(1023) == "1023 B"
    assert human_bytes(8_283_750) == "7.9 MiB"
