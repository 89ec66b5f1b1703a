"""The policies' own documents, with references where a session has account, region and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaa_wizard.policies import documents, secrets_backend
from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.session.model import Session
from mwaa_wizard.templates.model import token, untoken


@dataclass(frozen=True)
class _Anywhere(Facts):
    """Facts of whatever place the template is deployed in."""

    @property
    def dns_suffix(self) -> str:
        return token("UrlSuffix")


def anywhere(key_arn: str | None) -> Facts:
    """Both sides are the one account that the template is deployed in; `key_arn` holds tokens too."""
    account, region = token("Account"), token("Region")
    return _Anywhere(
        partition=token("Partition"), source_account=account, source_region=region, target_account=account,
        target_region=region, target_env=token("EnvironmentName"), environment_kms_key_arn=key_arn,
    )  # fmt: skip


def bucket_arn() -> str:
    """The DAG bucket's ARN, with tokens."""
    return f"arn:{token('Partition')}:s3:::{token('BucketName')}"


def role_documents(session: Session, key_arn: str | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Trust and base policy of the execution role (`trust`, `base`) and the reasons by Sid."""
    copy = _nameless(session)
    facts = anywhere(key_arn)
    trust = documents.execution_role_trust(copy, facts)
    base = documents.execution_role_base(copy, facts, bucket_arn=bucket_arn())
    return {"trust": untoken(trust.document), "base": untoken(base.document)}, {**trust.why, **base.why}


def bucket_document(session: Session) -> tuple[dict[str, Any], dict[str, str]]:
    """The DAG bucket's policy: TLS only, as that of the migration bucket within one account."""
    policy = documents.migration_bucket_policy(_nameless(session), anywhere(None))
    return untoken(policy.document), policy.why


def secrets_document(session: Session, starts: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the role needs to read its connections; `starts` is what their names begin with, as plain text."""
    policy = secrets_backend.secrets_backend(session, anywhere(None), starts)
    return untoken(policy.document), policy.why


def _nameless(session: Session) -> Session:
    copy = session.model_copy(deep=True)
    copy.target.environment, copy.migration_bucket = token("EnvironmentName"), token("BucketName")
    return copy
