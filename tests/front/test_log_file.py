"""Files of any size, a screenful at a time: against what the whole file, read at once, says."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from mwaa_wizard.front import log_file
from mwaa_wizard.front.log_file import LevelName, LogFile
from mwaa_wizard.front.log_index import BLOCK, LineIndex
from mwaa_wizard.front.log_window import LogWindow

LEVELS = ["INFO ", "WARN ", "ERROR", "STEP ", "DEBUG"]


def write(path: Path, count: int, seed: int = 7) -> list[str]:
    """A log of many lines, some very long, some empty, some wide."""
    dice = random.Random(seed)
    lines = []
    for number in range(count):
        size = dice.choice([0, 3, 40, 120, 400]) if number % 500 else 3 * log_file.PIECE
        lines.append(f"12:00:{number % 60:02d} {dice.choice(LEVELS)} {number} {'移x'[number % 2] * size}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def opened(path: Path) -> LogFile:
    file = LogFile(path)
    file.refresh()
    return file


def test_forwards_and_backwards_find_the_same_lines_in_the_same_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    write(path, 1200)
    file = opened(path)
    there = file.forward(0, 10**6).lines
    back = file.backward(file.size, 10**6).lines
    assert [(line.start, line.end) for line in there] == [(line.start, line.end) for line in back]
    assert b"".join(path.read_bytes()[line.start : line.end] for line in there) == path.read_bytes()
    assert max(line.end - line.start for line in there) < 2 * log_file.PIECE
    dice = random.Random(1)
    for _turn in range(300):
        line = dice.choice(there)
        assert file.start_of(dice.randrange(line.start, line.end)) == line.start


@pytest.mark.parametrize("level", ["INFO", "WARN", "ERROR"])
def test_a_level_is_filtered_from_the_file_in_both_directions(tmp_path: Path, level: LevelName) -> None:
    path = tmp_path / "a.log"
    shown = {"INFO": ("INFO", "STEP", "WARN", "ERROR"), "WARN": ("WARN", "ERROR"), "ERROR": ("ERROR",)}[level]
    # More than one slice, so that edges are crossed.
    lines = [line for line in write(path, 9000) if line[9:14].strip() in shown]
    file = opened(path)
    assert file.size > 2 * log_file.CHUNK
    for found in (file.forward(0, 10**6, level), file.backward(file.size, 10**6, level)):
        assert found.whole
        assert [line.text[:30] for line in found.lines] == [line[:30] for line in lines]
    part = file.backward(file.size, 5, level).lines
    assert [line.text[:20] for line in part] == [line[:20] for line in lines[-5:]]


def test_the_level_is_the_first_word_that_is_one() -> None:
    file = LogFile(Path("unused"))
    for text, passes in (
        ("12:00:00 INFO  no ERROR here", False), ("12:00:00 ERROR no", True), ("[export] 12:00:00 ERROR no", True),
        ("[2026-11-23 03:00:00,000] {file.py:3} ERROR - no", True), ("2026-11-23 INFO: ERROR in it", False),
        ("Traceback of an ERRORS list", False), ("", False),
    ):  # fmt: skip
        assert file.passes(log_file.LineAt(0, 0, text.encode()), "ERROR") is passes, text


def test_words_are_found_over_edges_in_both_directions_and_under_a_filter(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    filler = "12:00:00 INFO  " + "x" * 84 + "\n"  # 100 bytes
    count = log_file.CHUNK // 100
    head = filler * count
    word = "12:00:01 ERROR needle\n"
    pad = "y" * (log_file.CHUNK - len(head) - 18) + "\n"  # the word lies over the edge of a chunk
    path.write_text(head + pad + word + filler * count + "12:00:02 INFO  Needle\n", encoding="utf-8")
    file = opened(path)
    first = file.find("NEEDLE", 0)
    assert first is not None
    assert first.text == word.strip()
    assert first.start < log_file.CHUNK < first.start + len(word)
    second = file.find("needle", first.end)
    assert second is not None
    assert second.text.endswith("Needle")
    assert file.find("needle", second.end) is None
    assert file.find("needle", first.end, level="WARN") is None
    assert file.find("needle", file.size, back=True) == second
    assert file.find("needle", second.start, back=True) == first
    assert file.find("needle", first.start, back=True) is None
    reached: list[int] = []

    def told(offset: int) -> bool:
        reached.append(offset)
        return len(reached) < 2

    assert file.find("nowhere", 0, told=told) is None
    assert len(reached) == 2, "a search that is broken off goes on no further"


def test_line_numbers_of_a_file_that_is_still_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    lines = write(path, 30_000)
    file = opened(path)
    assert file.size > 3 * BLOCK
    index = LineIndex(path)
    assert index.total(file) is None
    assert index.offset_of(29_000, file) is None
    index.start()
    index.wait(20)
    assert index.total(file) == len(lines)
    data = path.read_bytes()
    for number in (1, 2, 777, 15_000, 29_999, 30_000):
        start = index.offset_of(number, file)
        assert start is not None
        assert index.line_of(start, file) == number
        assert data[start : start + 25].decode(errors="replace").startswith(lines[number - 1][:18])
    last = index.offset_of(10**9, file)
    assert last is not None
    assert data[last:].startswith(lines[-1][:18].encode())
    index.stop()


def test_a_window_walks_like_the_whole_file_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    lines = [f"{number} " + "ab" * (number % 40) for number in range(400)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def broken(line: str) -> list[str]:
        return [line[at : at + 30] for at in range(0, max(1, len(line)), 30)]

    rows = [row for line in lines for row in broken(line)]
    window = LogWindow(opened(path), lambda line: broken(line.text))
    window.height = 12
    window.to_end()
    place = len(rows) - 12
    dice = random.Random(3)
    for turn in range(600):
        step = dice.choice([-40, -11, -1, -1, 1, 1, 3, 11, 25]) * (1 if turn % 50 else 9)
        window.scroll(step)
        place = max(0, min(len(rows) - 12, place + step))
        assert [row for _line, row in window.page()] == rows[place : place + 12], turn
        assert window.following is (place == len(rows) - 12 and (step > 0 or window.following))


@pytest.mark.parametrize("level", ["", "WARN"])
def test_following_shows_the_end_and_reading_stands_still_while_it_grows(tmp_path: Path, level: LevelName) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(f"12:00:00 WARN  {number}\n12:00:00 INFO  x\n" for number in range(50)))
    window = LogWindow(opened(path), lambda line: [line.text])
    window.height, window.level = 10, level
    window.to_end()

    def last() -> str:
        return window.page()[-1][1]

    with open(path, "a", encoding="utf-8") as file:
        file.write("12:00:01 WARN  ha")
    assert window.look()
    assert last() == "12:00:01 WARN  ha"
    with open(path, "a", encoding="utf-8") as file:
        file.write("lf\n12:00:01 WARN  next\n")
    assert window.look()
    assert [row[15:] for _line, row in window.page()][-2:] == ["half", "next"]
    window.scroll(-3)
    still = window.page()
    with open(path, "a", encoding="utf-8") as file:
        file.write("12:00:02 WARN  more\n" * 5000)
    window.look()
    assert window.page() == still
    window.to_end()
    assert last() == "12:00:02 WARN  more"
    with open(path, "a", encoding="utf-8") as file:
        file.write("12:00:03 WARN  y\n" * 40_000 + "12:00:04 WARN  end\n")
    window.look()
    assert last() == "12:00:04 WARN  end"
    assert len(window.page()) == 10
    path.write_text("12:00:05 WARN  anew\n")
    window.look()
    assert [row for _line, row in window.page()] == ["12:00:05 WARN  anew"]


def test_a_rare_line_is_found_a_slice_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    with open(path, "w", encoding="utf-8") as file:
        file.write("12:00:00 ERROR the only one\n")
        for _turn in range(12):
            file.write(("12:00:00 INFO  " + "x" * 85 + "\n") * 10_000)
    window = LogWindow(opened(path), lambda line: [line.text])
    window.height, window.level = 10, "ERROR"
    window.to_end()
    assert window.page() == []
    turns = 0
    while window.hungry:
        assert 0 < window.reached < 1
        window.look()
        turns += 1
        assert turns < 50
    assert turns > 3, "no call goes through the whole file"
    assert [row for _line, row in window.page()] == ["12:00:00 ERROR the only one"]
    window.again("")
    window.scroll(-5)
    window.level = "ERROR"
    window.to(file_end := window.file.size - 101)
    while window.hungry:
        window.look()
    assert file_end
    assert [row for _line, row in window.page()] == ["12:00:00 ERROR the only one"]


def test_a_gigabyte_without_blocks_opens_at_once(tmp_path: Path) -> None:
    path = tmp_path / "big.log"
    with open(path, "wb") as file:
        file.write(b"12:00:00 INFO  first\n")
        file.truncate(1 << 30)  # a hole: one line of a thousand million characters
    with open(path, "ab") as file:
        file.write(b"\n12:00:00 INFO  last\n")
    reads: list[int] = []
    window = LogWindow(opened(path), lambda line: [line.text[:20]])
    read = os.pread

    def counted(handle: int, count: int, offset: int) -> bytes:
        reads.append(count)
        return read(handle, count, offset)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "pread", counted)
        window.height = 40
        window.to_end()
        assert window.page()[-1][1] == "12:00:00 INFO  last"
        window.to(window.file.size // 2)
        window.to(0)
        assert window.page()[0][1] == "12:00:00 INFO  first"
    assert sum(reads) < 64 << 20
