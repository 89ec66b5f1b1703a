"""The migration bucket's own policy: TLS only and, where the roles live in two accounts, the foreign role."""

from __future__ import annotations

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import bundle_keys
from mwaa_wizard.policies.facts import Facts, Policy, Said, compose
from mwaa_wizard.policies.migration_roles import bucket_arn
from mwaa_wizard.session.model import Session


def migration_bucket_policy(session: Session, facts: Facts, *, owner: Side = "source") -> Policy:
    """The resource policy of the migration bucket, which lies in `owner`'s account.

    A role that does not exist yet cannot be named (S3 refuses unknown principals), so the foreign role's statements
    come in once `facts` holds its ARN; put the policy again then.
    """
    bucket = bucket_arn(session, facts)
    statements = [
        Said(
            "DenyInsecureTransport",
            _("Nobody reads or writes the bundle without TLS."),
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket, f"{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        )
    ]
    if facts.source_account != facts.target_account:
        statements += _foreign(session, facts, bucket, owner)
    document, why = compose(statements)
    return Policy(f"{session.migration_bucket}-policy", "migration-bucket", bucket, document, why)


def _foreign(session: Session, facts: Facts, bucket: str, owner: Side) -> list[Said]:
    if owner == "source":
        role, reads, writes = (
            facts.target_role_arn, bundle_keys.target_reads(session), bundle_keys.target_writes(session)
        )  # fmt: skip
    else:
        role, reads, writes = (
            facts.source_role_arn, bundle_keys.source_reads(), bundle_keys.source_writes(session)
        )  # fmt: skip
    if not role:
        return []

    def grant(sid: str, why: str, actions: list[str], resources: list[str]) -> Said:
        principal = {"AWS": role}
        return Said(sid, why, {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resources})

    return [
        grant("ForeignRoleLists", _("The other account's role looks for objects."), ["s3:ListBucket"], [bucket]),
        grant("ForeignRoleReads", _("The other account's role reads its part of the bundle."), ["s3:GetObject"],
              [f"{bucket}/{key}" for key in sorted(reads)]),
        grant("ForeignRoleWrites", _("The other account's role writes its part of the bundle."),
              ["s3:AbortMultipartUpload", "s3:PutObject"], [f"{bucket}/{key}" for key in sorted(writes)]),
    ]  # fmt: skip
