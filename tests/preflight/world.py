"""A source environment with everything around it as MWAA wants it, so that one thing at a time can be made wrong."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.execution.names import role_name_of
from mwaa_wizard.preflight.finding import Check, Finding
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.mwaa.names import MODULES, environment_arn
from mwaa_wizard.sandbox.mwaa.role import SERVICES
from tests.execution.fakes import ACCOUNT, REGION, Rig

OLD = environment_arn(ACCOUNT, REGION, "old")
NEW = environment_arn(ACCOUNT, REGION, "new")


def trust(*arns: str, services: tuple[str, ...] = SERVICES) -> dict[str, Any]:
    """A trust policy for MWAA, limited to these environments."""
    principal = {"Service": list(services)}
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if arns:
        statement["Condition"] = {"ArnLike": {"aws:SourceArn": list(arns)}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def furnish(rig: Rig) -> None:
    """Network, trust, policy and log group of the rig's source environment `old`."""
    old = rig.mwaa.environments["old"]
    subnets, group = provision.make_network(rig.clients.client("target", "ec2"), "old")
    old["NetworkConfiguration"] = {"SubnetIds": list(subnets), "SecurityGroupIds": [group]}
    old["LoggingConfiguration"] = {module: {"Enabled": True, "LogLevel": "INFO"} for module in MODULES}
    old["WebserverAccessMode"] = "PUBLIC_ONLY"
    set_trust(rig, trust())
    allow(rig, provision.base_policy("old", ACCOUNT, REGION, rig.source_bucket))
    make_group(rig, "airflow-old-Task")


def make_group(rig: Rig, name: str) -> None:
    """A log group; one that is there stays."""
    logs = rig.clients.client("source", "logs")
    if name not in [group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]]:
        logs.create_log_group(logGroupName=name)


def role(rig: Rig) -> str:
    """Name of the source's execution role."""
    return role_name_of(rig.mwaa.environments["old"]["ExecutionRoleArn"])


def set_trust(rig: Rig, document: dict[str, Any]) -> None:
    rig.iam.update_assume_role_policy(RoleName=role(rig), PolicyDocument=json.dumps(document))


def allow(rig: Rig, document: dict[str, Any]) -> None:
    rig.iam.put_role_policy(RoleName=role(rig), PolicyName="base", PolicyDocument=json.dumps(document))


def keep_role_and_bucket(rig: Rig) -> None:
    """The target takes the source's role and bucket instead of new ones."""
    rig.session.target.create_role = rig.session.target.create_bucket = False


def tell(rig: Rig, check: Check) -> list[Finding]:
    """What one check says now."""
    return list(check(rig.context("preflight")))


def one(rig: Rig, check: Check, verdict: str) -> Finding:
    """The only finding of a check, which has this verdict and, unless it passes, says how to mend it."""
    told = tell(rig, check)
    assert [finding.verdict for finding in told] == [verdict], told
    assert told[0].evidence
    assert bool(told[0].remedy) == (verdict != "pass")
    return told[0]


def network_of(rig: Rig) -> tuple[list[str], str, str]:
    """Subnet ids, the security group's id and the VPC's id."""
    net = rig.mwaa.environments["old"]["NetworkConfiguration"]
    rows = rig.clients.client("target", "ec2").describe_subnets(SubnetIds=net["SubnetIds"])["Subnets"]
    return list(net["SubnetIds"]), net["SecurityGroupIds"][0], rows[0]["VpcId"]
