"""What the target's role needs to read its connections and variables from Secrets Manager or the Parameter Store.

Sources: MWAA user guide, connections-secrets-manager, whose sample grants every secret of the account and ListSecrets;
amazon provider, secrets/secrets_manager.py and secrets/systems_manager.py: the backends ask GetSecretValue, or
GetParameter with decryption, for one name, PREFIX + separator + id, and nothing else. Systems Manager user guide,
sysman-paramstore-access (a parameter's ARN has no second slash); secretsmanager, security-encryption (AWS's own keys
need no statement).
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Literal

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.entries.backend import Backend
from mwaa_wizard.environments import effective
from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose
from mwaa_wizard.session.model import Session

Store = Literal["secrets-manager", "ssm"]
STORES: tuple[Store, Store] = ("secrets-manager", "ssm")


@dataclass(frozen=True)
class Reads:
    """What Airflow asks its backend for. `starts`: what the names begin with, separator included (empty text, or a
    slash alone in the Parameter Store: every name there is).
    """

    store: Store
    starts: tuple[str, ...]


def policy_name(session: Session) -> str:
    """Name of the inline policy; it stays for as long as the target lives."""
    return session.policy_name("secrets")


def reads_of(session: Session, environment: dict[str, Any]) -> Reads | None:
    """What the target's role reads; None where its options name no backend of its own account and region.
    `environment`: the source as AWS answered it, or its kept copy.
    """
    target = backends.of_target(session, environment)
    options = backends.resolved(session, effective.target_options(session, environment), environment)
    starts = [target.start(what) for what in backends.KINDS if target.asks(what)]
    if starts and (config := _config_start(target, options)):
        starts.append(config)
    if not starts or target.elsewhere:
        return None
    return Reads("ssm" if target.kind == "ssm" else "secrets-manager", tuple(starts))


def _config_start(target: Backend, options: dict[str, str]) -> str:
    """What the names of configuration values begin with, where an option asks for one (SECTION.OPTION_secret)."""
    if not any(key.endswith("_secret") for key in options if key not in (backends.BACKEND, backends.KWARGS)):
        return ""
    # Its arguments could be read, or it would have no prefixes.
    given = json.loads(options.get(backends.KWARGS) or "{}")
    prefix = given.get("config_prefix", "/airflow/config" if target.kind == "ssm" else "airflow/config")
    if prefix is None:
        return ""
    return f"{str(prefix).rstrip(target.sep)}{target.sep}"


def starts_of(session: Session, environment: dict[str, Any]) -> list[str]:
    """What the names of the target's secrets begin with; empty where it does not ask Secrets Manager of its own
    account: the wizard makes secrets there only.
    """
    target = backends.of_target(session, environment)
    if target.kind != "secrets-manager" or target.elsewhere:
        return []
    return [target.start(what) for what in backends.KINDS if target.asks(what)]


def for_session(session: Session, facts: Facts, environment: dict[str, Any]) -> Policy | None:
    """The document for the backend that the target's options name; None where it needs none."""
    reads = reads_of(session, environment)
    return secrets_backend(session, facts, list(reads.starts), reads.store) if reads else None


def secrets_backend(session: Session, facts: Facts, starts: list[str], store: Store = "secrets-manager") -> Policy:
    """`starts`: see `Reads`. A key of your own is in it where `facts` knows one, for this service only."""
    said = _parameters(facts, starts) if store == "ssm" else _secrets(facts, starts)
    document, why = compose([said])
    made = Policy(policy_name(session), "target-role", facts.target_role_arn, document, why)
    return with_key(made, facts.secrets_kms_key_arn) if facts.secrets_kms_key_arn else made


def with_key(policy: Policy, key: str) -> Policy:
    """The document with the use of a key of your own, for values that are encrypted with it; for its service only."""
    resource = policy.document["Statement"][0]["Resource"]
    _arn, partition, service, region, *_rest = (resource if isinstance(resource, str) else resource[0]).split(":")
    via = f"{service}.{region}.{Facts(partition).dns_suffix}"
    said = Said(
        "DecryptSecrets",
        _("The values are encrypted with this key of your own; through this one service only."),
        allow(["kms:Decrypt"], key, Condition={"StringEquals": {"kms:ViaService": via}}),
    )
    more, why = compose([said])
    document = {**policy.document, "Statement": [*policy.document["Statement"], *more["Statement"]]}
    return dataclasses.replace(policy, document=document, why={**policy.why, **why})


def _secrets(facts: Facts, starts: list[str]) -> Said:
    place = f"arn:{facts.partition}:secretsmanager:{facts.target_region}:{facts.target_account}:secret:"
    why = _("Airflow reads connections and variables from Secrets Manager, below its own prefixes only.")
    if "" in starts:
        starts, why = [""], _everything()
    return Said("ReadSecretsBackend", why, allow(["secretsmanager:GetSecretValue"],
                                                 sorted({f"{place}{start}*" for start in starts})))  # fmt: skip


def _parameters(facts: Facts, starts: list[str]) -> Said:
    place = f"arn:{facts.partition}:ssm:{facts.target_region}:{facts.target_account}:parameter/"
    why = _("Airflow reads connections and variables from the Parameter Store, below its own prefixes only.")
    names = {start.lstrip("/") for start in starts}  # names begin with a slash, and the ARN has only one
    if "" in names:
        names, why = {""}, _everything()
    return Said("ReadParameterStore", why, allow(["ssm:GetParameter"], sorted(f"{place}{name}*" for name in names)))


def _everything() -> str:
    return _("The backend's options name no prefix, so Airflow may ask for any name: give it one to narrow this.")
