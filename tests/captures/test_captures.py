"""The screens are as kept: `make captures` takes them anew after a change that is meant. Here a part is compared, for
the time it takes; `make captures ARGS=--check` compares all.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from .files import SNAPSHOTS, render, sections
from .layers import Cells
from .scenes import SCENES
from .shoot import COLOURS, LANGUAGES, SIZES, Shot

ROOT = SNAPSHOTS.parents[2]


# Pages, a list of each kind with the focus, and a box over a page.
_SOME = ("connect", "route", "target", "preflight", "run-failed", "summary", "settings-other", "quit-asked")
_MANY = (*_SOME, "logs", "start-empty", "entries", "source-refused", "policies-", "cutover", "cleanup", "help")


@pytest.mark.parametrize(
    ("language", "colour", "only", "sizes"),
    [
        ("en", "colour", _MANY, ["80x24"]),
        ("ja", "colour", _SOME, ["80x24", "200x60"]),
        ("en", "no-colour", _SOME, ["80x24"]),
        ("en", "16-colours", _SOME, ["80x24"]),
    ],
    ids=["english", "japanese", "no-colour", "16-colours"],
)
def test_screens_are_as_kept(language: str, colour: str, only: tuple[str, ...], sizes: list[str]) -> None:
    """In a process of its own, as they were taken."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.captures", "--check", "--languages", language, "--colours", colour,
         "--sizes", *sizes, "--only", *only],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_scene_is_kept_in_every_size_language_and_colour() -> None:
    wanted = {f"{columns}x{rows}" for columns, rows in SIZES}
    wanted |= {f"{size} {colour}" for size in tuple(wanted) for colour in COLOURS}
    for scene in SCENES:
        for language in LANGUAGES:
            kept = sections((SNAPSHOTS / language / f"{scene.name}.txt").read_text(encoding="utf-8"))
            assert wanted <= set(kept), (scene.name, language)
    assert len(list(SNAPSHOTS.glob("*/*.txt"))) == len(SCENES) * len(LANGUAGES)


def test_no_capture_names_this_machine_or_a_secret() -> None:
    for path in SNAPSHOTS.glob("*/*.txt"):
        text = path.read_text(encoding="utf-8")
        for word in ("/tmp/", "/root/", str(ROOT), "canary", "hunter2", "\x1b"):
            assert word not in text, (path.name, word)


def test_a_changed_colour_and_a_changed_word_are_seen() -> None:
    def cells(word: str, colour: str) -> Cells:
        return Cells(8, (((word, f"{colour} on #000000"),),))

    before = render([("en", "colour", Shot("start", (80, 24), cells("settings", "#ffffff")))])
    other_colour = render([("en", "colour", Shot("start", (80, 24), cells("settings", "#fffffe")))])
    other_word = render([("en", "colour", Shot("start", (80, 24), cells("setting.", "#ffffff")))])
    name = "en/start.txt"
    assert sections(before[name])["80x24"] == sections(other_colour[name])["80x24"]
    assert sections(before[name])["80x24 colour"] != sections(other_colour[name])["80x24 colour"]
    assert sections(before[name])["80x24"] != sections(other_word[name])["80x24"]
