"""Whether CloudWatch Logs may encrypt an environment's log groups with its key: the key's own policy says so, alone.

Sources: MWAA user guide, custom-keys-certs; CloudWatch Logs user guide, encrypt-log-data-kms (CreateLogGroup is refused
where the service may not use the key).
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.sandbox.aws.authorise.evaluate import Policies, evaluate
from mwaa_wizard.sandbox.aws.authorise.ledger import LEDGER
from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.authorise.policy import Ask
from mwaa_wizard.sandbox.aws.principal import service_principal
from mwaa_wizard.sandbox.mwaa import names
from mwaa_wizard.sandbox.mwaa.environment import Environment

ACTIONS = ("kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
           "kms:GenerateDataKey")  # fmt: skip
CONTEXT = "kms:EncryptionContext:aws:logs:arn"


def refusal(kms: Any, environment: Environment) -> str:
    """What is refused to CloudWatch Logs, and for which group; empty where nothing is, or AWS owns the key."""
    key = str(environment.settings.get("KmsKey") or "").removeprefix("key/")
    if not key:
        return ""
    arn = str(kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    policy = str(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    suffix = "amazonaws.com.cn" if arn.startswith("arn:aws-cn:") else "amazonaws.com"
    service = service_principal(f"logs.{environment.region}.{suffix}")
    for module, given in (environment.settings.get("LoggingConfiguration") or {}).items():
        if not given.get("Enabled"):
            continue
        group = names.log_group_arn(environment.account, environment.region, environment.name, module)
        for action in ACTIONS:
            wanted = Permission(action, arn, {CONTEXT: group}, resource_policy=policy, resource_must_allow=True)
            ask = Ask(service, action, arn, {CONTEXT.lower(): [group]})
            decision = evaluate(Policies(resource=policy, resource_must_allow=True), ask)
            LEDGER.note(service, wanted, arn.split(":")[4], decision)
            if not decision.allowed:
                return f"{service.arn} may not {action} with {arn} for log group {group}"
    return ""
