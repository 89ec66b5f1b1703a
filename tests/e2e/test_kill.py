"""`kill -9` of the wizard in the middle of export and of import: resume finishes, nothing twice, nothing lost."""

from __future__ import annotations

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.session.model import Logs
from tests.e2e.world import World, step_has

pytestmark = pytest.mark.e2e


def test_killed_in_export_and_in_import_then_resumed(world: World) -> None:
    session = world.new_session("analytics-killed", logs=Logs(copy_logs=False))
    world.run_and_kill("run", session.id, "--yes", when=step_has(session, "export", "made"))
    assert Journal.of(session.id).last("export", "done") is None

    world.run_and_kill("resume", session.id, "--headless", when=step_has(session, "import", "made"))
    assert Journal.of(session.id).last("export", "done") is not None
    assert Journal.of(session.id).last("import", "done") is None

    done = world.wizard("resume", session.id, "--headless")
    assert done.returncode == 0, done.stdout + done.stderr
    result = VerifyResult.model_validate_json((paths.run_dir(session.id) / "verify.json").read_text())
    assert result.same, result
    journal = Journal.of(session.id)
    for step in ("export", "import"):
        runs = [r for r in journal.of_step(step, "made") if r.get("kind") == "dag-run"]
        assert len(runs) == 1, f"{step} was started {len(runs)} times"
    world.drop(session.target.environment)
