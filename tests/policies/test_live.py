"""Asking and changing a local IAM: what is there, whether it counts, attaching as the run does, and taking it off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard import readonly
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.steps.role_policy import SourcePolicy
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies import live
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.session.model import Session
from tests.logs.cloud import SOURCE, Cloud

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "airflow.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
OWN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


class Refusing(Clients):
    """Clients of a caller whom IAM refuses some calls."""

    def __init__(self, session: Session, *refused: str) -> None:
        super().__init__(session.clients()._places)
        self.refused = refused

    def client(self, side: Side, service: str) -> Any:
        real, refused = super().client(side, service), self.refused

        class Client:
            def __getattr__(self, name: str) -> Any:
                return _denied if name in refused else getattr(real, name)

            def get_paginator(self, name: str) -> Any:
                return self if name in refused else real.get_paginator(name)

            def paginate(self, **_request: Any) -> Any:
                _denied()

        return Client()


def _denied(**_request: Any) -> Any:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Refused")


@pytest.fixture
def made(cloud: Cloud, request: pytest.FixtureRequest) -> Session:
    """A session whose source has a role with a policy of its own."""
    name = request.node.name.replace("[", "-").replace("]", "")[5:45].strip("-_")
    cloud.environment(name, SOURCE, "us-east-1", SourceBucketArn="arn:aws:s3:::old-dags", DagS3Path="dags")
    session = cloud.session(name, "never-made")
    iam = session.clients().client("source", "iam")
    iam.create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=f"{name}-role", PolicyName="own", PolicyDocument=json.dumps(OWN))
    return session


def piece_of(session: Session, name: str = "source-role") -> Piece:
    return engine_policies.asked(session).found.pieces()[name]


def role(session: Session) -> dict[str, Any]:
    """Everything the role has."""
    iam, name = session.clients().client("source", "iam"), f"{session.source.environment}-role"
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in inline} | {
        "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
        "trust": iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"],
    }


def test_attach_as_the_run_does_and_take_it_off(cloud: Cloud, made: Session) -> None:
    piece, before = piece_of(made), role(made)
    words = engine_policies.applied(made, piece)
    assert f"Put {piece.policy.name} on {piece.policy.attach_to_arn}." in words
    assert "IAM says that it counts." in words
    assert role(made) == {**before, piece.policy.name: piece.policy.document}
    record = Journal.of(made.id).live("inline-policy")[0]
    assert (record["name"], record["step"], record["before"]) == (piece.policy.name, "source-policy", None)
    ctx = cloud.context(made)
    ctx.step = "source-policy"
    assert SourcePolicy().check(ctx).done, "the run finds it done"
    assert all(one.change == "same" for one in engine_policies.compared(made, piece).differences)
    SourcePolicy().undo(ctx)
    assert role(made) == before
    assert Journal.of(made.id).live("inline-policy") == []


def test_the_journal_knows_before_aws_does(made: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    write = Journal.write

    def noting(self: Journal, step: str, event: str, **facts: Any) -> Any:
        order.append(f"{event} {facts.get('call', facts.get('kind'))}")
        return write(self, step, event, **facts)

    monkeypatch.setattr(Journal, "write", noting)
    engine_policies.applied(made, piece_of(made))
    assert order == ["changed inline-policy", "answered iam:PutRolePolicy"]


def test_pasted_by_somebody_it_counts_and_is_nobodys_in_the_journal(made: Session) -> None:
    piece = piece_of(made)
    first = engine_policies.checked(made, piece)
    assert {one.sid: one.state for one in first.verdicts} == {
        "ListBundle": "denied", "ReadOrders": "allowed", "WriteBundle": "denied"
    }  # fmt: skip
    assert not first.good
    made.clients().client("source", "iam").put_role_policy(
        RoleName=f"{made.source.environment}-role", PolicyName="pasted-under-another-name",
        PolicyDocument=engine_policies.text(piece, "json"),
    )  # fmt: skip
    second = engine_policies.checked(made, piece)
    assert second.good
    assert {one.state for one in second.verdicts} == {"allowed"}
    assert second.at.endswith("Z")
    assert Journal.of(made.id).live("inline-policy") == []


def test_what_other_policies_allow_already_is_said_only_where_iam_says_so(made: Session) -> None:
    found = engine_policies.compared(made, piece_of(made))
    assert found.note == "Nothing of this name is there."
    assert [sid for sid, _by in found.covered] == ["ReadOrders"], "the role's own policy reads every object"
    assert {one.change for one in found.differences} == {"new"}


def test_an_older_text_is_told_apart(made: Session) -> None:
    piece = piece_of(made)
    old = json.loads(engine_policies.text(piece, "json"))
    old["Statement"][2]["Action"] = ["s3:PutObject", "s3:DeleteObject"]
    made.clients().client("source", "iam").put_role_policy(
        RoleName=f"{made.source.environment}-role", PolicyName=piece.policy.name, PolicyDocument=json.dumps(old)
    )
    found = {one.sid: (one.change, one.text) for one in engine_policies.compared(made, piece).differences}
    assert found["ListBundle"] == ("same", "")
    change, text = found["WriteBundle"]
    assert change == "changed"
    assert "1 action more: s3:AbortMultipartUpload" in text
    assert "1 action less: s3:DeleteObject" in text


def test_where_iam_may_not_be_asked_the_text_is_looked_for(made: Session) -> None:
    piece = piece_of(made)
    found = live.check(made, piece, Refusing(made, "simulate_principal_policy"))
    assert "iam:SimulatePrincipalPolicy is refused" in found.note
    assert {(one.state, one.detail) for one in found.verdicts} == {("unknown", "not known")}
    engine_policies.applied(made, piece)
    found = live.check(made, piece, Refusing(made, "simulate_principal_policy"))
    assert {(one.state, one.detail) for one in found.verdicts} == {("unknown", "the text is on the role")}
    assert not found.good, "that it is there does not prove that it counts"
    found = live.check(made, piece, Refusing(made, "simulate_principal_policy", "list_role_policies"))
    assert "Nor may it be read: iam:ListRolePolicies is refused." in found.note


def test_where_aws_refuses_reading_the_comparison_says_so(
    made: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = piece_of(made)
    refusing = Refusing(made, "list_role_policies")
    monkeypatch.setattr(Session, "clients", lambda _self: refusing)
    found = engine_policies.compared(made, piece)
    assert found.note == "What is there may not be read by you: iam:ListRolePolicies is refused."
    assert found.differences == ()


def test_what_is_not_there_yet_cannot_be_checked(made: Session) -> None:
    for name in ("execution-role", "execution-role-trust", "bucket", "target-role"):
        found = engine_policies.checked(made, piece_of(made, name))
        assert {one.state for one in found.verdicts} == {"unknown"}, name
        assert "yet" in found.verdicts[0].detail, name
        assert not found.good


def test_trust_and_bucket_policies_are_read(made: Session) -> None:
    source, target = made.clients().client("source", "s3"), made.clients().client("target", "iam")
    source.create_bucket(Bucket=made.migration_bucket)
    bucket, trust = piece_of(made, "bucket"), piece_of(made, "execution-role-trust")
    source.put_bucket_policy(Bucket=made.migration_bucket, Policy=json.dumps(bucket.policy.document))
    target.create_role(
        RoleName=trust.policy.attach_to_arn.rsplit("/", 1)[-1], AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    assert engine_policies.checked(made, bucket).good
    found = engine_policies.checked(made, trust)
    assert [(one.state, one.detail) for one in found.verdicts] == [("denied", "not among its statements")]


def test_root_and_other_people_cannot_be_asked_about(made: Session) -> None:
    for name in ("operator-source", "ui-viewer"):
        found = engine_policies.checked(made, piece_of(made, name))
        assert {one.state for one in found.verdicts} == {"unknown"}
        assert engine_policies.compared(made, piece_of(made, name)).note


def test_what_the_run_makes_is_not_attached_from_here(made: Session) -> None:
    with pytest.raises(WizardError) as refused:
        engine_policies.applied(made, piece_of(made, "execution-role"))
    assert "Nothing was changed" in refused.value.changed


def test_read_only_mode_attaches_nothing(made: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    piece, before = piece_of(made), role(made)
    monkeypatch.setenv(readonly.VARIABLE, "1")
    assert not engine_policies.may_apply(piece)
    with pytest.raises(WizardError):
        engine_policies.applied(made, piece)
    assert role(made) == before


def test_a_key_s_policy_is_not_asked_for_in_another_account(cloud: Cloud, made: Session) -> None:
    kms = made.clients().client("target", "kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    made.target.settings["KmsKey"] = key
    piece = piece_of(made, "kms-key")
    assert [one.state for one in engine_policies.checked(made, piece).verdicts] == ["denied"]
    foreign = key.replace(key.split(":")[4], "777788889999")
    made.target.settings["KmsKey"] = foreign
    piece, told = piece_of(made, "kms-key"), f"{foreign} is of account 777788889999, where alone its policy can be read"
    counted = engine_policies.checked(made, piece)
    assert (counted.note, {one.state for one in counted.verdicts}) == (told, {"unknown"})
    assert engine_policies.compared(made, piece).note == told
