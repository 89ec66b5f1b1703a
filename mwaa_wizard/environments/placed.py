"""Whether ARNs in the target's settings belong to the target: its partition, its region, its account.

Sources: MWAA user guide mwaa-create-role (role of the same account), custom-keys-certs (key of the same region); ARNs
carry the partition (AWS General Reference, aws-arns-and-namespaces).
"""

from __future__ import annotations

from mwaa_wizard.environments.fields import COUNTS
from mwaa_wizard.environments.versions import quotas
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

Problems = dict[str, list[str]]


def problems(session: Session, values: dict[str, object]) -> Problems:
    """What belongs elsewhere, by the setting to mend. What is not known of the target yet is not compared."""
    there = session.target.connection
    found: Problems = {}
    for name in ("ExecutionRoleArn", "SourceBucketArn", "KmsKey"):
        parts = str(values.get(name) or "").split(":")
        if len(parts) < 6 or parts[0] != "arn":
            continue
        if there.partition and parts[1] != there.partition:
            found[name] = [
                _("This is of partition {found}, the target of {wanted}; choose one of the target's.").format(
                    found=parts[1], wanted=there.partition
                )
            ]
        elif name == "ExecutionRoleArn" and there.account and parts[4] != there.account:
            found[name] = [
                _("This role is not in the target's account {account}; choose one that is.").format(
                    account=there.account
                )
            ]
        elif name == "KmsKey" and there.region and parts[3] != there.region:
            found[name] = [
                _("This key is of {found}; give one of the target's region {wanted}, or none for AWS's own.").format(
                    found=parts[3], wanted=there.region
                )
            ]
    return found


def quota_problems(session: Session, values: dict[str, object]) -> Problems:
    """Counts above the documented quota that came along from another account or region: there it may have been raised
    (MWAA user guide: mwaa-quotas). What the user gave is taken; preflight compares it with the applied quota.
    """
    most = next(quota.value for quota in quotas() if quota.name == "workers")
    found: Problems = {}
    for name in COUNTS[:2]:
        count = values.get(name)
        if isinstance(count, int) and count > most and name not in session.target.settings:
            found[name] = [
                _("The source has {count}; elsewhere the quota is {most} unless raised. Give a number.").format(
                    count=count, most=most
                )
            ]
    return found
