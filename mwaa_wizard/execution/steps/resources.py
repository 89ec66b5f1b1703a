"""Brings DAGs, requirements, plugins and startup script to where the target reads them."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.environments import effective
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.resources import copy
from mwaa_wizard.session.model import Session


class Resources(Step):
    """Makes the target's bucket (if asked) and copies what the environment is fed from."""

    id = "resources"

    @property
    def title(self) -> str:
        return _("DAGs and requirements")

    def describe(self, session: Session) -> list[str]:
        lines = []
        if session.target.create_bucket:
            lines.append(
                _("Make bucket {name} in {region}: versioned, private, encrypted.").format(
                    name=names.target_bucket(session), region=session.target.connection.region
                )
            )
        return [
            *lines,
            _("Copy DAGs, requirements, plugins and startup script there; the source's stay as they are."),
            _("The constraint line of requirements.txt, and its pins of Airflow itself, follow the target's version."),
        ]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id), sides.target_bucket(ctx))

    def run(self, ctx: Context) -> None:
        environment = sides.environment(ctx, "source")
        origin, bucket = names.bucket_of(environment["SourceBucketArn"]), sides.target_bucket(ctx)
        if ctx.session.target.create_bucket:
            buckets.make_private(ctx, "target", bucket, versioned=True)
        items = _items(ctx, environment)
        ctx.log(_("{count} objects from {origin} to {bucket}.").format(count=len(items), origin=origin, bucket=bucket))
        for item in items:
            if item.there:
                text = _("{key} is in {bucket} already; it is taken as it is, for {member}.")
                ctx.log(text.format(key=item.key, bucket=bucket, member=item.member))
            if item.rewritten is not None:
                for line in item.rewritten.changed:
                    ctx.log(f"{item.target_key}: {line}")
                for line in item.rewritten.doubts:
                    ctx.log(f"{item.target_key}: {line}", "WARN")
        if origin == bucket and all(item.key == item.target_key for item in items):
            versions = {item.member: item.version_id for item in items if item.member}
            ctx.log(_("Source and target use the same bucket: nothing to copy."))
            if other := [item for item in items if item.body is not None]:
                # The source is pinned to its own version of the object; the target gets a newer one.
                versions |= copy.copy(ctx, origin, bucket, other).versions
        else:
            done = copy.copy(ctx, origin, bucket, items)
            versions = done.versions
            ctx.log(_("Copied {copied}, already there {present}.").format(copied=done.copied, present=done.present))
        versions = {member: version for member, version in versions.items() if version != "null"}
        ctx.journal.write(self.id, "measured", kind="object-versions", versions=versions, bucket=bucket)
        for member, version in sorted(versions.items()):
            ctx.log(f"{member} {version}")

    def verify(self, ctx: Context) -> None:
        environment = sides.environment(ctx, "source")
        client, bucket = ctx.client("target", "s3"), sides.target_bucket(ctx)
        items = _items(ctx, environment)
        there: dict[str, int] = {}
        for prefix in sorted({item.target_key.rsplit("/", 1)[0] for item in items if "/" in item.target_key}):
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/"):
                there.update({entry["Key"]: entry["Size"] for entry in page.get("Contents", [])})
        differs = [i.target_key for i in items if "/" in i.target_key and there.get(i.target_key) != i.size]
        differs += [
            i.target_key
            for i in items
            if "/" not in i.target_key and not i.there and copy.present(ctx, bucket, i) is None
        ]
        if differs:
            raise WizardError(
                what=_("{count} objects are not in {bucket} as they are in the source.").format(
                    count=len(differs), bucket=bucket
                ),
                where=listed(differs[:5]),
                remedy=_("Resume copies them again."),
            )

    def undo(self, ctx: Context) -> None:
        sides.demand_target_gone(ctx)
        for record in ctx.journal.live("bucket"):
            if record["step"] == self.id:
                buckets.remove(ctx, "target", record["name"])
        client = ctx.client("target", "s3")
        gone = {
            record["name"]
            for record in ctx.journal.records()
            if record.get("kind") == "bucket" and record["event"] == "removed"
        }
        for record in ctx.journal.live("object"):
            if record["bucket"] not in gone:
                buckets.delete_versions(
                    client, record["bucket"], [{"Key": record["key"], "VersionId": record["version_id"]}]
                )
            ctx.removed("object", record["name"])


def _items(ctx: Context, environment: dict[str, Any]) -> list[copy.Item]:
    values = effective.target_values(ctx.session, environment)
    return copy.plan(ctx, environment, values, sides.target_bucket(ctx))
