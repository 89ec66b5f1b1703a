"""Inline policies for the two execution roles: what the migration's DAGs do with the migration bucket, no more."""

from __future__ import annotations

from mwaa_wizard.i18n import _
from mwaa_wizard.policies import bundle_keys
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose
from mwaa_wizard.session.model import Session


def bucket_arn(session: Session, facts: Facts) -> str:
    """The migration bucket's ARN."""
    return f"arn:{facts.partition}:s3:::{session.migration_bucket}"


def _objects(bucket: str, keys: list[str]) -> list[str]:
    return [f"{bucket}/{key}" for key in sorted(keys)]


def _find(bucket: str, why: str) -> Said:
    return Said("ListBundle", why, allow(["s3:ListBucket"], bucket))


def source_role(session: Session, facts: Facts) -> Policy:
    """What the source's execution role needs: read its orders, write the bundle (inventory and export DAGs)."""
    bucket = bucket_arn(session, facts)
    statements = [
        _find(bucket, _("Tells “not there yet” from “not allowed” when the DAGs look for an object.")),
        Said(
            "ReadOrders",
            _("The DAGs read what to export, where an earlier run stopped, and the target's public key."),
            allow(["s3:GetObject"], _objects(bucket, bundle_keys.source_reads())),
        ),
        Said(
            "WriteBundle",
            _("The inventory and export DAGs upload here; a broken multipart upload is taken back."),
            allow(["s3:AbortMultipartUpload", "s3:PutObject"], _objects(bucket, bundle_keys.source_writes(session))),
        ),
    ]
    document, why = compose(statements)
    return Policy(session.policy_name("source"), "source-role", facts.source_role_arn, document, why)


def target_role(session: Session, facts: Facts) -> Policy:
    """What the target's execution role needs: read the bundle, write key, progress and results.

    There is no statement on CloudWatch Logs, unlike in AWS's migration guide: the wizard's host copies task logs
    with the operator's own credentials, and the role's base policy already lets Airflow write its own log groups.
    """
    bucket = bucket_arn(session, facts)
    statements = [
        _find(bucket, _("The import DAG looks for the bundle's parts.")),
        Said(
            "ReadBundle",
            _("The import and verify DAGs read their orders and the exported tables."),
            allow(["s3:GetObject"], _objects(bucket, bundle_keys.target_reads(session))),
        ),
        Said(
            "WriteResults",
            _("Public key, progress, rejected rows and results go here; nothing of the export can be overwritten."),
            allow(["s3:AbortMultipartUpload", "s3:PutObject"], _objects(bucket, bundle_keys.target_writes(session))),
        ),
    ]
    document, why = compose(statements)
    return Policy(session.policy_name("target"), "target-role", facts.target_role_arn, document, why)
