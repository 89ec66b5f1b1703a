"""What the target's account offers for a setting, each with what MWAA needs of it: seconds, in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

Pairs = list[tuple[str, str]]


def offered(session: Session, clients: Any, name: str) -> Pairs:
    """(value, words) pairs; what MWAA would refuse is last, and says why. Raises WizardError."""
    from mwaa_wizard.environments import lookups
    from mwaa_wizard.i18n import _

    made: Pairs = [] if session.route == "in-place" else [("", _("let the wizard make one"))]
    if name == "ExecutionRoleArn":
        return made + [
            (role.arn, role.name + ("" if role.complete else "  " + _("✘ trust policy incomplete")))
            for role in sorted(lookups.execution_roles(clients), key=lambda role: not role.complete)
        ]
    if name == "SourceBucketArn":
        return made + [(bucket.name, bucket.name) for bucket in lookups.buckets(clients)]
    if name == "KmsKey":
        keys = [
            (key.arn, "  ".join((key.alias or key.id, key.arn,
                                 "" if key.looked_at else _("✘ you may not look at it"))).rstrip())
            for key in lookups.kms_keys(clients)
        ]  # fmt: skip
        return [("", _("a key owned by AWS")), *keys]
    if name.endswith("SubnetIds"):
        return [
            (net.id, "  ".join((net.id, net.zone, net.cidr, _("✘ public") if net.public else _("private"), net.name)))
            for net in sorted(lookups.subnets(clients), key=lambda net: net.public)
        ]
    if name.endswith("SecurityGroupIds"):
        groups = sorted(lookups.security_groups(clients), key=lambda group: not group.self_referencing)
        return [
            (group.id, "  ".join((group.id, group.vpc, group.name,
                                  "" if group.self_referencing else _("✘ does not let its own members in"))).rstrip())
            for group in groups
        ]  # fmt: skip
    return []
