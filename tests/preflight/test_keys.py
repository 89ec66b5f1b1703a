"""KMS keys: there, enabled, of MWAA's kind, and open to CloudWatch Logs for the target's groups."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.session import get_session
from botocore.stub import Stubber

from mwaa_wizard.preflight import keys
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight.world import one, tell

GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"


@pytest.fixture
def kms(rig: Rig) -> Any:
    return rig.clients.client("target", "kms")


def chosen(rig: Rig, kms: Any, **how: Any) -> str:
    """A new key that the target shall have."""
    arn = str(kms.create_key(**how)["KeyMetadata"]["Arn"])
    rig.session.target.settings["KmsKey"] = arn
    return arn


def test_no_key_is_aws_own(rig: Rig) -> None:
    one(rig, keys.target, "pass")
    one(rig, keys.source, "pass")
    assert tell(rig, keys.target_policy) == []


def test_a_key_that_is_enabled_passes_also_by_its_id(rig: Rig, kms: Any) -> None:
    arn = chosen(rig, kms)
    one(rig, keys.target, "pass")
    for form in (arn.rsplit("/", 1)[1], "key/" + arn.rsplit("/", 1)[1]):
        rig.session.target.settings["KmsKey"] = form
        one(rig, keys.target, "pass")


def test_a_disabled_key_fails_and_one_that_is_going_as_well(rig: Rig, kms: Any) -> None:
    arn = chosen(rig, kms)
    rig.mwaa.environments["old"]["KmsKey"] = arn
    one(rig, keys.source, "pass")
    kms.disable_key(KeyId=arn.rsplit("/", 1)[1])
    assert "Disabled" in one(rig, keys.target, "fail").evidence
    one(rig, keys.source, "warn")
    kms.schedule_key_deletion(KeyId=arn.rsplit("/", 1)[1], PendingWindowInDays=7)
    assert "PendingDeletion" in one(rig, keys.target, "fail").evidence


def test_a_key_that_is_not_there_fails(rig: Rig) -> None:
    rig.session.target.settings["KmsKey"] = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1b2c3d4e-1111-2222-3333-444455556666"
    assert "there is no key" in one(rig, keys.target, "fail").evidence
    assert tell(rig, keys.target_policy) == []


def test_a_key_of_another_region_fails(rig: Rig) -> None:
    rig.session.target.settings["KmsKey"] = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1b2c3d4e-1111-2222-3333-444455556666"
    assert "is not of us-east-1" in one(rig, keys.target, "fail").evidence
    assert tell(rig, keys.target_policy) == []


def test_a_key_that_aws_manages_fails(rig: Rig, kms: Any) -> None:
    """moto calls every key a customer's, so this answer is given by hand."""
    arn = chosen(rig, kms)
    meta = {"KeyId": arn.rsplit("/", 1)[1], "Arn": arn, "KeyState": "Enabled", "KeyManager": "AWS"}
    client = get_session().create_client("kms", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="y")
    with Stubber(client) as stub:
        stub.add_response("describe_key", {"KeyMetadata": meta}, {"KeyId": arn})
        rig.clients.overrides["target", "kms"] = client
        assert "managed by AWS" in one(rig, keys.target, "fail").evidence


def test_multi_region_and_signing_keys_fail(rig: Rig, kms: Any) -> None:
    chosen(rig, kms, MultiRegion=True)
    assert "multi-Region" in one(rig, keys.target, "fail").evidence
    chosen(rig, kms, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    assert "symmetric" in one(rig, keys.target, "fail").evidence


@pytest.mark.parametrize(
    ("group", "service", "actions", "verdict"),
    [
        (f"{GROUP}:*", f"logs.{REGION}.amazonaws.com", ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*",
         "kms:GenerateDataKey*", "kms:Describe*"], "pass"),
        (f"{GROUP}:airflow-new-*", "logs.amazonaws.com", ["kms:*"], "pass"),
        (f"{GROUP}:airflow-old-*", f"logs.{REGION}.amazonaws.com", ["kms:*"], "fail"),
        (f"{GROUP}:*", "logs.eu-west-1.amazonaws.com", ["kms:*"], "fail"),
        (f"{GROUP}:*", f"logs.{REGION}.amazonaws.com", ["kms:Decrypt", "kms:DescribeKey"], "fail"),
    ],
)  # fmt: skip
def test_the_key_policy_must_let_cloudwatch_logs_in(
    rig: Rig, kms: Any, group: str, service: str, actions: list[str], verdict: str
) -> None:
    arn = chosen(rig, kms)
    assert "airflow-new-Task" in one(rig, keys.target_policy, "fail").evidence  # KMS' default policy names nobody else
    statement = {
        "Effect": "Allow", "Principal": {"Service": service}, "Action": actions, "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": group}},
    }  # fmt: skip
    policy = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
    policy["Statement"] = [*policy["Statement"], statement]
    kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=json.dumps(policy))
    one(rig, keys.target_policy, verdict)


def test_a_key_of_another_account_is_used_and_its_policy_is_not_asked_for(
    rig: Rig, kms: Any, endpoint: SandboxAws
) -> None:
    """KMS shows a key's policy within the key's own account only; there the statement has to be looked for."""
    key, secret = endpoint.root_credentials_for("777788889999")
    theirs = boto3.client(
        "kms", endpoint_url=endpoint.endpoint_url, region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret,
    )  # fmt: skip
    arn = theirs.create_key()["KeyMetadata"]["Arn"]
    rig.session.target.settings["KmsKey"] = arn
    one(rig, keys.target, "pass")
    found = one(rig, keys.target_policy, "warn")
    assert "777788889999" in found.evidence
    assert ACCOUNT in found.remedy
    assert "logs.us-east-1.amazonaws.com" in found.remedy


def test_a_key_of_another_account_that_is_closed_fails_and_says_whose_turn_it_is(rig: Rig) -> None:
    arn = f"arn:aws:kms:{REGION}:777788889999:key/1b2c3d4e-1111-2222-3333-444455556666"
    rig.session.target.settings["KmsKey"] = arn
    client = get_session().create_client("kms", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="y")
    with Stubber(client) as stub:
        for _turn in range(2):
            stub.add_client_error("describe_key", "AccessDeniedException", expected_params={"KeyId": arn})
        rig.clients.overrides["target", "kms"] = client
        found = one(rig, keys.target, "fail")
        assert found.evidence == f"{arn} is of account 777788889999, and kms:DescribeKey is refused"
        assert "the key's policy" in found.remedy
        assert ACCOUNT in found.remedy
        assert tell(rig, keys.target_policy) == []  # said once
