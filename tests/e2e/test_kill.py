"""`kill -9` of the wizard in export, in import and in a batch of the cut-over: nothing twice, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.unpausing import batches
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.session.model import Logs, Session
from tests.e2e.world import SOURCE, World, step_has

pytestmark = pytest.mark.e2e

TARGET = "analytics-killed"


@pytest.fixture(scope="module")
def paused_before(world: World) -> dict[str, bool]:
    return world.paused(SOURCE)


@pytest.fixture(scope="module")
def session(world: World, paused_before: dict[str, bool]) -> Iterator[Session]:
    """One whose run was killed twice."""
    made = world.new_session(TARGET, logs=Logs(copy_logs=False))
    world.run_and_kill("run", made.id, "--yes", when=step_has(made, "export", "made"))
    yield made
    if any(name == TARGET for name in world.client("mwaa").list_environments()["Environments"]):
        world.drop(TARGET)


def states(world: World) -> tuple[dict[str, bool], dict[str, bool]]:
    """Paused states of both sides, without DAGs of ours; no DAG may be unpaused on both."""
    source, target = (
        {dag_id: paused for dag_id, paused in world.paused(name).items() if not dag_id.startswith("mwz_")}
        for name in (SOURCE, TARGET)
    )
    assert [dag_id for dag_id in source if not source[dag_id] and not target.get(dag_id, True)] == []
    return source, target


def unpaused(found: dict[str, bool]) -> set[str]:
    return {dag_id for dag_id, paused in found.items() if not paused}


def test_killed_in_export_and_in_import_then_resumed(world: World, session: Session) -> None:
    assert Journal.of(session.id).last("export", "done") is None

    world.run_and_kill("resume", session.id, "--headless", when=step_has(session, "import", "made"))
    assert Journal.of(session.id).last("export", "done") is not None
    assert Journal.of(session.id).last("import", "done") is None

    done = world.wizard("cutover", session.id, "--batch", "*", "--yes")
    assert done.returncode == 2, "no batch begins in the middle of a run"
    assert "step Cut over" in done.stderr

    done = world.wizard("resume", session.id, "--headless")
    assert done.returncode == 0, done.stdout + done.stderr
    result = VerifyResult.model_validate_json((paths.run_dir(session.id) / "verify.json").read_text())
    assert result.same, result
    journal = Journal.of(session.id)
    for step in ("export", "import"):
        runs = [r for r in journal.of_step(step, "made") if r.get("kind") == "dag-run"]
        assert len(runs) == 1, f"{step} was started {len(runs)} times"


def test_two_batches_go_over_and_one_comes_back(
    world: World, session: Session, paused_before: dict[str, bool]
) -> None:
    running, resting = sorted(unpaused(paused_before)), sorted(set(paused_before) - unpaused(paused_before))
    first, second = running[:3], running[3:5]
    for dags in ([*first, resting[0]], second):
        done = world.wizard("cutover", session.id, "--batch", ",".join(dags), "--wait", "120", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
    source, target = states(world)
    assert unpaused(target) == {*first, *second}, "exactly what was unpaused on the source"
    assert unpaused(source) == set(running[5:])

    done = world.wizard("cutover", session.id, "--roll-back", "1", "--wait", "120", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    source, target = states(world)
    assert (unpaused(target), unpaused(source)) == (set(second), {*first, *running[5:]})

    listed = world.wizard("cutover", session.id)
    assert listed.returncode == 0, listed.stdout + listed.stderr
    row = next(line for line in listed.stdout.splitlines() if line.startswith(second[0]))
    assert "✔ target" in row
    assert "Batch 1: 3 DAGs, rolled back" in listed.stdout


def test_killed_in_a_batch_it_is_shown_as_half_and_gone_on_with(world: World, session: Session) -> None:
    source, _target = states(world)
    rest = unpaused(source)
    assert len(rest) > 8, "enough for the kill to come in the middle"

    def pausing() -> bool:
        if batches.half_done(Journal.of(session.id)) is None:
            return False
        return bool(world.rest(SOURCE, f"/dags/{min(rest)}")["is_paused"])

    world.run_and_kill("cutover", session.id, "--batch", "*", "--yes", when=pausing)
    source, target = states(world)
    assert rest - unpaused(source) - unpaused(target), "it was in the middle: some run nowhere"
    rows = [json.loads(line) for line in world.wizard("cutover", session.id, "--json").stdout.splitlines()]
    (half,) = [row for row in rows if row["event"] == "Batch" and row["half"]]
    refused = world.wizard("cutover", session.id, "--batch", "*", "--yes")
    assert refused.returncode == 2, refused.stdout + refused.stderr

    done = world.wizard("cutover", session.id, "--go-on", str(half["number"]), "--wait", "300", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    source, target = states(world)
    assert unpaused(source) == set()
    assert unpaused(target) >= rest


def test_nothing_is_left_and_undo_gives_the_source_its_dags_back(
    world: World, session: Session, paused_before: dict[str, bool]
) -> None:
    left = world.wizard("cleanup", session.id, "--list")
    assert left.returncode == 0, left.stdout + left.stderr
    assert "Nothing of ours is left" in left.stdout
    assert f"environment {TARGET}" in left.stdout

    done = world.wizard("undo", session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert world.paused(SOURCE) == paused_before
    assert batches.live(Journal.of(session.id)) == []
    assert TARGET not in world.client("mwaa").list_environments()["Environments"]
