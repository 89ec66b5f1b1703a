"""What of ours is still there after a run: found, taken away one by one, and proven to be gone."""

from __future__ import annotations

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import pausing
from mwaa_wizard.execution.belongings import find
from mwaa_wizard.execution.belongings.find import Belonging
from mwaa_wizard.execution.belongings.take_away import TakeAway
from mwaa_wizard.execution.looking import looking
from mwaa_wizard.execution.steps.key import variable_name
from mwaa_wizard.front import cleanup_text, engine_cleanup
from tests.execution.fakes import Rig, client_error

DOCUMENT = """
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}
"""


@pytest.fixture(autouse=True)
def _half_cleaned(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose clean-up did not come to its end: files, a variable, a policy and the bundle are still there."""
    role = rig.mwaa.environments["old"]["ExecutionRoleArn"]
    target = rig.mwaa.add("new", rig.source_bucket, role)
    ctx = rig.context("export")
    ctx.journal.write("export", "started")
    ctx.journal.write("cut-over", "done")
    rig.s3.put_object(Bucket=rig.source_bucket, Key="dags/mwz_export.py", Body=b"x")
    ctx.made("dag-file", f"source:{rig.source_bucket}/dags/mwz_export.py", side="source")
    name = variable_name(rig.session)
    target.variables.add(name)
    ctx.made("variable", name, side="target")
    policy = rig.session.policy_name("source")
    rig.iam.put_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyName=policy, PolicyDocument=DOCUMENT)
    ctx.changed("inline-policy", policy, None, role=role.rsplit("/", 1)[1], side="source")
    rig.s3.create_bucket(Bucket=rig.session.migration_bucket)
    ctx.made("bucket", rig.session.migration_bucket, side="source")
    rig.s3.put_object(Bucket=rig.session.migration_bucket, Key="tables/dag_run/0001.csv.gz", Body=b"x" * 2048)
    ctx.made("environment", "new")
    monkeypatch.setattr("mwaa_wizard.airflow.dag_files._pickup", lambda *_: 0.0)


def seen(rig: Rig) -> dict[str, Belonging]:
    return {one.id: one for one in find.find(looking(rig.session, rig.clients))}


def take(rig: Rig, *ids: str) -> None:
    step = TakeAway(ids)
    ctx = rig.context(step.id)
    step.run(ctx)
    step.verify(ctx)


def test_everything_that_is_there_is_found_with_its_size(rig: Rig) -> None:
    found = seen(rig)
    there = {name for name, one in found.items() if one.there}
    assert {"dags:source", "variable", "policy:source", "bundle"} <= there
    assert found["bundle"].seen == "1 object, 2.0 KiB"
    assert found["policy:target"].there is False
    assert found["paused"].there is False


def test_looking_journals_nothing(rig: Rig) -> None:
    before = list(rig.context().journal.records())
    seen(rig)
    assert list(rig.context().journal.records()) == before


def test_what_is_chosen_goes_and_the_rest_stays(rig: Rig) -> None:
    take(rig, "variable", "policy:source")
    found = seen(rig)
    assert (found["variable"].there, found["policy:source"].there) == (False, False)
    assert found["variable"].gone, "the journal says since when"
    assert (found["bundle"].there, found["dags:source"].there) == (True, True)


def test_the_bundle_goes_only_where_it_is_asked_for(rig: Rig) -> None:
    rig.session.keep_bundle = True
    things = list(seen(rig).values())
    assert "bundle" not in engine_cleanup.chosen(rig.session, things)
    assert "bundle" in engine_cleanup.chosen(rig.session, things, bundle=True)
    take(rig, "bundle")
    assert seen(rig)["bundle"].there is False


def test_dag_files_go_with_their_rows_and_no_other_dag(rig: Rig) -> None:
    assert seen(rig)["dags:source"].there
    take(rig, "dags:source", "dags:target")  # one folder in this world: both go
    assert seen(rig)["dags:source"].there is False
    assert {"daily", "hourly", "resting"} <= set(rig.mwaa.airflows["old"].dags)
    left = rig.s3.list_objects_v2(Bucket=rig.source_bucket, Prefix="dags/")["Contents"]
    assert {entry["Key"] for entry in left} == {"dags/a.py", "dags/lib/b.py"}


def test_dag_files_of_another_session_are_shown_and_not_chosen(rig: Rig) -> None:
    rig.context().removed("dag-file", f"source:{rig.source_bucket}/dags/mwz_export.py")
    found = seen(rig)
    assert found["dags:target"].there
    assert not found["dags:target"].ours
    assert "another session" in found["dags:target"].seen
    assert "dags:target" not in engine_cleanup.chosen(rig.session, found.values())


def test_paused_dags_of_the_source_are_given_back(rig: Rig) -> None:
    pausing.remember(rig.context("export"))
    rig.mwaa.airflows["old"].dags["daily"] = True
    assert seen(rig)["paused"].seen == "2 DAGs wait for it"
    take(rig, "paused")
    assert rig.mwaa.airflows["old"].dags["daily"] is False


def test_what_may_not_be_looked_at_is_not_called_gone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object) -> None:
        raise client_error("AccessDenied", "not authorized to perform: iam:GetRolePolicy")

    monkeypatch.setattr("mwaa_wizard.execution.steps.role_policy.read", refuse)
    one = seen(rig)["policy:source"]
    assert one.there is None
    assert cleanup_text.state(one)[1] == "could not be looked at"


def test_what_comes_back_is_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.steps.key.remove_variable", lambda ctx: None)
    with pytest.raises(WizardError, match="still there"):
        take(rig, "variable")


def test_in_the_middle_of_a_run_nothing_is_taken_away(rig: Rig) -> None:
    rig.context().journal.write("cut-over", "failed")
    with pytest.raises(WizardError, match="has not come to its end"):
        take(rig, "bundle")
    assert seen(rig)["bundle"].there


def test_after_an_undo_a_new_run_counts_as_one(rig: Rig) -> None:
    journal = rig.context().journal
    journal.write("cut-over", "undone")
    assert find.obstacle(looking(rig.session, rig.clients)) == ""
    journal.write("read-source", "started")
    assert "has not come to its end" in find.obstacle(looking(rig.session, rig.clients))
    journal.write("cut-over", "done")
    assert find.obstacle(looking(rig.session, rig.clients)) == ""


def test_the_target_and_what_it_needs_stay(rig: Rig) -> None:
    stays = find.kept(looking(rig.session, rig.clients))
    assert [one.what for one in stays] == ["environment new"]


def test_a_look_cannot_journal(rig: Rig) -> None:
    with pytest.raises(AssertionError, match="wanted to journal"):
        looking(rig.session, rig.clients).made("bucket", "x")
