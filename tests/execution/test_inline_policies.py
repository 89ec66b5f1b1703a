"""Whose is an inline policy of our name: only what the journal has is put over and taken off, whatever came between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import inline_policies, names, policy_documents
from mwaa_wizard.execution.belongings import find
from mwaa_wizard.execution.belongings.take_away import TakeAway
from mwaa_wizard.execution.looking import looking
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.steps import role_policy
from mwaa_wizard.execution.steps.execution_role import ExecutionRole
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.execution.steps.role_policy import SourcePolicy
from mwaa_wizard.policies import statements
from tests.execution.fakes import Rig, client_error
from tests.policies.untouched import take

# As people write them: odd white space and order of keys.
ODD = '{ "Statement" : [\n\n {"Resource":"*" ,"Action": ["s3:GetObject"],\t"Effect":"Allow"}],"Version":"2012-10-17" }'


def role(rig: Rig) -> str:
    return names.role_name_of(rig.mwaa.environments["old"]["ExecutionRoleArn"])


def attach(rig: Rig) -> None:
    SourcePolicy().run(rig.context("source-policy"))


def inline(rig: Rig) -> str:
    """The bytes of the policy of our name; empty where there is none."""
    return take(rig.iam).get(f"role {role(rig)} inline {rig.session.policy_name('source')}", "")


def put(rig: Rig, document: str) -> None:
    rig.iam.put_role_policy(RoleName=role(rig), PolicyName=rig.session.policy_name("source"), PolicyDocument=document)


def widened(rig: Rig) -> str:
    """Ours with a statement more, as somebody edited it in the console."""
    document = json.loads(policy_documents.for_role(rig.context(), "source-role"))
    document["Statement"].append({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})
    return json.dumps(document, indent=4)


def test_one_of_our_name_that_is_not_ours_is_never_touched(rig: Rig) -> None:
    put(rig, ODD)
    outcome = Runner(rig.session, [SourcePolicy()], rig.events.append, rig.clients).run()
    assert outcome.error is not None
    assert "that the wizard did not put there" in outcome.error.what
    assert "--diff" in outcome.error.remedy
    assert inline(rig) == ODD
    ctx = rig.context("clean-up")
    assert not role_policy.put_by_us(ctx, "source")
    assert role_policy.remove_pasted(ctx, "source") is False
    SourcePolicy().undo(ctx)
    assert inline(rig) == ODD
    assert "it stays" in rig.lines()


def test_one_that_somebody_changed_since_stays_and_is_told(rig: Rig) -> None:
    attach(rig)
    edited = widened(rig)
    put(rig, edited)
    assert SourcePolicy().check(rig.context("source-policy")).done, "all that is needed is still in it"
    ctx = rig.context("clean-up")
    assert role_policy.put_by_us(ctx, "source")
    assert role_policy.remove(ctx, "source")
    assert inline(rig) == edited
    assert "Somebody changed" in rig.lines()
    assert ctx.journal.live("inline-policy") == []
    assert role_policy.state(ctx, "source")[0] == "edited", "and the clean-up page still knows whose it was"


def test_one_that_was_narrowed_stops_the_run_without_a_change(rig: Rig) -> None:
    attach(rig)
    document = json.loads(policy_documents.for_role(rig.context(), "source-role"))
    put(rig, json.dumps({**document, "Statement": document["Statement"][:1]}))
    had = inline(rig)
    with pytest.raises(WizardError, match="lacks something now"):
        attach(rig)
    assert inline(rig) == had


def test_chosen_on_the_clean_up_page_a_changed_one_goes_and_its_text_is_kept(rig: Rig) -> None:
    attach(rig)
    put(rig, widened(rig))
    rig.context().journal.write("cut-over", "done")
    seen = {one.id: one for one in find.find(looking(rig.session, rig.clients))}["policy:source"]
    assert (seen.there, seen.seen.endswith("changed by somebody since")) == (True, True)
    TakeAway(["policy:source"]).run(rig.context("take-away"))
    assert inline(rig) == ""
    kept = rig.context().journal.of_step("take-away", "removed")[-1]["before"]
    assert kept == json.loads(widened(rig))


def test_somebody_elses_is_not_offered_for_clean_up(rig: Rig) -> None:
    put(rig, ODD)
    rig.context().journal.write("cut-over", "done")
    seen = {one.id: one for one in find.find(looking(rig.session, rig.clients))}["policy:source"]
    assert seen.there is False
    assert "somebody else's; it stays" in seen.seen
    TakeAway(["policy:source"]).run(rig.context("take-away"))
    assert inline(rig) == ODD


@pytest.mark.parametrize("when", ["before the call", "before the answer is noted"])
def test_killed_between_attaching_and_noting_it(rig: Rig, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def kill(*_words: Any, **_more: Any) -> None:
        raise Killed

    before = take(rig.iam)
    with monkeypatch.context() as patch:
        if when == "before the call":
            patch.setattr(rig.clients, "client", _then(rig.clients.client, "put_role_policy", kill))
        else:
            patch.setattr("mwaa_wizard.execution.sides.request_id", kill)
        with pytest.raises(Killed):
            attach(rig)
    assert role_policy.put_by_us(rig.context(), "source"), "the journal knew before AWS did"
    assert (inline(rig) == "") == (when == "before the call")
    role_policy.remove(rig.context("clean-up"), "source")
    assert take(rig.iam) == before
    attach(rig)
    assert inline(rig)


def _then(client: Any, method: str, instead: Any) -> Any:
    class Client:
        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            return instead if name == method else getattr(self._real, name)

    return lambda side, service: Client(client(side, service))


@pytest.mark.parametrize(("code", "live"), [("AccessDenied", 0), ("LimitExceeded", 0), ("ServiceFailure", 1)])
def test_after_a_refusal_nothing_is_ours_after_a_failure_it_may_be(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, code: str, live: int
) -> None:
    def refuse(**_request: Any) -> None:
        raise client_error(code)

    monkeypatch.setattr(rig.clients, "client", _then(rig.clients.client, "put_role_policy", refuse))
    with pytest.raises(Exception):  # noqa: B017 the error itself is not what this is about
        attach(rig)
    assert len(rig.context().journal.live("inline-policy")) == live


def test_another_role_since_the_first_attachment(rig: Rig) -> None:
    """The environment was given another role in between: both are remembered, and both are put back."""
    before = take(rig.iam)
    attach(rig)
    first, second = role(rig), f"{role(rig)}-2"
    made = rig.iam.create_role(RoleName=second, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"}))
    rig.mwaa.environments["old"]["ExecutionRoleArn"] = made["Role"]["Arn"]
    attach(rig)
    assert {record["role"] for record in rig.context().journal.live("inline-policy")} == {first, second}
    role_policy.remove(rig.context("clean-up"), "source")
    rig.iam.delete_role(RoleName=second)
    assert take(rig.iam) == before


def test_a_journal_of_before_without_texts_is_trusted(rig: Rig) -> None:
    ctx = rig.context("source-policy")
    ctx.changed("inline-policy", rig.session.policy_name("source"), None, role=role(rig), side="source")
    put(rig, ODD)
    role_policy.remove(rig.context("clean-up"), "source")
    assert inline(rig) == ""


def test_a_role_we_made_with_managed_policies_is_left_whole(rig: Rig) -> None:
    run = Runner(rig.session, [ExecutionRole()], rig.events.append, rig.clients)
    assert run.run().finished
    name = names.target_role(rig.session)
    arn = rig.iam.create_policy(PolicyName=f"x-{name}", PolicyDocument=ODD)["Policy"]["Arn"]
    rig.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    rig.iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=ODD)
    had = take(rig.iam)
    refused = run.undo()
    assert refused.error is not None
    assert "attached policies" in refused.error.what
    assert take(rig.iam) == had
    rig.iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    rig.iam.delete_policy(PolicyArn=arn)
    assert run.undo().finished
    kept = [one for one in rig.context().journal.records() if one.get("kind") == "others-policy"]
    assert [(one["name"], one["before"]) for one in kept] == [("theirs", json.loads(ODD))]


def test_only_for_takes_nothing_beside_the_bucket() -> None:
    def document(*resources: str) -> dict[str, Any]:
        return {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": list(resources)}]}

    assert inline_policies.only_for(document("arn:aws:s3:::b", "arn:aws:s3:::b/x/*"), "b")
    for others in (["*"], ["arn:aws:s3:::bb"], ["arn:aws:s3:::b", "arn:aws:s3:::*"], []):
        assert not inline_policies.only_for(document(*others), "b")


def test_same_means_same(rig: Rig) -> None:
    one = json.loads(policy_documents.for_role(rig.context(), "source-role"))
    other = {**one, "Statement": list(reversed(one["Statement"]))}
    assert statements.same(one, other)
    assert statements.holds({**one, "Statement": [*one["Statement"], one["Statement"][0]]}, one)
    assert not statements.same(one, {**one, "Version": "2008-10-17"})
    assert not statements.same(one, {**one, "Statement": one["Statement"][1:]})
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    assert not statements.holds({**one, "Statement": [*one["Statement"], deny]}, one)
    assert not statements.holds(None, one)


def test_the_bucket_that_we_made_takes_its_policy_with_it(rig: Rig) -> None:
    before = take(rig.iam, s3=rig.s3)
    run = Runner(rig.session, [MigrationBucket(), SourcePolicy()], rig.events.append, rig.clients)
    assert run.run().finished
    assert take(rig.iam, s3=rig.s3) != before
    assert run.undo().finished
    assert take(rig.iam, s3=rig.s3) == before
