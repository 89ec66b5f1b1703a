"""The plan is a pure function of the session."""

from __future__ import annotations

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.plan import INVENTORY_STEPS, inventory_plan, plan_for, step_by_id
from tests.execution.fakes import new_session

ALL = [
    "read-source", "preflight", "migration-bucket", "execution-role", "resources", "create-target", "source-policy",
    "target-policy", "inventory", "key", "export", "import", "logs", "verify", "cut-over", "clean-up",
]  # fmt: skip


def test_all_steps_in_order() -> None:
    assert [step.id for step in plan_for(new_session())] == ALL


def test_steps_that_are_not_wanted_are_left_out() -> None:
    session = new_session()
    session.target.create_role = False
    session.logs.copy_logs = False
    assert [step.id for step in plan_for(session)] == [i for i in ALL if i not in ("execution-role", "logs")]


def test_inventory_plan_is_a_part_of_the_whole() -> None:
    assert tuple(step.id for step in inventory_plan(new_session())) == INVENTORY_STEPS


def test_every_step_has_a_title_and_says_what_it_changes() -> None:
    session = new_session()
    for step in plan_for(session):
        assert step.title
        assert all(step.describe(session)), step.id
    text = "\n".join(line for step in plan_for(session) for line in step.describe(session))
    for name in (session.migration_bucket, "new", "old", session.policy_name("source"), session.policy_name("target")):
        assert name in text


def test_unknown_step_is_told() -> None:
    assert step_by_id(new_session(), "export").id == "export"
    with pytest.raises(WizardError, match="no step"):
        step_by_id(new_session(), "nope")
