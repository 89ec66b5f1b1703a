"""Commands and plain mode speak the language too: every help, and the prompts from the first to the last page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from mwaa_wizard import i18n, preferences
from mwaa_wizard.cli import COMMANDS
from mwaa_wizard.metadata import catalogue
from tests.prompts.conftest import Play, Typed
from tests.prompts.conftest import fake as fake
from tests.prompts.conftest import play as play
from tests.screens.conftest import Opener
from tests.screens.conftest import opening as opening
from tests.screens.fakes import ready_session

from . import pseudo

# A process of its own: the helps of commands are evaluated when they are imported.
HELPS = """
import importlib, click
from tests.i18n import pseudo
with pseudo.speaking():
    from mwaa_wizard.cli import COMMANDS
    from mwaa_wizard.commands.group import make_group
    def show(command, name):
        print("=====", name)
        print(command.get_help(click.Context(command, info_name=name)))
        for sub in getattr(command, "commands", {}):
            show(command.commands[sub], name + " " + sub)
    group = make_group(COMMANDS, lambda **_: 0)
    show(group, "mwaa-wizard")
    for name, target in COMMANDS.items():
        module, attribute = target.split(":")
        show(getattr(importlib.import_module(module), attribute), name)
"""
# Options, what stands for their values, choices and commands: these are typed as they are.
# Paths, commands, and ids of sessions, which are drawn by lot.
APART = re.compile(r"(?:/[\w.-]+){2,}|\bmwaa-wizard( [a-z]+)?|--[a-z-]+|\b[0-9a-f]{8}\b")
TYPED = re.compile(r"--?[a-z][\w-]*|\b[A-Z][A-Z_.=|-]+\b|\[[\w|.=<>-]+\]|^ *=====.*$|\[(?:OPTIONS|ARGS|COMMAND)\]\.*")


def test_every_help_is_in_the_catalogue() -> None:
    root = Path(__file__).parent.parent.parent
    found = subprocess.run(
        [sys.executable, "-c", HELPS], cwd=root, capture_output=True, encoding="utf-8", timeout=120, check=True
    ).stdout
    assert found.count("=====") > len(COMMANDS)
    known = pseudo.Known(names={word for name in COMMANDS for word in pseudo.WORD.findall(name)})
    known.names |= {"mwaa", "wizard", *(word for line in found.splitlines() if line.startswith("=====")
                                       for word in pseudo.WORD.findall(line))}  # fmt: skip
    # Defaults and examples of values.
    known.names |= {"json", "text", "cloudformation", "small", "eu", "east", "ja", "secrets", "manager"}
    wrong = pseudo.strangers([TYPED.sub(" ", line) for line in found.splitlines()], known)
    assert sorted(set(wrong)) == []


def test_plain_mode_is_in_the_catalogue(play: Play) -> None:
    """From the first question to the verified end."""
    tests = Path(__file__).parent.parent
    known = pseudo.data_of(tests / "screens/fakes.py", tests / "prompts/conftest.py", tests / "environments/samples.py")
    known.names.update(word for table in catalogue.TABLES for word in table.name.split("_"))
    # Names of files, of routes, of answers and of Airflow's roles.
    routes = ("in-place", "bridge", "settings-only", "restore-source", "switch", "keep")
    known.names.update(pseudo.WORD.findall(" ".join((*routes, "session json Python Admin Op User Viewer Public"))))
    way: Typed = {"Environment to move": "1", "Route (": "new-environment", "To start, type": "analytics-v2"}
    with pseudo.speaking():
        code, printed = play({pseudo.spoken(key): answer for key, answer in way.items()})
    assert code == 0
    assert pseudo.spoken("VERIFIED: the target has all that was chosen") in printed
    assert sorted(set(pseudo.strangers([APART.sub(" ", line) for line in printed.splitlines()], known))) == []


async def test_the_running_wizard_can_change_its_language(opening: Opener) -> None:
    """The page that is shown, its keys and its rail are in the new language at once, and the choice is kept."""
    try:
        async with opening(ready_session(), "logs") as d:
            assert "next" in d.footer()
            d.app.speak("ja")
            await d.settled()
            assert d.page == "logs"
            assert "次へ" in d.footer()
            assert "タスクログも移しますか?" in d.text()
            assert "▸ ログ" in d.text()
            assert preferences.read().language == "ja"
            d.app.speak("en")
            await d.settled()
            assert "next" in d.footer()
            assert "次へ" not in d.text()
    finally:
        i18n.use_language("en")
