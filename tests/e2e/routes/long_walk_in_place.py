"""Route in-place by keyboard in a real terminal, page by page with Enter alone: found by its name, refused once, then
changed, verified, all kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa_wizard.session import store
from mwaa_wizard.text import width
from tests.airflows import near
from tests.e2e.walk import COLUMNS, RUN_PATIENCE, choose_new, choose_route, walking
from tests.e2e.world import World

pytestmark = pytest.mark.e2e

NAME, BEFORE = "walk-prod", near("2.10.3")
ONWARD = "n/enter next"  # in the footer of a page that begins with the mark on its way on


@pytest.fixture(scope="module")
def own_world(home: Path) -> Iterator[World]:
    """An environment that may be changed."""
    from mwaa_wizard.sandbox import control

    status = control.up([(NAME, BEFORE)], "none", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    world = World(home, BEFORE, "2.11.2")
    yield world
    world.drop(NAME)


def version(world: World) -> str:
    """What AWS says it runs."""
    return str(world.client("mwaa").get_environment(Name=NAME)["Environment"]["AirflowVersion"])


def test_an_environment_changes_its_version_by_keyboard_alone(own_world: World, tmp_path: Path) -> None:
    known = {listed.id for listed in store.list_sessions()}
    with walking(folder=tmp_path) as w:
        w.see(r"Migrate an environment")
        choose_new(w)
        w.see(rf"Identity +✔ [\s\S]*Identity +✔ [\s\S]*{ONWARD}")
        w.press("Enter")
        w.see(rf"{NAME} +AVAILABLE")
        w.press("/")
        w.see(r"part of a name")
        w.write(NAME)
        w.see(rf"{NAME} · us-east-1 · AVAILABLE")
        w.press("Enter")  # the only row
        choose_route(w, "in-place")
        w.see(rf"Settings after the change of version[\s\S]*mw1\.small[\s\S]*{ONWARD}", "settings")
        w.press("Enter")
        w.see(rf"Who must be allowed what[\s\S]*Yourself[\s\S]*{ONWARD}", "policies")
        w.press("Enter")
        w.see(rf"Can it be done\? +\d+ pass[\s\S]*{ONWARD}", "preflight")
        w.press("Enter")
        plan = w.see(r"what will be done +\d+ steps[\s\S]*by +in-place", "review")
        for page in ("– Target", "– Tables", "– Logs"):
            assert page in plan
        w.write(NAME)
        w.press("Enter")
        asked = w.see(r"The run asks", "asked", RUN_PATIENCE)
        assert re.search(rf"Change {NAME} from Airflow {BEFORE}\s+to 2\.11\.2", asked.replace("│", " "))
        w.press("Enter")
        w.see(r"■ STOPPED", "refused")
        assert version(own_world) == BEFORE
        w.press("r")
        w.see(r"The run asks", timeout=RUN_PATIENCE)
        w.press("y")
        w.see(r"^ DONE ", "done", RUN_PATIENCE)
        w.press("n")
        w.see(r"VERIFIED: it runs the new version", "summary")
        w.press("Enter")
        w.see(r"mwaa-wizard undo")
    for name, screen in w.captures:
        wide = [line for line in screen.splitlines() if width(line.rstrip()) > COLUMNS]
        assert not wide, f"{name}: {wide}"
    assert version(own_world) == "2.11.2"
    (made,) = [one for one in store.list_sessions() if one.id not in known]
    assert made.session is not None
    assert (made.session.route, made.session.last_result.state) == ("in-place", "verified")
