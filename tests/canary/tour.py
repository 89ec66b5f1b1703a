"""The real wizard in a real terminal, going through every page and box on planted answers: `tour HOSTILE|SECRETS`."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

import screens
from mwaa_wizard import secrets
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import Line
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import engine_entries
from mwaa_wizard.front.engine import EnvironmentLine, ReportText
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean
from screens.app import WizardApp
from screens.start_request import StartRequest
from tests.captures import scenes as all_scenes
from tests.captures.real import denied
from tests.captures.scenes import SCENES, Scene
from tests.captures.shoot import Studio
from tests.captures.world import CaptureEngine, a_run, install
from tests.environments import samples
from tests.screens.driver import Driver

from .planted import HOSTILE, SECRETS


class Hostile(CaptureEngine):
    """Every text from outside is HOSTILE."""

    def environments(self, session: Session) -> list[EnvironmentLine]:
        return [EnvironmentLine(HOSTILE, "AVAILABLE", "2.8.1", HOSTILE, "2024-05-01", session.source.connection.region)]

    def source_environment(self, _session: Session) -> dict[str, Any]:
        options = {"core.parallelism": "40", "webserver.instance_name": HOSTILE}
        return samples.environment(AirflowConfigurationOptions=options, Tags={"Team": HOSTILE}, DagS3Path=HOSTILE)

    def listed(self, _session: Session) -> engine_entries.Listed:
        return engine_entries.Listed(74, 5, (HOSTILE,), (HOSTILE, "db_main"))

    def report(self, _session: Session, _columns: int) -> ReportText:
        return ReportText(clean(HOSTILE), (clean(HOSTILE),), ("/state/report.html",), True)

    def made_things(self, _session: Session) -> list[tuple[str, str]]:
        return [("bucket", HOSTILE), (HOSTILE, "x")]


class Secretive(CaptureEngine):
    """Options, variables and connections with values that nobody may see."""

    def source_environment(self, _session: Session) -> dict[str, Any]:
        return samples.environment(
            AirflowConfigurationOptions={
                "core.parallelism": "40",
                "smtp.smtp_password": SECRETS["a secret Airflow option"],
                "celery.broker_url": "amqp://user:" + SECRETS["a password inside an option's URL"] + "@host/",
                "core.fernet_key": SECRETS["the Fernet key"],
            }
        )  # fmt: skip

    def give(self, session: Session, conn_id: str, text: str) -> bool:
        self.given[conn_id] = "given"
        return secrets.remember(session.id, f"connection:{conn_id}", text)


class Touring(WizardApp):
    """Runs the tour once the first screen stands."""

    CSS_PATH: ClassVar[list[Any]] = [
        str(Path(screens.__file__).parent / path) for path in WizardApp.CSS_PATH
    ]

    def __init__(self, kind: type[CaptureEngine], fake: CaptureEngine) -> None:
        super().__init__(StartRequest(profile="default", region="us-east-1"))
        self._kind, self._fake = kind, fake

    def on_ready(self) -> None:
        self.run_worker(self._tour(), exit_on_error=True)

    async def _tour(self) -> None:
        driver = Driver(self, Pilot(self))
        await driver.until(lambda: getattr(self.screen, "list_read", False))
        studio = Studio(driver, self._fake)
        for scene in SCENES:
            await studio.strike()
            await studio.set(self._planted(scene))
            if scene.name == "entries" and self._kind is Secretive:
                await self._type_a_secret(driver)
            await asyncio.sleep(0.05)
        if self._kind is Secretive:
            local = SECRETS["a value of a local variable in a crash"]
            raise RuntimeError(f"password={SECRETS['a value in keyring']} {len(local)}")
        await studio.strike()
        self.exit(0)

    async def _type_a_secret(self, driver: Driver) -> None:
        await driver.press("enter", *SECRETS["a connection's password, typed"], "enter")

    def _planted(self, scene: Scene) -> Scene:
        if self._kind is not Hostile:
            return scene

        def prepare(fake: CaptureEngine, session: Session) -> None:
            if scene.prepare is not None:
                scene.prepare(fake, session)
            session.name = HOSTILE
            session.source.environment = HOSTILE
            session.source.connection.profile = HOSTILE

        return replace(scene, prepare=prepare)


def main() -> None:
    """Ends with the program's own exit code."""
    kind = {"HOSTILE": Hostile, "SECRETS": Secretive}[sys.argv[1]]
    patch = pytest.MonkeyPatch()
    fake = install(patch, kind)
    bad = HOSTILE if kind is Hostile else "password=" + SECRETS["a variable"]
    what = denied().what + bad
    error = WizardError(what=what, where=bad, code="AccessDenied", request_id=bad, changed=bad, remedy=bad)
    if kind is Hostile:
        patch.setattr("tests.captures.real.denied", lambda: error)
        real = a_run

        def run_with_lines(session: Session, outcome: Any, at: str) -> Any:
            made = real(session, outcome, at)
            for step in ("export", "import"):
                said = Line(step=step, level="INFO", text=clean(HOSTILE), at=dt.datetime.now(dt.UTC))
                StepLogs(session.id).write(said)
                with open(made.log_path(step), "ab") as file:  # touched by somebody else
                    file.write(f"12:00:00 INFO  {HOSTILE}\n".encode())
            return made

        patch.setattr(all_scenes, "a_run", run_with_lines)
    else:
        secrets.remember("00000001", "options:smtp.smtp_password", SECRETS["a value in keyring"])
    app = Touring(kind, fake)
    app.run()
    for line in app.last_words:
        print(line, file=sys.stderr)
    os._exit(int(app.return_code or 0))


if __name__ == "__main__":
    main()
