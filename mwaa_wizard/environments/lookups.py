"""Read-only look-ups for choosing: environments, roles, networks, buckets, keys. Every one raises WizardError."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing, translate
from mwaa_wizard.aws.factory import Clients, Identity, Side
from mwaa_wizard.environments.places import Profile, partition_of, profiles, regions
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

__all__ = [
    "BucketSummary", "EnvironmentSummary", "KeySummary", "Profile", "RoleSummary", "SecurityGroupSummary",
    "SubnetSummary", "buckets", "environment", "environments", "execution_roles", "identity", "kms_keys",
    "name_is_free", "partition_of", "profiles", "regions", "security_groups", "subnets", "worded",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")


def worded(problem: Exception) -> WizardError:
    """What any failure of a look-up is told as, that of Airflow's REST API among them."""
    from mwaa_wizard.airflow.rest import RestUnavailable

    if isinstance(problem, RestUnavailable):
        return WizardError(
            what=_("The REST API of the environment's Airflow cannot be asked."),
            where=clean(problem, limit=600),
            code=problem.code,
            changed=_("Nothing was changed."),
            remedy=_("Grant airflow:InvokeRestApi, and see that its web server is reachable; then ask again."),
        )
    return translate(problem)


def _worded(call: Callable[P, R]) -> Callable[P, R]:
    """Whatever the call raises becomes a WizardError."""

    @functools.wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except WizardError:
            raise
        except Exception as problem:
            raise translate(problem) from problem

    return wrapper


def _pages(client: Any, operation: str, member: str, **request: Any) -> list[Any]:
    """All items of a paginated operation."""
    found: list[Any] = []
    for page in client.get_paginator(operation).paginate(**request):
        found += page.get(member, [])
    return found


def _name_tag(item: dict[str, Any]) -> str:
    return next((clean(tag["Value"], limit=128) for tag in item.get("Tags", []) if tag.get("Key") == "Name"), "")


@dataclass(frozen=True)
class EnvironmentSummary:
    """One line of the list of environments; `problem` is set where GetEnvironment was refused."""

    name: str
    status: str
    version: str
    environment_class: str
    created: dt.datetime | None
    problem: str = ""


@dataclass(frozen=True)
class RoleSummary:
    """A role that airflow-env.amazonaws.com may assume."""

    name: str
    arn: str
    complete: bool  # both of MWAA's service principals may assume it


@dataclass(frozen=True)
class SubnetSummary:
    """A subnet; `public` means that instances get public addresses, which MWAA's subnets should not."""

    id: str
    name: str
    vpc: str
    zone: str
    cidr: str
    public: bool


@dataclass(frozen=True)
class SecurityGroupSummary:
    """A security group; `self_referencing`: its own members may reach each other, which MWAA needs."""

    id: str
    name: str
    vpc: str
    self_referencing: bool


@dataclass(frozen=True)
class BucketSummary:
    """A bucket of the target's account and when it was made."""

    name: str
    created: dt.datetime | None


@dataclass(frozen=True)
class KeySummary:
    """A customer managed key that can encrypt; `looked_at` is False where nobody could look, as that was refused."""

    id: str
    arn: str
    alias: str
    looked_at: bool = True


@_worded
def identity(clients: Clients, side: Side) -> Identity:
    """Who a side's credentials are (sts:GetCallerIdentity)."""
    return clients.identity(side)


def _check_region(clients: Clients, side: Side) -> None:
    region = clients.place(side).region
    if not region:
        raise WizardError(what=_("No region is chosen."), changed=_("Nothing was changed."),
                          remedy=_("Choose a region on page Connect."))  # fmt: skip
    partition = partition_of(region)
    if region not in regions(partition):
        raise WizardError(
            what=_("Region {region} has no MWAA.").format(region=clean(region, limit=60)),
            changed=_("Nothing was changed."),
            remedy=_("Choose one of: {regions}.").format(regions=listed(regions(partition)) or "-"),
        )


@_worded
def environments(clients: Clients, side: Side) -> list[EnvironmentSummary]:
    """All environments of a side by name; each is asked for its version, eight at a time."""
    _check_region(clients, side)
    client = clients.client(side, "mwaa")
    names = sorted(_pages(client, "list_environments", "Environments"))

    def summary(name: str) -> EnvironmentSummary:
        from botocore.exceptions import ClientError

        try:
            found = client.get_environment(Name=name)["Environment"]
        except ClientError as problem:
            return EnvironmentSummary(name, "", "", "", None, translate(problem).what)
        return EnvironmentSummary(
            name=name,
            status=found.get("Status", ""),
            version=found.get("AirflowVersion", ""),
            environment_class=found.get("EnvironmentClass", ""),
            created=found.get("CreatedAt"),
        )

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(summary, names))


@_worded
def environment(clients: Clients, side: Side, name: str) -> dict[str, Any]:
    """GetEnvironment's `Environment`, secret option values included: keep it in memory only, or `clone.sanitise` it."""
    _check_region(clients, side)
    try:
        return dict(clients.client(side, "mwaa").get_environment(Name=name)["Environment"])
    except Exception as problem:
        if not is_missing(problem):
            raise
        raise WizardError(
            what=_("There is no environment {name} in {region}.").format(
                name=clean(name, limit=80), region=clients.place(side).region
            ),
            code=code_of(problem),
            changed=_("Nothing was changed."),
            remedy=_("Check name, region and profile; page Source lists what is there."),
        ) from problem


@_worded
def name_is_free(clients: Clients, name: str) -> bool:
    """Whether the target's account and region have no environment of that name yet."""
    _check_region(clients, "target")
    try:
        clients.client("target", "mwaa").get_environment(Name=name)
    except Exception as problem:
        if is_missing(problem):
            return True
        raise
    return False


def _services(document: Any) -> set[str]:
    """Service principals a trust policy lets assume the role."""
    found: set[str] = set()
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        service = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow":
            found |= {service} if isinstance(service, str) else set(service)
    return found


@_worded
def execution_roles(clients: Clients) -> list[RoleSummary]:
    """Roles of the target's account that MWAA may assume, by name."""
    found = []
    for role in _pages(clients.client("target", "iam"), "list_roles", "Roles"):
        if str(role.get("Path", "")).startswith("/aws-service-role/"):
            continue  # MWAA's own role of the account: no environment can have it
        services = {name.split(".amazonaws.com")[0] for name in _services(role.get("AssumeRolePolicyDocument"))}
        if services & {"airflow", "airflow-env"}:
            complete = {"airflow", "airflow-env"} <= services
            found.append(RoleSummary(clean(role["RoleName"], limit=64), role["Arn"], complete))
    return sorted(found, key=lambda role: role.name)


@_worded
def subnets(clients: Clients) -> list[SubnetSummary]:
    """Subnets of the target's region, by VPC and zone."""
    found = [
        SubnetSummary(
            id=item["SubnetId"],
            name=_name_tag(item),
            vpc=item["VpcId"],
            zone=item.get("AvailabilityZone", ""),
            cidr=item.get("CidrBlock", ""),
            public=bool(item.get("MapPublicIpOnLaunch")),
        )
        for item in _pages(clients.client("target", "ec2"), "describe_subnets", "Subnets")
    ]
    return sorted(found, key=lambda subnet: (subnet.vpc, subnet.public, subnet.zone, subnet.id))


@_worded
def security_groups(clients: Clients) -> list[SecurityGroupSummary]:
    """Security groups of the target's region, by VPC and name."""
    found = []
    for item in _pages(clients.client("target", "ec2"), "describe_security_groups", "SecurityGroups"):
        inside = any(
            pair.get("GroupId") == item["GroupId"]
            for rule in item.get("IpPermissions", [])
            for pair in rule.get("UserIdGroupPairs", [])
        )
        name = clean(item.get("GroupName", ""), limit=255)
        found.append(SecurityGroupSummary(item["GroupId"], name, item.get("VpcId", ""), inside))
    return sorted(found, key=lambda group: (group.vpc, group.name))


@_worded
def buckets(clients: Clients) -> list[BucketSummary]:
    """Buckets of the target's account, by name (their region is checked when one is chosen)."""
    answer = clients.client("target", "s3").list_buckets()
    return [BucketSummary(item["Name"], item.get("CreationDate")) for item in answer.get("Buckets", [])]


@_worded
def kms_keys(clients: Clients) -> list[KeySummary]:
    """Enabled customer managed single-Region keys of the target's region (MWAA takes no others:
    MWAA user guide, custom-keys-certs). Who may look at one key only gets the others by their names, at the end.
    """
    client = clients.client("target", "kms")
    aliases: dict[str, str] = {}
    for item in _pages(client, "list_aliases", "Aliases"):
        if item.get("TargetKeyId"):
            aliases.setdefault(item["TargetKeyId"], clean(item["AliasName"], limit=256))

    def usable(item: dict[str, str]) -> KeySummary | None:
        key_id = item["KeyId"]
        alias = aliases.get(key_id, "")
        try:
            meta = client.describe_key(KeyId=key_id)["KeyMetadata"]
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            theirs = alias.startswith("alias/aws/") or key_id.startswith("mrk-")
            return None if theirs else KeySummary(key_id, item["KeyArn"], alias, looked_at=False)
        fits = (
            meta.get("KeyManager") == "CUSTOMER"
            and meta.get("KeyState") == "Enabled"
            and not meta.get("MultiRegion")
            and meta.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
        )
        return KeySummary(key_id, meta["Arn"], alias) if fits else None

    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(usable, _pages(client, "list_keys", "Keys")))
    return sorted((key for key in keys if key), key=lambda key: (not key.looked_at, key.alias, key.id))
