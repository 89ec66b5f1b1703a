"""The migration bucket: private, encrypted, TLS only, emptied by itself should everything else fail."""

from __future__ import annotations

from mwaa_wizard.execution import policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.session.model import Session

EXPIRE_DAYS = 30


class MigrationBucket(Step):
    """Makes the session's bucket in the source's account and region."""

    id = "migration-bucket"

    @property
    def title(self) -> str:
        return _("Migration bucket")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Make bucket {name} in {region}: encrypted, private, TLS only, objects expire after {days} days.").format(
                name=session.migration_bucket, region=session.source.connection.region, days=EXPIRE_DAYS
            )
        ]

    def check(self, ctx: Context) -> Check:
        name = ctx.session.migration_bucket
        live = any(record["name"] == name for record in ctx.journal.live("bucket"))
        if live and sides.was_done(ctx, self.id) and buckets.exists(ctx.client("source", "s3"), name):
            return Check(True, name)
        if sides.was_done(ctx, "clean-up") and not ctx.session.keep_bundle:
            return Check(True, _("it was deleted at the end"))
        return Check(False)

    def run(self, ctx: Context) -> None:
        name, client = ctx.session.migration_bucket, ctx.client("source", "s3")
        buckets.make_private(ctx, "source", name, versioned=False)
        # A bucket that somebody deleted is made again with what later steps had added to its policy.
        roles = sides.was_done(ctx, "target-policy")
        client.put_bucket_policy(Bucket=name, Policy=policy_documents.migration_bucket(ctx, roles=roles))
        client.put_bucket_lifecycle_configuration(
            Bucket=name,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "mwaa-wizard-safety-net",
                        "Status": "Enabled",
                        "Filter": {"Prefix": ""},
                        "Expiration": {"Days": EXPIRE_DAYS},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                    }
                ]
            },
        )
        ctx.log(
            _("{name} takes TLS only and expires its objects after {days} days.").format(name=name, days=EXPIRE_DAYS)
        )

    def verify(self, ctx: Context) -> None:
        name, client = ctx.session.migration_bucket, ctx.client("source", "s3")
        policy_documents.demand(
            buckets.blocks_public_access(client, name), _("Public access to {name} is not blocked.").format(name=name)
        )
        rules = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        policy_documents.demand(bool(rules), _("{name} has no default encryption.").format(name=name))
        policy = client.get_bucket_policy(Bucket=name)["Policy"]
        policy_documents.demand("aws:SecureTransport" in policy, _("{name} takes plain HTTP.").format(name=name))

    def undo(self, ctx: Context) -> None:
        for record in ctx.journal.live("bucket"):
            if record["step"] == self.id:
                buckets.remove(ctx, "source", record["name"])
