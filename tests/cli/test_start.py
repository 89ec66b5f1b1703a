"""What must not be loaded before the first paint, and what the command says where it cannot draw."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("boto3", "botocore", "questionary", "keyring", "moto", "click")


def run_python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_version_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['mwaa-wizard', '--version']\nfrom mwaa_wizard.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print([m for m in {(*HEAVY, 'textual', 'pydantic')!r} if m in sys.modules])"
    )
    done = run_python(code)
    assert done.stdout.splitlines()[0].startswith("mwaa-wizard 0.")
    assert done.stdout.splitlines()[1] == "[]", done.stderr


def test_first_paint_loads_nothing_heavy() -> None:
    code = """
import asyncio, sys
from screens.app import WizardApp
from screens.start_request import StartRequest
async def paint():
    app = WizardApp(StartRequest(page="start"))
    async with app.run_test(size=(80, 24)) as pilot:
        seen = [m for m in sys.argv[1:] if m in sys.modules]
        app.exit()
    print(seen)
asyncio.run(paint())
"""
    done = run_python(code, *HEAVY)
    assert done.stdout.strip().splitlines()[-1] == "[]", done.stdout + done.stderr


def test_engine_loads_no_user_interface() -> None:
    code = """
import importlib, pkgutil, sys
import mwaa_wizard
for found in pkgutil.walk_packages(mwaa_wizard.__path__, "mwaa_wizard."):
    if ".dags" in found.name or ".seed." in found.name or found.name.endswith("__main__"):
        continue
    importlib.import_module(found.name)
print([m for m in ("textual", "screens", "questionary") if m in sys.modules])
"""
    done = run_python(code)
    assert done.stdout.strip().splitlines()[-1] == "[]", done.stdout + done.stderr


def test_without_a_terminal_the_flags_to_use_are_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard"], capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert "not a terminal" in done.stderr
    assert "--headless" in done.stderr
    assert done.stdout == ""


def test_unknown_words_are_usage_errors() -> None:
    for words in (["fly"], ["run"], ["policy", "x"], ["report", "x", "--format", "pdf"]):
        done = subprocess.run(
            [sys.executable, "-m", "mwaa_wizard", *words], capture_output=True, text=True, timeout=60, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 2, (words, done.stderr)
        assert "Traceback" not in done.stderr
