"""A run goes on with what a template made: by its tag, without making anything twice."""

from __future__ import annotations

import json

from mwaa_wizard.execution import names, preflight
from mwaa_wizard.execution.steps.create_target import CreateTarget
from mwaa_wizard.execution.steps.execution_role import BASE_POLICY, ExecutionRole
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.templates.blueprint import blueprint
from mwaa_wizard.templates.cloudformation import to_cloudformation
from tests.execution.conftest import endpoint, make_client, rig
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight.world import furnish
from tests.templates.stack import Stack, read

__all__ = ["endpoint", "make_client", "rig"]


def deploy(rig: Rig) -> None:
    """What CloudFormation would do with the template, by the calls it would make."""
    plan = blueprint(rig.session, rig.mwaa.environments["old"])
    template = read(to_cloudformation(plan))
    bucket = names.target_bucket(rig.session)
    stack = Stack(
        template, {"FilesUploaded": "yes"},
        {"DagBucket.Arn": f"arn:aws:s3:::{bucket}",
         "ExecutionRole.Arn": f"arn:aws:iam::{ACCOUNT}:role/{names.target_role(rig.session)}"},
    )  # fmt: skip
    stack.values |= {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "DagBucket": bucket}
    made = {name: stack.resolve(item["Properties"]) for name, item in template["Resources"].items()}
    role, dags = made["ExecutionRole"], made["DagBucket"]
    rig.iam.create_role(
        RoleName=role["RoleName"], AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
        Tags=role["Tags"],
    )  # fmt: skip
    for policy in role["Policies"]:
        document = json.dumps(policy["PolicyDocument"])
        rig.iam.put_role_policy(RoleName=role["RoleName"], PolicyName=policy["PolicyName"], PolicyDocument=document)
    rig.s3.create_bucket(Bucket=dags["BucketName"])
    rig.s3.put_bucket_tagging(Bucket=dags["BucketName"], Tagging={"TagSet": dags["Tags"]})
    rig.s3.put_bucket_versioning(Bucket=dags["BucketName"], VersioningConfiguration=dags["VersioningConfiguration"])
    rig.s3.put_public_access_block(
        Bucket=dags["BucketName"], PublicAccessBlockConfiguration=dags["PublicAccessBlockConfiguration"]
    )
    rig.s3.put_bucket_policy(
        Bucket=dags["BucketName"], Policy=json.dumps(made["DagBucketPolicy"]["PolicyDocument"])
    )  # fmt: skip
    rig.mwaa.create_environment(**made["Environment"])


def test_a_run_goes_on_with_what_a_template_made(rig: Rig) -> None:
    furnish(rig)
    deploy(rig)
    role = names.target_role(rig.session)
    base = rig.iam.get_role_policy(RoleName=role, PolicyName=BASE_POLICY)["PolicyDocument"]
    failed = [f for f in preflight.findings(rig.context("preflight")) if f.verdict == "fail"]
    assert failed == []
    for step in (ExecutionRole(), Resources(), CreateTarget()):
        step.run(rig.context(step.id))
        step.verify(rig.context(step.id))
    assert len(rig.mwaa.created) == 1  # the stack's own
    assert rig.iam.get_role_policy(RoleName=role, PolicyName=BASE_POLICY)["PolicyDocument"] == base
    made = {(record["kind"], record["name"]) for record in rig.context().journal.records() if record["event"] == "made"}
    assert made >= {("role", role), ("bucket", names.target_bucket(rig.session)), ("environment", "new")}
