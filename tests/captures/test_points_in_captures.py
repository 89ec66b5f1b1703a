"""What every kept screen has to hold, boxes too: who is moved where, widths, colours, words beside glyphs.

Read from the captures: no page can be forgotten, as a test of the captures sees to every scene being kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from rich.color import ANSI_COLOR_NAMES

from mwaa_wizard.front import flow
from mwaa_wizard.text import width

from .files import SNAPSHOTS
from .shoot import COLOURS, LANGUAGES, SIZES

PLACE = re.compile(r"\d{4}-\d{4}-\d{4} [a-z]{2}-[a-z]+-\d")
BEFORE_A_SESSION = ("start",)  # scenes that begin so have no identity yet
BLANK = " ▔▁│─▂▃▄▅▆▇█▏▎▍▌▋▊▉▐▕┌┐└┘░━╸╺"
_OF = re.compile(r"([a-zA-Z0-9]|<\d+>)(\d+)")


@dataclass(frozen=True)
class Kept:
    """One scene at one size: its rows, and at 80x24 for each look (style, text) of all rows."""

    name: str
    language: str
    size: tuple[int, int]
    rows: tuple[str, ...]
    looks: dict[str, tuple[str, ...]]
    other_text: tuple[str, ...]

    @property
    def scene(self) -> str:
        return self.name.partition("/")[2]

    @property
    def covered(self) -> bool:
        """Whether a box lies over the page, which is dimmed then."""
        return self.scene == "palette" or any("┌" in row for row in self.rows)


@cache
def kept() -> tuple[Kept, ...]:
    return tuple(one for path in sorted(SNAPSHOTS.glob("*/*.txt")) for one in _scenes(path.parent.name, path.stem))


def _scenes(language: str, scene: str) -> Iterator[Kept]:
    text = (SNAPSHOTS / language / f"{scene}.txt").read_text(encoding="utf-8")
    for part in text.split("=== ")[1:]:
        head, _newline, rest = part.partition("\n")
        if not re.fullmatch(r"\d+x\d+", head):
            continue
        columns, rows = map(int, head.split("x"))
        blocks = re.split(r"^--- ([a-z0-9-]+): (.*)$", rest, flags=re.MULTILINE)
        looks, other = {}, []
        for colour, what, body in zip(blocks[1::3], blocks[2::3], blocks[3::3], strict=True):
            if what == "other text":
                other.append(colour)
            else:
                looks[colour] = tuple(body.strip("\n").splitlines())
        lines = blocks[0].split("\n")[:rows]
        yield Kept(f"{language}/{scene}", language, (columns, rows), tuple(lines), looks, tuple(other))


def painted(one: Kept, colour: str, *, top: bool = False) -> Iterator[tuple[str, str]]:
    """(style, text) of everything but blanks and lines that is drawn in one look. `top`: not what a box covers."""
    begin, end, left, right = 0, len(one.rows), 0, 10_000
    if top and one.covered:
        begin = next((number for number, row in enumerate(one.rows) if "┌" in row), end)
        end = next((number for number, row in enumerate(one.rows) if "└" in row), end)
        if begin < end:
            left, right = (width(one.rows[begin].partition(corner)[0]) for corner in "┌┐")
    legend = dict(line.split(" = ", 1) for line in one.looks[colour] if " = " in line and not re.match(r"\d+: ", line))
    runs = {found[1]: found[2] for line in one.looks[colour] if (found := re.match(r"(\d+): (.*)", line))}
    for number, row in enumerate(one.rows, 1):
        place = 0
        for letter, count in _OF.findall(runs.get(str(number), f"a{one.size[0]}")):
            text = row[place : place + int(count)]
            place += int(count)
            inside = begin < number <= end and left <= width(row[: place - int(count)]) < right
            if text.strip(BLANK) and inside:
                yield legend[letter], text


def rgb(colour: str) -> tuple[int, int, int]:
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(ink: str, paper: str) -> float:
    """WCAG 2."""

    def light(colour: str) -> float:
        parts = [part / 255 for part in rgb(colour)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    one, other = sorted((light(ink), light(paper)))
    return (other + 0.05) / (one + 0.05)


def test_they_are_read_whole() -> None:
    """What the other tests rest on: every scene, size and look is found, and its cells have styles."""
    assert len(kept()) == len(list(SNAPSHOTS.glob("*/*.txt"))) * len(SIZES)
    assert {one.language for one in kept()} == set(LANGUAGES)
    for one in kept():
        assert set(one.looks) == set(COLOURS), one.name
        if one.size == (80, 24):
            assert sum(len(text) for _style, text in painted(one, "colour")) > 100, one.name


def test_who_is_moved_where_is_on_every_screen_and_in_every_size() -> None:
    """Two places (account and region) in the first two rows, beside boxes and above whole logs."""
    for one in kept():
        if not one.scene.startswith(BEFORE_A_SESSION):
            assert len(PLACE.findall("\n".join(one.rows[:2]))) == 2, (one.name, one.size, one.rows[:2])


def test_production_is_a_word_and_another_colour_on_every_screen() -> None:
    words = {"en": "PRODUCTION", "ja": "本番"}
    seen = 0
    for one in kept():
        both = words[one.language] in one.rows[1]
        if one.size != (80, 24) or words[one.language] not in one.rows[0] or both or one.covered:
            continue
        seen += 1
        for colour in COLOURS:
            found = [style for style, text in painted(one, colour) if words[one.language] in text]
            others = {style for style, text in painted(one, colour) if one.rows[1].strip()[:12] in text}
            assert len(found) == 1, (one.name, colour)
            assert found[0] not in others, (one.name, colour, found, others)
    assert seen > 40


def test_no_row_is_wider_than_its_terminal_and_the_last_one_says_a_way_out() -> None:
    for one in kept():
        assert all(width(row) <= one.size[0] for row in one.rows), (one.name, one.size)
        assert len(one.rows) == one.size[1], (one.name, one.size)
        ways = "^q" in one.rows[-1] or any("esc" in row for row in one.rows)
        assert ways, (one.name, one.size, one.rows[-1])


def test_every_glyph_of_the_rail_has_its_word_on_the_same_screen() -> None:
    """Beside it on wide terminals, in the legend below it on others; so no state is told by colour alone."""
    glyphs = {flow.state_word(state)[0] for state in flow.STATES}
    words = {flow.state_word(state)[0]: flow.state_word(state)[1] for state in flow.STATES}
    seen: set[str] = set()
    for one in kept():
        rail = [row.split("│")[0] for row in one.rows if "│" in row]
        used = {part.strip()[0] for part in rail if part.strip() and part.strip()[0] in glyphs}
        if one.language != "en" or not any("Connect" in part for part in rail) or one.covered:
            continue
        seen |= used
        for glyph in used:
            assert any(re.search(rf"\b{words[glyph]}\b", part) for part in rail), (one.name, one.size, glyph)
    assert seen >= {"▸", "✔", "○"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_colour_every_screen_is_grey_can_be_read_and_says_the_same(language: str) -> None:
    for one in kept():
        if one.language != language:
            continue
        assert "no-colour" not in one.other_text, (one.name, one.size)
        if one.size != (80, 24):
            continue
        for style, text in painted(one, "no-colour"):
            ink, paper = style.split(" ")[0], style.split(" ")[2]
            assert len(set(rgb(ink))) == len(set(rgb(paper))) == 1, (one.name, style, text)
        for style, text in painted(one, "no-colour", top=True):
            ink, paper = style.split(" ")[0], style.split(" ")[2]
            # What WCAG asks of text; an arrow, a line to scroll by and the like need 3 to 1.
            least = 4.5 if any(sign.isalnum() for sign in text) else 3
            assert contrast(ink, paper) >= least, (one.name, style, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_16_colours_every_screen_has_the_terminals_own_only(language: str) -> None:
    for one in kept():
        if one.language != language or one.size != (80, 24):
            continue
        for style, text in painted(one, "16-colours"):
            ink, paper = style.split(" ")[0], style.split(" ")[2]
            for colour in (ink, paper):
                number = re.fullmatch(r"color\((\d+)\)", colour)
                known = colour in ("default", "-") or ANSI_COLOR_NAMES.get(colour, 99) < 16
                assert known or (number and int(number[1]) < 16), (one.name, style, text)
            assert ink != paper or ink in ("default", "-"), (one.name, style, text)
