"""IAM's evaluation logic as a table (IAM user guide, "Policy evaluation logic")."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.sandbox.aws.authorise.evaluate import Policies, evaluate
from mwaa_wizard.sandbox.aws.authorise.policy import Ask
from mwaa_wizard.sandbox.aws.principal import Principal

from .conftest import allow, deny, document

USER = Principal("arn:aws:iam::111122223333:user/ana", "111122223333", "AIDA", "user", "AKIA", name="ana")
ROLE_ARN = "arn:aws:iam::111122223333:role/service-role/mwaa"
SESSION_ARN = "arn:aws:sts::111122223333:assumed-role/mwaa/airflow"
SESSION = Principal(SESSION_ARN, "111122223333", "AROA:airflow", "assumed-role", "ASIA", "aws", "mwaa", ROLE_ARN)
ROOT = Principal("arn:aws:iam::111122223333:root", "111122223333", "111122223333", "root", "AKIA")
READ, OBJECT = "s3:GetObject", "arn:aws:s3:::bucket/key"


def grant(principal: Any, effect: str = "Allow", **more: Any) -> str:
    return document({"Effect": effect, "Principal": principal, "Action": READ, "Resource": OBJECT, **more})


A, D, NOTHING = document(allow(READ, OBJECT)), document(deny(READ, OBJECT)), document(allow("s3:PutObject"))
ACCOUNT_ARN = "arn:aws:iam::111122223333:root"

CASES: list[tuple[str, Principal, Policies, str]] = [
    ("nothing says anything", USER, Policies(), "implicitDeny"),
    ("identity allows", USER, Policies([A]), "allowed"),
    ("identity allows something else", USER, Policies([NOTHING]), "implicitDeny"),
    ("deny beats allow in one set", USER, Policies([A, D]), "explicitDeny"),
    ("deny beats the resource's allow", USER, Policies([D], grant({"AWS": USER.arn})), "explicitDeny"),
    ("the resource denies", USER, Policies([A], grant("*", "Deny")), "explicitDeny"),
    ("the resource denies somebody else", USER, Policies([A], grant({"AWS": ROLE_ARN}, "Deny")), "allowed"),
    ("the resource alone allows the user", USER, Policies([], grant({"AWS": USER.arn})), "allowed"),
    ("the resource alone allows everybody", USER, Policies([], grant("*")), "allowed"),
    ("AWS star is everybody", USER, Policies([], grant({"AWS": "*"})), "allowed"),
    ("naming the account only delegates", USER, Policies([], grant({"AWS": ACCOUNT_ARN})), "implicitDeny"),
    ("an account id only delegates", USER, Policies([], grant({"AWS": "111122223333"})), "implicitDeny"),
    ("the account is denied", USER, Policies([A], grant({"AWS": "111122223333"}, "Deny")), "explicitDeny"),
    ("another user is named", USER, Policies([], grant({"AWS": f"{USER.arn}2"})), "implicitDeny"),
    ("no wildcard inside a principal", USER, Policies([], grant({"AWS": f"{ACCOUNT_ARN[:-4]}user/*"})), "implicitDeny"),
    ("a service is named", USER, Policies([], grant({"Service": "airflow.amazonaws.com"})), "implicitDeny"),
    ("boundary silent", USER, Policies([A], boundary=NOTHING), "implicitDeny"),
    ("boundary allows", USER, Policies([A], boundary=A), "allowed"),
    ("boundary alone grants nothing", USER, Policies([], boundary=A), "implicitDeny"),
    ("boundary denies", USER, Policies([A], grant({"AWS": USER.arn}), boundary=D), "explicitDeny"),
    (
        "a user named by the resource passes the boundary",
        USER,
        Policies([], grant({"AWS": USER.arn}), NOTHING),
        "allowed",
    ),
    ("role named: boundary counts", SESSION, Policies([], grant({"AWS": ROLE_ARN}), NOTHING), "implicitDeny"),
    ("role named", SESSION, Policies([], grant({"AWS": ROLE_ARN})), "allowed"),
    ("session named: boundary does not count", SESSION, Policies([], grant({"AWS": SESSION_ARN}), NOTHING), "allowed"),
    ("session policy silent", SESSION, Policies([A], session=[NOTHING]), "implicitDeny"),
    ("session policy allows", SESSION, Policies([A], session=[A]), "allowed"),
    ("session policy alone grants nothing", SESSION, Policies([], session=[A]), "implicitDeny"),
    ("session policy denies", SESSION, Policies([A], session=[D]), "explicitDeny"),
    (
        "not everybody but the role",
        SESSION,
        Policies(
            [A],
            document(
                {"Effect": "Deny", "NotPrincipal": {"AWS": [SESSION_ARN, ROLE_ARN]}, "Action": "*", "Resource": "*"}
            ),
        ),
        "allowed",
    ),
    (
        "everybody but the role",
        USER,
        Policies(
            [A],
            document(
                {"Effect": "Deny", "NotPrincipal": {"AWS": [SESSION_ARN, ROLE_ARN]}, "Action": "*", "Resource": "*"}
            ),
        ),
        "explicitDeny",
    ),
    ("other account: both allow", USER, Policies([A], grant({"AWS": USER.arn}), same_account=False), "allowed"),
    (
        "other account: delegated and allowed",
        USER,
        Policies([A], grant({"AWS": ACCOUNT_ARN}), same_account=False),
        "allowed",
    ),
    ("other account: only identity", USER, Policies([A], same_account=False), "implicitDeny"),
    ("other account: only resource", USER, Policies([], grant({"AWS": USER.arn}), same_account=False), "implicitDeny"),
    ("other account: boundary silent", USER, Policies([A], grant("*"), NOTHING, same_account=False), "implicitDeny"),
    ("key policy silent", USER, Policies([A], NOTHING, resource_must_allow=True), "implicitDeny"),
    ("key policy delegates", USER, Policies([A], grant({"AWS": ACCOUNT_ARN}), resource_must_allow=True), "allowed"),
    (
        "key policy delegates to silence",
        USER,
        Policies([], grant({"AWS": ACCOUNT_ARN}), resource_must_allow=True),
        "implicitDeny",
    ),
    ("key policy names the user", USER, Policies([], grant({"AWS": USER.arn}), resource_must_allow=True), "allowed"),
    ("root may always", ROOT, Policies([], grant("*", "Deny")), "allowed"),
]


@pytest.mark.parametrize(("title", "principal", "policies", "outcome"), CASES, ids=[case[0] for case in CASES])
def test_evaluation_logic(title: str, principal: Principal, policies: Policies, outcome: str) -> None:
    assert evaluate(policies, Ask(principal, READ, OBJECT)).outcome == outcome


STATEMENTS: list[tuple[str, dict[str, Any], bool]] = [
    ("action without regard to case", allow("S3:getobject", OBJECT), True),
    ("action wildcard", allow("s3:Get*", OBJECT), True),
    ("action question mark", allow("s3:?etObject", OBJECT), True),
    ("action of another service", allow("logs:*", OBJECT), False),
    ("resource with regard to case", allow(READ, OBJECT.upper()), False),
    ("resource wildcard crosses slashes", allow(READ, "arn:aws:s3:::b*"), True),
    ("resource prefix", allow(READ, "arn:aws:s3:::bucket"), False),
    ("not action", {"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}, True),
    ("not this action", {"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "*"}, False),
    ("not resource", {"Effect": "Allow", "Action": READ, "NotResource": "arn:aws:s3:::other/*"}, True),
    ("not this resource", {"Effect": "Allow", "Action": READ, "NotResource": "arn:aws:s3:::bucket/*"}, False),
    ("user name", allow(READ, "arn:aws:s3:::bucket/${aws:username}"), False),
    ("variable with default", allow(READ, "arn:aws:s3:::bucket/${aws:none, 'key'}"), True),
    ("variable without value", allow(READ, "arn:aws:s3:::bucket/${aws:none}"), False),
    ("literal star", allow(READ, "arn:aws:s3:::bucket/${*}"), False),
]


@pytest.mark.parametrize(("title", "statement", "allowed"), STATEMENTS, ids=[case[0] for case in STATEMENTS])
def test_statement_elements(title: str, statement: dict[str, Any], allowed: bool) -> None:
    ask = Ask(USER, READ, OBJECT, {"aws:username": ["ana"]})
    assert evaluate(Policies([document(statement)]), ask).allowed is allowed


def test_variable_stands_for_the_caller_and_carries_no_wildcard() -> None:
    policies = Policies([document(allow(READ, "arn:aws:s3:::bucket/${aws:username}/*"))])
    path = "arn:aws:s3:::bucket/ana/x"
    assert evaluate(policies, Ask(USER, READ, path, {"aws:username": ["ana"]})).allowed
    assert not evaluate(policies, Ask(USER, READ, path, {"aws:username": ["*"]})).allowed


def test_old_policy_version_takes_variables_literally() -> None:
    old = '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"${aws:username}"}}'
    assert not evaluate(Policies([old]), Ask(USER, READ, "ana", {"aws:username": ["ana"]})).allowed
    assert evaluate(Policies([old]), Ask(USER, READ, "${aws:username}", {})).allowed


def test_reason_says_who_refused() -> None:
    ask = Ask(USER, READ, OBJECT)
    assert evaluate(Policies(), ask).reason == f"no identity-based policy allows the {READ} action"
    assert evaluate(Policies([A, D]), ask).reason == "of an explicit deny in an identity-based policy"
    assert evaluate(Policies([A], grant("*", "Deny")), ask).reason == "of an explicit deny in a resource-based policy"
    assert evaluate(Policies([A], boundary=NOTHING), ask).reason == f"no permissions boundary allows the {READ} action"
