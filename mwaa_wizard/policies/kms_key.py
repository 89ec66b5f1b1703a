"""What the key policy of the target's own key must say, beyond what it says already.

Source: MWAA user guide, custom-keys-certs (CloudWatch Logs with kms:EncryptionContext:aws:logs:arn; MWAA's grants).
"""

from __future__ import annotations

from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import Facts, Policy, Said, compose, log_groups
from mwaa_wizard.session.model import Session

_LOGS = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
_ACCOUNT = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*",
            "kms:ListGrants", "kms:ReEncrypt*", "kms:RevokeGrant"]  # fmt: skip


def foreign_account(facts: Facts) -> str:
    """The account of the target's key where it is another than the target's; else empty."""
    parts = (facts.environment_kms_key_arn or "").split(":")
    return parts[4] if len(parts) >= 6 and parts[4] != facts.target_account else ""


def key_policy(session: Session, facts: Facts) -> Policy:
    """The statements to add to the key's policy; what stands there already is not repeated, and has to stay."""
    key = facts.environment_kms_key_arn or ""
    name = session.target.environment or facts.target_env
    said = [
        Said(
            "MwaaLogGroups",
            _("CloudWatch Logs encrypts the environment's log groups, and no others, with the key. In a key's own "
              "policy * is this one key."),
            {
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{facts.target_region}.{facts.dns_suffix}"},
                "Action": list(_LOGS),
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups(facts, name)}},
            },
        )
    ]  # fmt: skip
    if foreign_account(facts):
        said.append(
            Said(
                "TargetAccount",
                _("The key belongs to another account, which lets the target's account use it and make grants; who "
                  "there may is for that account's own policies to say."),
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:{facts.partition}:iam::{facts.target_account}:root"},
                    "Action": list(_ACCOUNT),
                    "Resource": "*",
                },
            )
        )  # fmt: skip
    document, why = compose(said)
    return Policy(f"mwaa-wizard-{session.id}-key", "kms-key", key, document, why)
