"""The accounts of one sandbox: each has an operator with keys of its own, under a profile of its own, in one region."""

from __future__ import annotations

import threading
from pathlib import Path

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.aws import bootstrap
from mwaa_wizard.sandbox.aws.server import SandboxAws
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess
from mwaa_wizard.sandbox.mwaa.names import partition_of
from mwaa_wizard.sandbox.state import AccountStatus


class Accounts:
    """Adds accounts and writes the profiles of all of them to `folder`."""

    def __init__(self, folder: Path, aws: SandboxAws, access: AwsAccess) -> None:
        self._folder, self._aws, self._access = folder, aws, access
        self._lock = threading.Lock()
        self._held: dict[str, AccountStatus] = {}
        self._operators: dict[str, bootstrap.Operator] = {}

    def add(self, profile: str, account: str, region: str, *, network: bool = False) -> AccountStatus:
        """The account under this profile, made on first use; `network` makes subnets and a security group there.

        A second profile of an account is another region with the same operator's keys. Raises WizardError (usage)
        where the profile belongs to another account or region, and where the account is of another partition.
        """
        with self._lock:
            known = self._held.get(profile)
            if known is not None:
                if (known.account, known.region) != (account, region):
                    raise _taken(known)
                return known
            partition = partition_of(region)
            elsewhere = next((held for held in self._held.values() if held.account == account
                              and partition_of(held.region) != partition), None)  # fmt: skip
            if elsewhere is not None:
                raise _other_partition(elsewhere, region)
            operator = next((held for held in self._operators.values() if held.account == account), None)
            if operator is None:
                root = self._aws.root_credentials_for(account, partition)
                operator = bootstrap.ensure_operator(
                    self._aws.endpoint_url, account, region, root=root, partition=partition
                )
            subnets: tuple[str, ...] = ()
            groups: tuple[str, ...] = ()
            if network:
                subnets, group = provision.make_network(self._access.client("ec2", region, account), profile)
                groups = (group,)
            added = AccountStatus(profile, account, region, subnets, groups)
            self._held[profile], self._operators[profile] = added, operator
            bootstrap.write_profiles(
                self._folder,
                endpoint=self._aws.endpoint_url,
                region=region,
                operators=self._operators,
                regions={name: held.region for name, held in self._held.items()},
            )
            return added

    def of(self, profile: str) -> AccountStatus:
        """The account under a profile. Raises WizardError (usage) where there is none."""
        with self._lock:
            if profile in self._held:
                return self._held[profile]
            names = ", ".join(sorted(self._held))
        raise WizardError(
            what=_("The sandbox has no account with profile {profile}.").format(profile=profile),
            changed=_("Nothing was changed."),
            remedy=_("Add it with `mwaa-wizard sandbox account`, or use one of: {names}.").format(names=names),
            exit_code=EXIT_USAGE,
        )

    def listed(self) -> list[AccountStatus]:
        """Every account, in the order it was added."""
        with self._lock:
            return list(self._held.values())


def _taken(known: AccountStatus) -> WizardError:
    return WizardError(
        what=_("Profile {profile} is account {account} in {region} already.").format(
            profile=known.profile, account=known.account, region=known.region
        ),
        changed=_("Nothing was changed."),
        remedy=_("Choose another profile name."),
        exit_code=EXIT_USAGE,
    )


def _other_partition(known: AccountStatus, region: str) -> WizardError:
    """An account lies in one partition (AWS fault isolation boundaries, "Partitions")."""
    return WizardError(
        what=_("Account {account} is in {known} already, and no account is both there and in {region}.").format(
            account=known.account, known=known.region, region=region
        ),
        changed=_("Nothing was changed."),
        remedy=_("Choose another account id."),
        exit_code=EXIT_USAGE,
    )
