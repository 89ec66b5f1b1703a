"""What lies between the two sides: the migration bucket is the source's, and the target's tasks must reach it.

Sources: IAM user guide, "Amazon Resource Names" (partitions are islands); VPC user guide, "Gateway endpoints for
Amazon S3" (a gateway endpoint serves the buckets of its own region only); Amazon S3 user guide,
example-walkthroughs-managing-access (a bucket policy lets another account's role in).
"""

from __future__ import annotations

from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import network
from mwaa_wizard.preflight.finding import Finding, Findings


def bundle(ctx: Context) -> Findings:
    """The target's execution role can be let into the migration bucket, and its subnets lead there."""
    name = _("way of the bundle")
    source, target = ctx.clients.identity("source"), ctx.clients.identity("target")
    if source.partition != target.partition:
        evidence = _("the source is in partition {here}, the target in {there}").format(
            here=source.partition, there=target.partition
        )
        yield Finding(name, "fail", evidence,
                      _("No role of one partition can be let into a bucket of another: choose a target in {here}, or "
                        "the route without history (settings-only).").format(here=source.partition))  # fmt: skip
        return
    if source.region != target.region and (closed := network.closed_subnets(ctx)):
        evidence = _("the bundle is in {region}, and {ids} have no way out of their VPC").format(
            region=source.region, ids=listed(closed)
        )
        yield Finding(name, network.doubt(ctx), evidence,
                      _("An S3 endpoint serves its own region only: route these subnets to a NAT gateway until the "
                        "import is done."))  # fmt: skip
        return
    if source.account != target.account:
        yield Finding(name, "pass", _("the migration bucket of {here} will let the target's role of {there} in").format(
            here=source.account, there=target.account))  # fmt: skip
    else:
        yield Finding(name, "pass", f"{source.region} → {target.region}")
