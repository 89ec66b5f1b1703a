"""The list of AWS's actions: what it knows, what it refuses, and which resources belong to which action."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mwaa_wizard.policies import actions


def statement(action: Any, resource: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Sid": "S", "Effect": effect, "Action": action, "Resource": resource}


def test_the_list_has_a_day() -> None:
    assert dt.date.fromisoformat(actions.date()) >= dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("action", "resource", "problem"),
    [
        ("s3:PutObject", "arn:aws:s3:::b/*", ""),
        ("S3:putobject", "arn:aws:s3:::b/*", ""),
        ("s3:PutObjekt", "arn:aws:s3:::b/*", "AWS has no action s3:PutObjekt"),
        ("s3:HeadBucket", "arn:aws:s3:::b", "AWS has no action s3:HeadBucket"),
        ("s3:GetBucketEncryption", "arn:aws:s3:::b", "AWS has no action"),
        ("s3:ListBucket", "arn:aws:s3:::b/*", "None of the resources"),
        ("s3:PutObject", "arn:aws:s3:::b", "None of the resources"),
        ("logs:GetLogEvents", "arn:aws:logs:r:1:log-group:g:log-stream:*", ""),
        ("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:g", "None of the resources"),
        ("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:airflow-*", ""),
        ("airflow:CreateWebLoginToken", "arn:aws:airflow:r:1:environment/e", "None of the resources"),
        ("airflow:CreateWebLoginToken", "arn:aws:airflow:r:1:role/e/Viewer", ""),
        ("airflow:CreateCliToken", "arn:aws:airflow:r:1:role/e/Viewer", "None of the resources"),
        ("iam:PassRole", "*", "could be granted on less"),
        ("kms:GenerateDataKey*", "arn:aws:kms:r:1:key/x", ""),
        ("kms:Nothing*", "arn:aws:kms:r:1:key/x", "AWS has no action"),
        ("ec2:DescribeSubnets", "*", ""),
        ("ec2:DescribeVpcAttribute", "*", "could be granted on less"),
        ("unknownservice:Do", "*", ""),
    ],
)
def test_actions_and_resources(action: str, resource: str, problem: str) -> None:
    found = actions.problems(statement([action], resource))
    assert bool(found) == bool(problem), found
    assert problem in " ".join(found)


def test_wildcards_become_names_for_the_simulator() -> None:
    found = actions.named("s3:GetBucket*", ["arn:aws:s3:::b"])
    assert "s3:GetBucketPolicy" in found
    assert "s3:GetObject" not in found
    assert actions.named("kms:GenerateDataKey*", ["arn:aws:kms:r:1:key/x"])[0].startswith("kms:GenerateDataKey")
    assert actions.named("s3:PutObject", []) == ["s3:PutObject"]


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        ("a*c", "abc", True), ("a*", "*b", True), ("a*c", "abd", False), ("", "*", True), ("a", "", False),
        ("a?c", "abc", True), ("a" + "b" * 3000 + "*", "a*", True), ("*" + "b" * 3000, "a*c", False),
    ],
)  # fmt: skip
def test_two_patterns_meet_where_one_text_fits_both(one: str, other: str, met: bool) -> None:
    assert actions.meet(one, other) is met
    assert actions.meet(other, one) is met
