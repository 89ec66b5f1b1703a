"""Trust policies read as IAM reads them: principals, actions, condition operators, Deny."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa_wizard.preflight.trust import admits, document_of

SERVICE = "airflow.amazonaws.com"
ARN = "arn:aws:airflow:us-east-1:111122223333:environment/new"
CONTEXT = {"aws:SourceArn": ARN, "aws:SourceAccount": "111122223333"}


def statement(condition: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole", **changes}
    return made if condition is None else {**made, "Condition": condition}


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (None, "yes"),
        ({"StringEquals": {"aws:SourceAccount": "111122223333"}}, "yes"),
        ({"StringEquals": {"AWS:sourceaccount": ["1", "111122223333"]}}, "yes"),
        ({"StringEquals": {"aws:SourceAccount": "999900001111"}}, "no"),
        ({"StringNotEquals": {"aws:SourceAccount": "111122223333"}}, "no"),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:airflow:*:111122223333:environment/*"}}, "yes"),
        ({"ArnEquals": {"aws:SourceArn": ARN + "x"}}, "no"),
        ({"StringLike": {"aws:SourceArn": ARN[:-1] + "?"}}, "yes"),
        ({"StringLike": {"aws:SourceArn": ARN[:-1] + "[w]"}}, "no"),
        ({"StringEqualsIgnoreCase": {"aws:SourceArn": ARN.upper()}}, "yes"),
        ({"StringEquals": {"aws:SourceOrgID": "o-1"}}, "unknown"),
        ({"StringEqualsIfExists": {"aws:SourceOrgID": "o-1"}}, "yes"),
        ({"StringEquals": {"aws:SourceOrgID": "o-1", "aws:SourceAccount": "2"}}, "no"),
        ({"Bool": {"aws:SourceAccount": "true"}}, "unknown"),
    ],
)
def test_conditions(condition: dict[str, Any] | None, outcome: str) -> None:
    assert admits({"Statement": statement(condition)}, SERVICE, CONTEXT).outcome == outcome


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ([], "no"),
        ([statement(Principal={"AWS": "*"})], "no"),
        ([statement(Principal="*")], "yes"),
        ([statement(Principal={"Service": ["ec2.amazonaws.com", SERVICE]})], "yes"),
        ([statement(Action="sts:TagSession")], "no"),
        ([statement(), statement(Effect="Deny")], "no"),
        ([statement(), statement({"StringEquals": {"aws:SourceAccount": "1"}}, Effect="Deny")], "yes"),
        ([statement({"StringEquals": {"aws:SourceAccount": "1"}}), statement()], "yes"),
    ],
)
def test_statements(statements: list[dict[str, Any]], outcome: str) -> None:
    assert admits({"Statement": statements}, SERVICE, CONTEXT).outcome == outcome


def test_an_encoded_document_is_read() -> None:
    assert document_of({"AssumeRolePolicyDocument": "%7B%22Statement%22%3A%5B%5D%7D"}) == {"Statement": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries({}, optional={"Effect": JSON, "Principal": JSON, "Action": JSON, "Condition": JSON}),
    st.sampled_from([SERVICE, "*"]),
)
def test_no_document_crashes_the_reader(made: dict[str, Any], service: str) -> None:
    found = admits({"Statement": [made, {**made, "Principal": service, "Action": "*"}]}, SERVICE, CONTEXT)
    assert found.outcome in ("yes", "no", "unknown")
