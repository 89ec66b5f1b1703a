"""What the target's role needs to read its connections and variables from Secrets Manager.

Source: MWAA user guide, connections-secrets-manager. Its sample grants every secret of the account and ListSecrets;
Airflow's backend asks for one secret by its name, so the prefixes are enough.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose
from mwaa_wizard.session.model import Session


def policy_name(session: Session) -> str:
    """Name of the inline policy; it stays for as long as the target lives."""
    return session.policy_name("secrets")


def starts_of(session: Session, environment: dict[str, Any]) -> list[str]:
    """What the names of the target's secrets begin with; empty where it does not ask Secrets Manager of its own
    account. `environment`: the source as AWS answered it, or its kept copy.
    """
    target = backends.of_target(session, environment)
    if target.kind != "secrets-manager" or target.elsewhere:
        return []
    return [target.start(what) for what in backends.KINDS if target.asks(what)]


def secrets_backend(session: Session, facts: Facts, starts: list[str]) -> Policy:
    """`starts`: what the secrets' names begin with, separator included (empty text: every secret)."""
    place = f"arn:{facts.partition}:secretsmanager:{facts.target_region}:{facts.target_account}:secret:"
    said = Said(
        "ReadSecretsBackend",
        _("Airflow reads connections and variables from Secrets Manager, below its own prefixes only."),
        allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            sorted({f"{place}{start}*" for start in starts}),
        ),
    )
    document, why = compose([said])
    return Policy(policy_name(session), "target-role", facts.target_role_arn, document, why)
