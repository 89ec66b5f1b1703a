"""Execution roles: each check fails for the real reason, and passes without it."""

from __future__ import annotations

import json

from mwaa_wizard.execution import names
from mwaa_wizard.preflight import roles
from mwaa_wizard.sandbox import provision
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight import world
from tests.preflight.world import NEW, OLD, one, tell


def test_a_trust_policy_scoped_to_the_old_environment_fails_for_the_new_one(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    one(furnished, roles.target_trust, "pass")
    world.set_trust(furnished, world.trust(OLD))
    told = one(furnished, roles.target_trust, "fail")
    assert OLD in told.evidence
    assert NEW in told.remedy
    one(furnished, roles.source_trust, "pass")  # it is the old one's, after all
    world.set_trust(furnished, world.trust(OLD, NEW))
    one(furnished, roles.target_trust, "pass")


def test_a_trust_policy_scoped_to_another_account_fails(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    document = world.trust()
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": "999900001111"}}
    world.set_trust(furnished, document)
    assert "999900001111" in one(furnished, roles.target_trust, "fail").evidence


def test_both_services_must_be_trusted(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    world.set_trust(furnished, world.trust(services=("airflow.amazonaws.com",)))
    assert "airflow-env.amazonaws.com" in one(furnished, roles.target_trust, "fail").evidence
    one(furnished, roles.source_trust, "warn")  # the source runs; nothing is blocked


def test_a_condition_that_cannot_be_judged_is_a_warning(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    document = world.trust()
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceOrgID": "o-1"}}
    world.set_trust(furnished, document)
    assert "o-1" in one(furnished, roles.target_trust, "warn").evidence


def test_a_role_that_is_not_there_or_of_another_account_fails(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    furnished.session.target.settings["ExecutionRoleArn"] = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    assert "nobody" in one(furnished, roles.target_trust, "fail").evidence
    assert tell(furnished, roles.target_policy) == []  # told once
    furnished.session.target.settings["ExecutionRoleArn"] = "arn:aws:iam::999900001111:role/foreign"
    assert "is not of account" in one(furnished, roles.target_trust, "fail").evidence


def test_a_role_name_that_somebody_else_has_fails(furnished: Rig) -> None:
    one(furnished, roles.target_trust, "pass")
    name = names.target_role(furnished.session)
    furnished.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(world.trust()))
    assert name in one(furnished, roles.target_trust, "fail").evidence
    furnished.iam.tag_role(RoleName=name, Tags=names.tag_list(furnished.session))
    one(furnished, roles.target_trust, "pass")


def test_a_role_without_any_policy_fails(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    furnished.iam.delete_role_policy(RoleName=world.role(furnished), PolicyName="base")
    assert "no policy at all" in one(furnished, roles.target_policy, "fail").evidence
    one(furnished, roles.source_policy, "warn")


def test_a_policy_for_the_old_environments_logs_only_fails_for_the_new_one(furnished: Rig) -> None:
    world.keep_role_and_bucket(furnished)
    one(furnished, roles.source_policy, "pass")
    told = one(furnished, roles.target_policy, "fail")
    assert "airflow:PublishMetrics" in told.evidence
    assert "log-group:airflow-new-Task" in told.evidence
    world.allow(furnished, provision.base_policy("new", ACCOUNT, REGION, furnished.source_bucket))
    one(furnished, roles.target_policy, "pass")


def test_the_wizards_own_role_needs_no_look(furnished: Rig) -> None:
    one(furnished, roles.target_policy, "pass")
