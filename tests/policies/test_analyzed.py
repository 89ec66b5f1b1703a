"""Access Analyzer: what it is asked, its findings at their statements, and what is said where it cannot be asked."""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

from mwaa_wizard.front import engine_policies
from mwaa_wizard.i18n import use_language
from mwaa_wizard.policies import analyzed, live
from mwaa_wizard.policies.analyzed import Analysis, Finding
from mwaa_wizard.policies.facts import Policy
from mwaa_wizard.policies.there import Asking
from mwaa_wizard.session.model import Session
from tests.logs.cloud import SOURCE, Cloud

from .combos import combo
from .test_live import made, piece_of

__all__ = ["made"]
Path = list[dict[str, Any]]
PIECES = {**combo(key=True, far=True).found.pieces(), **combo("settings-only", made=False).found.pieces()}


class One:
    """Clients with one of the kind."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def client(self, _side: str, service: str) -> Any:
        assert service == "accessanalyzer"
        return self._client

    def place(self, _side: str) -> Any:
        from mwaa_wizard.aws.factory import Place

        return Place(None, "eu-west-1")


@functools.cache
def analyzer() -> Any:
    """One for all: a Stubber leaves it as it was."""
    return boto3.client(
        "accessanalyzer", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def ask(client: Any, policy: Policy) -> Analysis:
    return analyzed.validate(Asking(combo().session, One(client)).context(), "source", policy)  # type: ignore[arg-type]


def expected(policy: Policy, **more: str) -> dict[str, str]:
    from mwaa_wizard.policies import render

    return {"policyDocument": render.to_json(policy), **more}


def row(kind: str, code: str, *paths: Path) -> dict[str, Any]:
    at = {"line": 1, "column": 1, "offset": 1}
    return {
        "findingType": kind, "issueCode": code, "findingDetails": f"about {code}", "learnMoreLink": "https://aws/",
        "locations": [{"path": path, "span": {"start": at, "end": at}} for path in paths],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("source-role", {"policyType": "IDENTITY_POLICY"}),
        ("operator-target", {"policyType": "IDENTITY_POLICY"}),
        ("ui-viewer", {"policyType": "IDENTITY_POLICY"}),
        ("bucket", {"policyType": "RESOURCE_POLICY", "validatePolicyResourceType": "AWS::S3::Bucket"}),
        ("kms-key", {"policyType": "RESOURCE_POLICY"}),
        (
            "execution-role-trust",
            {"policyType": "RESOURCE_POLICY", "validatePolicyResourceType": "AWS::IAM::AssumeRolePolicyDocument"},
        ),
    ],
)
def test_each_document_is_asked_about_as_what_it_is(name: str, words: dict[str, str]) -> None:
    """botocore checks the request against the service's own model."""
    client, policy = analyzer(), PIECES[name].policy
    with Stubber(client) as stub:
        stub.add_response("validate_policy", {"findings": []}, expected(policy, **words))
        assert ask(client, policy) == Analysis()


def test_findings_of_all_pages_stand_at_their_statements_the_gravest_first() -> None:
    client, policy = analyzer(), PIECES["source-role"].policy
    sids = [str(one["Sid"]) for one in policy.document["Statement"]]
    action: Path = [{"value": "Statement"}, {"index": 1}, {"value": "Action"}, {"index": 0}]
    other: Path = [{"value": "Statement"}, {"index": 2}, {"value": "Condition"}, {"key": "StringEquals"}]
    pages: list[dict[str, Any]] = [
        {"findings": [row("SUGGESTION", "S", action), row("SECURITY_WARNING", "W", action, other)], "nextToken": "2"},
        {"findings": [row("ERROR", "E", []), row("WARNING", "V", [{"value": "Statement"}, {"index": 99}])]},
    ]
    with Stubber(client) as stub:
        stub.add_response("validate_policy", pages[0], expected(policy, policyType="IDENTITY_POLICY"))
        stub.add_response("validate_policy", pages[1], expected(policy, policyType="IDENTITY_POLICY", nextToken="2"))
        found = ask(client, policy)
    assert [(one.sid, one.kind, one.where) for one in found.findings] == [
        ("", "ERROR", ""), (sids[1], "SECURITY_WARNING", "Action[0]"),
        (sids[2], "SECURITY_WARNING", "Condition.StringEquals"), ("", "WARNING", ""),
        (sids[1], "SUGGESTION", "Action[0]"),
    ]  # fmt: skip
    assert found.errors
    assert [one.code for one in found.of(sids[1])] == ["W", "S"]


def test_it_answers_in_the_readers_language() -> None:
    client, policy = analyzer(), PIECES["source-role"].policy
    use_language("ja")
    try:
        with Stubber(client) as stub:
            request = expected(policy, policyType="IDENTITY_POLICY", locale="JA")
            stub.add_response("validate_policy", {"findings": []}, request)
            assert ask(client, policy) == Analysis()
    finally:
        use_language("en")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AccessDeniedException", "access-analyzer:ValidatePolicy is refused"),
        ("ValidationException", "could not be asked: ValidationException"),
        ("ThrottlingException", "could not be asked: ThrottlingException"),
    ],
)
def test_a_refusal_is_told_in_words(code: str, said: str) -> None:
    client = analyzer()
    with Stubber(client) as stub:
        stub.add_client_error("validate_policy", code, "\x1b[2Jno")
        found = ask(client, PIECES["source-role"].policy)
    assert said in found.note
    assert found.findings == ()


def test_a_region_without_it_is_told_in_words() -> None:
    class Client:
        def get_paginator(self, _name: str) -> Any:
            raise EndpointConnectionError(endpoint_url="https://access-analyzer.eu-west-1.amazonaws.com")

    assert "not reached in eu-west-1" in ask(Client(), PIECES["source-role"].policy).note


def test_whatever_aws_writes_is_data() -> None:
    client, policy = analyzer(), PIECES["source-role"].policy
    one = row("ERROR", "E\x1b[31m", [{"value": "Statement"}, {"index": 0}, {"value": "x\x1b]52;c;aGk=\x07"}])
    with Stubber(client) as stub:
        stub.add_response("validate_policy", {"findings": [one]})
        (found,) = ask(client, policy).findings
    assert "\x1b" not in found.code + found.where + found.text


# The sandbox's own


def broken(policy: Policy) -> Policy:
    """With an action that AWS does not have, a Sid twice, and an element that there is not."""
    document = copy.deepcopy(policy.document)
    document["Statement"][0]["Action"] = ["s3:ListBuckets"]
    document["Statement"][1]["Sid"] = document["Statement"][2]["Sid"]
    document["Statement"][2]["Comment"] = "why"
    return dataclasses.replace(policy, document=document)


def test_the_sandbox_has_nothing_against_our_documents(cloud: Cloud) -> None:
    ctx = Asking(combo().session, _clients(cloud)).context()
    found = {name: analyzed.validate(ctx, live.side_of(piece), piece.policy) for name, piece in PIECES.items()}
    assert found == dict.fromkeys(PIECES, Analysis())


def test_the_sandbox_finds_what_is_wrong_and_gives_it_by_pages(cloud: Cloud) -> None:
    ctx = Asking(combo().session, _clients(cloud)).context()
    policy = PIECES["source-role"].policy
    found = analyzed.validate(ctx, "source", broken(policy))
    assert {(one.sid, one.code, one.where) for one in found.findings} == {
        ("ListBundle", "INVALID_ACTION", "Action[0]"), ("WriteBundle", "UNIQUE_SIDS_REQUIRED", "Sid"),
        ("WriteBundle", "INVALID_POLICY_ELEMENT", "Comment"),
    }  # fmt: skip
    many = copy.deepcopy(policy.document)
    many["Statement"][0]["Action"] = [f"s3:No{number}" for number in range(50)]
    assert len(analyzed.validate(ctx, "source", dataclasses.replace(policy, document=many)).findings) == 50


CODES: list[tuple[Any, str, str]] = [
    ("{", "IDENTITY_POLICY", "JSON_SYNTAX_ERROR"),
    ("{}", "IDENTITY_POLICY", "MISSING_STATEMENT"),
    ({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}, "IDENTITY_POLICY", "MISSING_VERSION"),
    ({"Version": "1", "Statement": [{"Effect": "Maybe"}]}, "IDENTITY_POLICY", "INVALID_EFFECT"),
    ({"Version": "1", "Statement": [{"Effect": "Maybe"}]}, "RESOURCE_POLICY", "MISSING_PRINCIPAL"),
    ({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]},
     "IDENTITY_POLICY", "PASS_ROLE_WITH_STAR_IN_RESOURCE"),
    ({"Version": "2012-10-17", "Statement": [{"Principal": "*", "Resource": "bucket"}]},
     "IDENTITY_POLICY", "UNSUPPORTED_PRINCIPAL"),
]  # fmt: skip


def test_the_sandboxs_codes(cloud: Cloud) -> None:
    client = _clients(cloud).client("source", "accessanalyzer")
    for document, kind, code in CODES:
        text = document if isinstance(document, str) else json.dumps(document)
        found = client.validate_policy(policyDocument=text, policyType=kind)["findings"]
        assert code in {one["issueCode"] for one in found}, code


def test_a_caller_without_the_action_is_refused_and_the_verdicts_stay(cloud: Cloud, made: Session) -> None:
    """IAM's enforcement is on; what Access Analyzer is not asked hides nothing of the simulator's answer."""
    iam = made.clients().client("source", "iam")
    name = f"few-{made.id}"
    iam.create_user(UserName=name)
    grant = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*"], "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(grant))
    key = iam.create_access_key(UserName=name)["AccessKey"]

    class Few:
        def client(self, _side: str, service: str) -> Any:
            return boto3.client(
                service, endpoint_url=cloud.url, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"],
                aws_secret_access_key=key["SecretAccessKey"],
            )  # fmt: skip

    with pytest.raises(ClientError, match="AccessDenied"):
        Few().client("source", "accessanalyzer").validate_policy(policyDocument="{}", policyType="IDENTITY_POLICY")
    found = live.check(made, piece_of(made), Few())  # type: ignore[arg-type]
    assert found.analysis is not None
    assert "access-analyzer:ValidatePolicy is refused" in found.analysis.note
    assert {one.state for one in found.verdicts} == {"allowed", "denied"}


def test_an_error_in_the_text_is_not_good_even_where_iam_allows_all(cloud: Cloud, made: Session) -> None:
    piece = piece_of(made)
    engine_policies.applied(made, piece)
    checked = engine_policies.checked(made, piece)
    assert checked.good
    assert checked.analysis == Analysis()
    finding = Finding("WriteBundle", "ERROR", "X", "no")
    assert not dataclasses.replace(checked, analysis=Analysis((finding,))).good
    assert dataclasses.replace(checked, analysis=Analysis((dataclasses.replace(finding, kind="WARNING"),))).good


def _clients(cloud: Cloud) -> Any:
    cloud.environment("any", SOURCE, "us-east-1")
    return cloud.session("any", "never-made").clients()
