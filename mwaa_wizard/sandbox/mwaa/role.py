"""The execution role: who may assume it, and the credentials the environment's processes run with.

Sources: MWAA user guide (mwaa-create-role, cross-service-confused-deputy-prevention); IAM user guide (trust policies).
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.aws.authorise.ledger import LEDGER
from mwaa_wizard.sandbox.mwaa.artefacts import code_of
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess
from mwaa_wizard.sandbox.mwaa.errors import ValidationException

SERVICES = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
SESSION_NAME = "AmazonMWAA-airflow"
# The environment's processes may hold what they were given for an hour: renew while more than that is left, and for
# roles with one-hour sessions a few minutes after each start.
REFRESH_BEFORE = dt.timedelta(minutes=70)
REFRESH_AFTER = dt.timedelta(minutes=4)


def role_name(arn: str) -> str:
    return arn.rsplit("/", 1)[1]


def check_role(iam: Any, arn: str, account: str) -> None:
    """The role exists, in the caller's account. Raises ValidationException."""
    if arn.split(":")[4] != account:
        raise ValidationException(f"The execution role {arn} must belong to account {account}")
    try:
        found = iam.get_role(RoleName=role_name(arn))["Role"]
    except ClientError as error:
        raise ValidationException(f"The execution role {arn} cannot be found ({code_of(error)})") from error
    if found["Arn"] != arn:
        raise ValidationException(f"The execution role {arn} cannot be found")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def trusts(document: dict[str, Any], service: str, context: dict[str, str] | None) -> bool:
    """May `service` assume a role with this trust policy? With `context` None conditions count as met."""
    from mwaa_wizard.sandbox.aws.authorise.conditions import holds

    keys = {key.lower(): [value] for key, value in (context or {}).items()}
    allowed = False
    for statement in _listed(document.get("Statement", [])):
        principal = statement.get("Principal", {})
        named = ["*"] if principal == "*" else _listed(principal.get("Service", []))
        actions = [str(action).lower() for action in _listed(statement.get("Action", []))]
        if service not in named and "*" not in named:
            continue
        if not {"sts:assumerole", "sts:*", "*"} & set(actions):
            continue
        if context is not None and not holds(statement.get("Condition", {}), keys):
            continue
        if statement.get("Effect") == "Deny":
            if context is None and statement.get("Condition"):
                continue
            return False
        allowed = True
    return allowed


class ExecutionRole:
    """Credentials of one environment's role, assumed as the service does and renewed before they expire."""

    def __init__(self, aws: AwsAccess, role_arn: str, environment_arn: str, account: str, region: str) -> None:
        self._aws = aws
        self.role_arn = role_arn
        self._context = {"aws:SourceArn": environment_arn, "aws:SourceAccount": account}
        self._account, self._region = account, region
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}
        self._renew_at = dt.datetime.min.replace(tzinfo=dt.UTC)

    def _document(self) -> dict[str, Any]:
        iam = self._aws.client("iam", self._region, self._account)
        document = iam.get_role(RoleName=role_name(self.role_arn))["Role"]["AssumeRolePolicyDocument"]
        return dict(json.loads(document)) if isinstance(document, str) else dict(document)

    def untrusted(self) -> list[str]:
        """The service principals that the trust policy names in no statement; MWAA fails the creation for these."""
        document = self._document()
        return [service for service in SERVICES if not trusts(document, service, None)]

    def assumable(self) -> bool:
        """May MWAA assume the role for this very environment, conditions included?"""
        try:
            document = self._document()
        except ClientError:
            return False
        found = {service: trusts(document, service, self._context) for service in SERVICES}
        for service, allowed in found.items():
            LEDGER.note_assumed(service, self.role_arn, self._context, json.dumps(document), allowed)
        return all(found.values())

    def credentials(self) -> dict[str, str]:
        """AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN for the environment's processes.

        When the trust policy's conditions do not admit this environment, creation succeeds and the tasks fail, as
        on AWS: then the keys are ones that no service knows.
        """
        with self._lock:
            moment = dt.datetime.now(dt.UTC)
            if self._held and moment < self._renew_at:
                return dict(self._held)
            if not self.assumable():
                return _powerless()
            answer = self._assume()
            self._renew_at = max(answer["Expiration"] - REFRESH_BEFORE, moment + REFRESH_AFTER)
            self._held = {
                "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
                "AWS_SESSION_TOKEN": answer["SessionToken"],
            }
            return dict(self._held)

    def _assume(self) -> dict[str, Any]:
        """A session as long as the role allows: the processes keep the credentials they were started with."""
        iam = self._aws.client("iam", self._region, self._account)
        longest = iam.get_role(RoleName=role_name(self.role_arn))["Role"].get("MaxSessionDuration", 3600)
        sts = self._aws.client("sts", self._region, self._account)
        answer = sts.assume_role(RoleArn=self.role_arn, RoleSessionName=SESSION_NAME, DurationSeconds=longest)
        return dict(answer["Credentials"])


def _powerless() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "ASIA" + secrets.token_hex(8).upper(),
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20),
        "AWS_SESSION_TOKEN": secrets.token_hex(40),
    }
