"""Every page and box: nothing on it goes round the catalogue; in Japanese each line fits and stands in its column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mwaa_wizard.metadata import catalogue
from mwaa_wizard.text import width
from screens import keymap
from tests.captures.scenes import SCENES, Scene
from tests.captures.shoot import shots

from . import pseudo

TESTS = Path(__file__).parent.parent
# Where the fakes' answers and the made-up world stand.
WORLD = [TESTS / name for name in (
    "screens/fakes.py", "screens/fake_boards.py", "screens/policy_fakes.py", "captures/world.py", "captures/scenes.py",
    "captures/real.py", "environments/samples.py",
)]  # fmt: skip
POLICIES = sorted((TESTS.parent / "mwaa_wizard" / "policies").glob("*.py"))
NAMES = """KiB MiB GiB UTC JSON CLI CloudFormation Terraform Python STEP YYYY MM DD id tmp show about
    AWSTemplateFormatVersion Description Action Allow Effect Resource Sid Statement Version Principal Condition
    session json slots"""  # formats, elements of a policy, names of files and commands
# A path of this run, a code line with its number, and what the program is called.
APART = re.compile(r"(?:/[\w.-]+){2,}|mwz-\w+|\bmwaa-wizard [a-z]+|^ *\d+  .*$")


@pytest.fixture(scope="module")
def known() -> pseudo.Known:
    found = pseudo.data_of(*WORLD)
    for path in POLICIES:
        found.names.update(word for word in pseudo.data_of(path).names if word[0].isupper())
    found.names.update(NAMES.split(), keymap.KEYS, map(keymap.key_name, keymap.KEYS), ("space",))
    found.names.update("".join(key for key in scene.keys if len(key) == 1) for scene in SCENES)  # typed
    found.names.update(word for table in catalogue.TABLES for word in table.name.split("_"))
    return found


# States of a page that have no words of their own.
AGAIN = {"start-filter", "settings-other-account", "settings-in-place", "tables-counted", "policies-why",
         "preflight-well", "review-in-place", "run-log", "run-stopped", "cutover-half", "cleanup-asked"}  # fmt: skip


def pages() -> list[Scene]:
    """Each page, and the boxes that say something of their own."""
    return [scene for scene in SCENES if scene.name not in AGAIN]


async def test_nothing_goes_round_the_catalogue(known: pseudo.Known) -> None:
    wrong, seen = {}, 0
    with pseudo.speaking() as language:
        async for shot in shots("en", "colour", pages(), ((80, 24),)):
            lines = [APART.sub(" ", part) for line in shot.cells.text for part in line.split("│")]
            if found := pseudo.strangers(lines, known):
                wrong[shot.scene] = sorted(set(found))
            seen += 1
    assert wrong == {}
    assert seen > 30
    assert len(language.asked) > 500


def cells(line: str) -> list[str]:
    """A line cell by cell; the second cell of a wide character is empty."""
    return [cell for char in line for cell in ([char, ""] if width(char) == 2 else [char])]


def columns_of(head: str) -> list[int]:
    """Where the columns under a heading begin: after two spaces or more."""
    row, found = cells(head), []
    for place in range(2, len(row)):
        if row[place] not in ("", " ") and row[place - 2 : place] == [" ", " "]:
            found.append(place)
    return found


async def test_japanese_stands_in_its_columns() -> None:
    boxes = ("asked", "rename", "delete", "edit", "regions", "columns", "existing", "attach", "save", "step", "command")
    wanted = [scene for scene in pages() if not scene.name.endswith(boxes)]
    tables = {"source": "環境クラス", "settings": "設定 +移行元", "entries": "タイプ +状態", "cutover": "稼働場所"}
    seen, aligned = set(), set()
    async for shot in shots("ja", "colour", wanted, ((80, 24),)):
        lines = shot.cells.text
        assert max(map(width, lines)) <= 80, shot.scene
        foot = lines[-1]
        assert "…" not in foot.replace(" …", ""), (shot.scene, foot)
        assert width(foot) < 80, (shot.scene, foot)
        assert "終了" in foot or "閉じる" in foot, (shot.scene, foot)
        rail = [line for line in lines if re.match(r" [▸✔○!–↻·✘] ", line) and "│" in line[:14]]
        if len(rail) > 5 and not any("┌" in line for line in lines):  # a box lies over the rail
            edges = {cells(line).index("│") for line in rail}
            assert edges == {13}, (shot.scene, edges)
            assert not any("…" in line.partition("│")[0] for line in rail), shot.scene
        if (mark := tables.get(shot.scene)) and (heads := [n for n, line in enumerate(lines) if re.search(mark, line)]):
            head = heads[0]
            for place in columns_of(lines[head])[1:]:
                for line in lines[head + 1 : head + 4]:
                    row = cells(line.ljust(80))
                    assert row[place - 1] == " ", (shot.scene, place, line)
            aligned.add(shot.scene)
        seen.add(shot.scene)
    assert aligned == set(tables)
    assert {"start", "connect", "route", "preflight", "review", "run", "summary", "cleanup"} <= seen
