"""What IAM's simulator says, read with care; the smallest real calls where it may not be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle
from mwaa_wizard.policies import live, simulated
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.policies.there import Asking
from mwaa_wizard.session.model import Session
from tests.execution.fakes import client_error
from tests.logs.cloud import Cloud

from .combos import combo
from .test_live import Refusing, made, piece_of, role

__all__ = ["made"]
ROLE = "arn:aws:iam::111122223333:role/old"
ALLOW = {"Sid": "S", "Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}


class Simulator:
    """Answers each call by `answer`; remembers the requests."""

    def __init__(self, answer: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> None:
        self.answer, self.requests = answer, list[dict[str, Any]]()

    def client(self, _side: str, _service: str) -> Any:
        return self

    def get_paginator(self, _name: str) -> Any:
        return self

    def paginate(self, **request: Any) -> Any:
        self.requests.append(request)
        return [{"EvaluationResults": self.answer(request)}]


def rows(decision: str = "allowed", **more: Any) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    return lambda request: [
        {"EvalActionName": name, "EvalResourceName": "*", "EvalDecision": decision, **more}
        for name in request["ActionNames"]
    ]


def ask(simulator: Simulator, statement: dict[str, Any]) -> Verdict:
    ctx = Asking(combo().session, simulator).context()  # type: ignore[arg-type]
    return simulated.statement(ctx, "source", ROLE, statement)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "s3:GetObject, s3:PutObject"),
        ({"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}, "service control policy"),
        ({"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}, "permissions boundary"),
    ],
)
def test_a_refusal_names_what_stands_in_the_way(more: dict[str, Any], said: str) -> None:
    found = ask(Simulator(rows("implicitDeny", **more)), ALLOW)
    assert found.state == "denied"
    assert said in found.detail


def test_a_deny_is_told_from_what_merely_lacks() -> None:
    def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
        first, second = rows("implicitDeny")(request)
        return [first, {**second, "EvalDecision": "explicitDeny"}]

    assert ask(Simulator(answer), ALLOW).detail == "s3:GetObject (a Deny forbids it) · s3:PutObject"


def test_keys_that_are_not_known_leave_it_open_but_not_an_organizations_no() -> None:
    missing = {"MissingContextValues": ["aws:PrincipalOrgID"]}
    assert ask(Simulator(rows("implicitDeny", **missing)), ALLOW) == Verdict(
        "S", "unknown", "It depends on aws:PrincipalOrgID."
    )
    stopped = {**missing, "OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
    assert ask(Simulator(rows("implicitDeny", **stopped)), ALLOW).state == "denied"


def test_one_resource_of_several_that_is_refused_counts() -> None:
    each = [{"EvalResourceName": "a", "EvalResourceDecision": "allowed"},
            {"EvalResourceName": "b", "EvalResourceDecision": "implicitDeny"}]  # fmt: skip
    assert ask(Simulator(rows("allowed", ResourceSpecificResults=each)), ALLOW).state == "denied"


def test_which_policies_allow_it_is_told() -> None:
    matched = [{"SourcePolicyId": "admin"}, {"SourcePolicyId": "own\x1b[2J"}]
    found = ask(Simulator(rows("allowed", MatchedStatements=matched)), ALLOW)
    assert found.state == "allowed"
    assert found.detail.startswith("admin, own")
    assert "\x1b" not in found.detail


def test_actions_that_iam_takes_not_together_are_asked_one_by_one() -> None:
    def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
        if len(request["ActionNames"]) > 1:
            raise client_error("InvalidInput", "actions require different authorization information")
        return rows()(request)

    simulator = Simulator(answer)
    assert ask(simulator, ALLOW).state == "allowed"
    assert [one["ActionNames"] for one in simulator.requests[1:]] == [["s3:PutObject"], ["s3:GetObject"]]
    refusing = Simulator(lambda _request: (_ for _ in ()).throw(client_error("InvalidInput")))
    assert ask(refusing, ALLOW) == Verdict("S", "unknown", "IAM's simulator could not tell: InvalidInput")


def test_no_action_of_many_is_left_out() -> None:
    simulator = Simulator(rows())
    many = {**ALLOW, "Action": [f"s3:Get{number}" for number in range(60)]}
    assert ask(simulator, many).state == "allowed"
    assert [len(one["ActionNames"]) for one in simulator.requests] == [25, 25, 10]


def test_conditions_are_as_they_will_be_with_the_keys_type() -> None:
    simulator = Simulator(rows())
    condition = {
        "StringLike": {"s3:prefix": ["dags/mwz_*", "other"]}, "Bool": {"aws:SecureTransport": "true"},
        "ForAnyValue:StringEquals": {"aws:CalledVia": ["airflow.amazonaws.com"]},
    }  # fmt: skip
    ask(simulator, {**ALLOW, "Condition": condition})
    assert simulator.requests[0]["ContextEntries"] == [
        {"ContextKeyName": "s3:prefix", "ContextKeyValues": ["dags/mwz_x"], "ContextKeyType": "string"},
        {"ContextKeyName": "aws:SecureTransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        {"ContextKeyName": "aws:CalledVia", "ContextKeyValues": ["airflow.amazonaws.com"],
         "ContextKeyType": "stringList"},
    ]  # fmt: skip
    assert simulator.requests[0]["ResourceArns"] == ["arn:aws:s3:::b/x"]


# Where it may not be asked


def test_what_the_roles_dags_wrote_proves_that_its_policy_counts(made: Session) -> None:
    piece, refusing = piece_of(made), Refusing(made, "simulate_principal_policy")
    s3 = made.clients().client("source", "s3")
    s3.create_bucket(Bucket=made.migration_bucket)
    before = {one.sid: one.state for one in live.check(made, piece, refusing).verdicts}
    assert set(before.values()) == {"unknown"}
    s3.put_object(Bucket=made.migration_bucket, Key=bundle.INVENTORY, Body=b"{}")
    found = live.check(made, piece, refusing)
    assert {one.sid: one.state for one in found.verdicts} == {**before, "WriteBundle": "allowed"}
    assert bundle.INVENTORY in {one.sid: one.detail for one in found.verdicts}["WriteBundle"]
    assert {one.state for one in live.check(made, piece_of(made, "target-role"), refusing).verdicts} == {"unknown"}


def test_pasted_under_another_name_the_text_is_found(made: Session) -> None:
    piece, iam = piece_of(made), made.clients().client("source", "iam")
    bigger = {**piece.policy.document, "Statement": [*reversed(piece.policy.document["Statement"]), ALLOW]}
    iam.put_role_policy(
        RoleName=f"{made.source.environment}-role", PolicyName="team-grants", PolicyDocument=json.dumps(bigger)
    )
    found = live.check(made, piece, Refusing(made, "simulate_principal_policy"))
    assert {one.detail for one in found.verdicts} == {"the text is on the role, in team-grants"}
    assert dict(live.now(made, piece, made.clients()).elsewhere) == dict.fromkeys(piece.policy.why, "team-grants")


def test_ones_own_statements_are_tried_by_a_call_that_only_reads(cloud: Cloud, made: Session) -> None:
    iam, asked = made.clients().client("source", "iam"), list[str]()
    name, piece = f"op-{made.id}", piece_of(made, "operator-source")
    iam.create_user(UserName=name)
    few = [one for one in piece.policy.document["Statement"] if one["Sid"] in ("ListEnvironments", "ReadSource")]
    assert len(few) == 2
    iam.put_user_policy(
        UserName=name, PolicyName="own", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": few})
    )
    key = iam.create_access_key(UserName=name)["AccessKey"]

    class Own(Refusing):
        def client(self, side: Any, service: str) -> Any:
            import boto3

            asked.append(service)
            if service == "mwaa":  # the test's MWAA asks nobody who calls
                return super().client(side, service)
            return boto3.client(
                service, endpoint_url=cloud.url, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"],
                aws_secret_access_key=key["SecretAccessKey"],
            )  # fmt: skip

    found = live.check(made, piece, Own(made))
    told = {one.sid: (one.state, one.detail) for one in found.verdicts}
    assert "smallest call of each statement" in found.note
    assert told["ListEnvironments"] == ("allowed", "airflow:ListEnvironments was tried")
    assert told["ReadSource"][0] == "allowed"
    assert told["ReadSourceRole"] == ("denied", "iam:GetRole")
    assert told["SourceRolePolicy"] == ("unknown", "no call of it only reads, so none was tried")
    assert not found.good


# Taking off


def test_taking_off_leaves_the_role_as_it_was_and_a_run_puts_it_on_again(cloud: Cloud, made: Session) -> None:
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.execution.journal import Journal
    from mwaa_wizard.execution.steps.role_policy import SourcePolicy
    from mwaa_wizard.front import engine_policies

    piece, before = piece_of(made), role(made)
    with pytest.raises(WizardError, match="The journal has no") as refused:
        engine_policies.detached(made, piece)
    assert refused.value.changed == "Nothing was changed."
    engine_policies.applied(made, piece)
    assert engine_policies.may_detach(made, piece)
    assert engine_policies.detached(made, piece) == [f"Took {piece.policy.name} off {made.source.environment}-role."]
    assert role(made) == before
    assert not engine_policies.may_detach(made, piece)
    assert [one["event"] for one in Journal.of(made.id).records() if one.get("kind") == "inline-policy"] == [
        "changed", "removed"
    ]  # fmt: skip
    ctx = cloud.context(made)
    ctx.step = "source-policy"
    assert not SourcePolicy().check(ctx).done


def test_taking_off_what_somebody_changed_since_leaves_it(made: Session) -> None:
    from mwaa_wizard.front import engine_policies

    piece, iam = piece_of(made), made.clients().client("source", "iam")
    engine_policies.applied(made, piece)
    edited = {**piece.policy.document, "Statement": [*piece.policy.document["Statement"], ALLOW]}
    iam.put_role_policy(
        RoleName=f"{made.source.environment}-role", PolicyName=piece.policy.name, PolicyDocument=json.dumps(edited)
    )
    (told,) = engine_policies.detached(made, piece)
    assert "Somebody changed" in told
    assert role(made)[piece.policy.name] == edited
