"""Condition operators (IAM user guide, "IAM JSON policy elements: Condition operators")."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.sandbox.aws.authorise.conditions import holds, known_operator

CONTEXT = {
    "aws:principalarn": ["arn:aws:iam::111122223333:role/mwaa-prod"],
    "aws:securetransport": ["true"],
    "aws:requestedregion": ["us-east-1"],
    "aws:sourceip": ["127.0.0.1"],
    "aws:currenttime": ["2026-05-01T12:00:00Z"],
    "aws:epochtime": ["1777636800"],
    "aws:username": ["ana"],
    "s3:prefix": ["home/ana/"],
    "s3:max-keys": ["100"],
    "aws:tagkeys": ["team", "cost"],
    "kms:viaservice": ["s3.us-east-1.amazonaws.com"],
}

CASES: list[tuple[dict[str, Any], bool]] = [
    ({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, True),
    ({"StringEquals": {"aws:RequestedRegion": "US-EAST-1"}}, False),
    ({"StringEqualsIgnoreCase": {"aws:RequestedRegion": "US-EAST-1"}}, True),
    ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, False),
    ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}, True),
    ({"StringEquals": {"aws:Absent": "x"}}, False),
    ({"StringNotEquals": {"aws:Absent": "x"}}, True),
    ({"StringEqualsIfExists": {"aws:Absent": "x"}}, True),
    ({"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}}, False),
    ({"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}}, True),
    ({"StringLike": {"s3:prefix": ["home/bob/*"]}}, False),
    ({"StringNotLike": {"s3:prefix": "home/*"}}, False),
    ({"StringEquals": {"s3:prefix": "home/${aws:none}/"}}, False),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/mwaa-*"}}, True),
    ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/mwaa-prod"}}, True),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:*:role/mwaa-*"}}, False),
    ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, True),
    ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ({"Bool": {"aws:SecureTransport": False}}, False),
    ({"Null": {"aws:Absent": "true"}}, True),
    ({"Null": {"aws:Absent": True}}, True),
    ({"Null": {"aws:SecureTransport": "true"}}, False),
    ({"Null": {"aws:SecureTransport": "false"}}, True),
    ({"NumericEquals": {"s3:max-keys": "100"}}, True),
    ({"NumericLessThanEquals": {"s3:max-keys": 100}}, True),
    ({"NumericLessThan": {"s3:max-keys": "100"}}, False),
    ({"NumericGreaterThan": {"s3:max-keys": "99.5"}}, True),
    ({"NumericEquals": {"s3:prefix": "1"}}, False),
    ({"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, True),
    ({"DateLessThan": {"aws:CurrentTime": "2026-01-01"}}, False),
    ({"DateLessThanEquals": {"aws:EpochTime": "1777636800"}}, True),
    ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.0/8"]}}, True),
    ({"NotIpAddress": {"aws:SourceIp": "127.0.0.1/32"}}, False),
    ({"IpAddress": {"aws:SourceIp": "::1/128"}}, False),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost", "x"]}}, True),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, False),
    ({"ForAllValues:StringEquals": {"aws:Absent": ["team"]}}, True),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}, True),
    ({"ForAnyValue:StringLike": {"aws:TagKeys": ["t*"]}}, True),
    ({"ForAnyValue:StringEquals": {"aws:Absent": ["team"]}}, False),
    ({"StringEquals": {"KMS:VIASERVICE": ["sqs.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"]}}, True),
    ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}, "Bool": {"aws:SecureTransport": "false"}}, False),
    ({"StringEquals": {"aws:RequestedRegion": "us-east-1", "aws:username": "bob"}}, False),
    ({"StringMatches": {"aws:RequestedRegion": "us-east-1"}}, False),
]


@pytest.mark.parametrize(("condition", "expected"), CASES, ids=[str(case[0]) for case in CASES])
def test_condition(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition, CONTEXT) is expected


def test_operators_aws_has() -> None:
    assert known_operator("ForAnyValue:StringLikeIfExists")
    assert known_operator("Null")
    assert not known_operator("NullIfExists")
    assert not known_operator("ForSome:StringLike")
