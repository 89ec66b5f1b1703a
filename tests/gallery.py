"""`make screenshots`: the wizard migrates in a sandbox of its own and takes pictures of itself for the README.

Nothing of this machine gets into them: the sandbox's account, a home folder made for this, no font from elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.conftest import SHARED_CACHE

DOCS = Path(__file__).parent.parent / "docs"
SIZE = (100, 30)
SOURCE, TARGET = "analytics-prod", "analytics-v2"
PATIENCE = 600.0

# Each run has random names; fixed ones let a new picture differ only where the program does.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIXED_UUID, _FIXED_SESSION = "5f2c9a10-7d41-4c7e-9b1e-0a6b3d8e4f21", "8329f723"


def main() -> int:
    """Start the sandbox, walk, take the pictures, end the sandbox. Returns the exit code."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wizard-gallery-") as home:
        _own_world(Path(home))
        from mwaa_wizard.sandbox import control
        from mwaa_wizard.sandbox.demo import source_version

        try:
            status = control.up([(SOURCE, source_version())], "small", lambda line: print(line, flush=True))
            os.environ.update(status.environ())
            asyncio.run(_walk(Path(home)))
        finally:
            control.down()
    return 0


def _own_world(home: Path) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") and name != "AWS_CA_BUNDLE":
            del os.environ[name]
    os.environ.update(
        HOME=str(home),
        MWAA_WIZARD_HOME=str(home / "mwaa-wizard"),
        MWAA_WIZARD_CACHE=SHARED_CACHE,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        TEXTUAL_ANIMATIONS="none",
        COLORTERM="truecolor",
    )
    os.environ.pop("NO_COLOR", None)


async def _walk(home: Path) -> None:
    from mwaa_wizard.front import routing
    from screens.app import WizardApp
    from screens.start import StartPage
    from screens.start_request import StartRequest
    from tests.screens.driver import Driver

    app = WizardApp(StartRequest())
    async with app.run_test(size=SIZE) as pilot:
        d = Driver(app, pilot)

        async def until(condition: Callable[[], bool]) -> None:
            await d.until(condition, PATIENCE)
            await d.settled()

        async def page(name: str, text: str) -> None:
            await until(lambda: d.page == name and text in d.text())

        def take(name: str) -> None:
            assert app.opened is not None
            path = DOCS / f"{name}.svg"
            svg = app.export_screenshot(title="mwaa-wizard")
            path.write_text(cleaned(svg, home, app.opened.session.id), encoding="utf-8")
            print(path.relative_to(DOCS.parent), flush=True)

        await until(lambda: isinstance(app.screen, StartPage) and app.screen.list_read)
        await d.press("enter")
        await until(lambda: d.text().count("✔ 1111-2222-3333") == 2)
        await d.press("n")
        await page("source", "AVAILABLE")
        await d.press("enter")
        await page("route", "possible")
        take("route")
        assert app.opened is not None
        kinds = [route.kind for route in routing.routes(app.opened.session).routes]
        await d.press(*["down"] * kinds.index("new-environment"), "enter")
        await page("target", "new-environment")
        await d.press("enter")
        await page("settings", "Execution role")
        take("settings")
        for name, text in (("tables", "task_instance"), ("logs", "task logs"), ("policies", '"Version"')):
            await d.press("n")
            await page(name, text)
        take("policies")
        await d.press("n")
        await page("preflight", "Nothing stands in the way")
        await d.press("n")
        await page("review", "This is what will be done")
        await d.write(TARGET)
        await d.press("enter")
        await until(lambda: "Task logs · running" in d.text() and "%" in d.text())
        take("run")
        await until(lambda: " DONE " in d.text())
        await d.press("n")
        await page("summary", "VERIFIED")
        take("summary")
        await d.press("n")
        await page("cutover", "▸ source")
        await d.press("a")  # those that can be handed over
        await until(lambda: " picked" in d.text())
        take("cutover")


def cleaned(svg: str, home: Path, session_id: str) -> str:
    """The picture without addresses of fonts and without anything that says where it was made."""
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r',?\s*url\("?https?://[^)]*\)\s*format\("[^"]*"\)', "", svg)
    svg = _UUID.sub(_FIXED_UUID, svg).replace(session_id, _FIXED_SESSION)
    found = [word for word in (str(home), os.uname().nodename, "http://127", "https://") if word and word in svg]
    if found:
        raise SystemExit(f"the picture holds {found}")
    return svg if svg.endswith("\n") else svg + "\n"


if __name__ == "__main__":
    sys.exit(main())
