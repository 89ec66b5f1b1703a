"""The steps that make AWS things, on real S3 and IAM: made right, found again, foreign ones refused, undone."""

from __future__ import annotations

import json

import pytest

from mwaa_wizard.entries.backend import SECRETS_MANAGER
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps.execution_role import ExecutionRole
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.execution.steps.role_policy import SourcePolicy, read
from mwaa_wizard.resources import bucket as buckets
from tests.execution.fakes import Rig, client_error


def run(rig: Rig, *steps: Step) -> None:
    outcome = Runner(rig.session, steps, rig.events.append, rig.clients).run()
    assert outcome.finished, outcome.error and outcome.error.lines()


def undo(rig: Rig, *steps: Step) -> None:
    outcome = Runner(rig.session, steps, rig.events.append, rig.clients).undo()
    assert outcome.finished, outcome.error and outcome.error.lines()


def test_migration_bucket_is_closed_encrypted_and_expires(rig: Rig) -> None:
    run(rig, MigrationBucket())
    name = rig.session.migration_bucket
    assert buckets.blocks_public_access(rig.s3, name)
    rules = rig.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    policy = json.loads(rig.s3.get_bucket_policy(Bucket=name)["Policy"])
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    lifecycle = rig.s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
    assert lifecycle["Expiration"]["Days"] == 30
    assert rig.s3.get_bucket_tagging(Bucket=name)["TagSet"] == names.tag_list(rig.session)


def test_migration_bucket_after_a_kill_goes_on_with_ours(rig: Rig) -> None:
    name = rig.session.migration_bucket
    rig.s3.create_bucket(Bucket=name)  # made, and killed before the answer: only the name is in the journal
    rig.context("migration-bucket").made("bucket", name)
    run(rig, MigrationBucket())
    assert buckets.blocks_public_access(rig.s3, name)
    assert MigrationBucket().check(rig.context()).done


def test_migration_bucket_of_somebody_else_is_refused_and_left(rig: Rig) -> None:
    name = rig.session.migration_bucket
    rig.s3.create_bucket(Bucket=name)
    outcome = Runner(rig.session, [MigrationBucket()], rig.events.append, rig.clients).run()
    assert outcome.error is not None
    assert "taken" in outcome.error.what
    undo(rig, MigrationBucket())
    assert buckets.exists(rig.s3, name)


def test_undo_deletes_the_bucket_with_everything(rig: Rig) -> None:
    run(rig, MigrationBucket())
    rig.put("inventory.json", {})
    undo(rig, MigrationBucket())
    assert not buckets.exists(rig.s3, rig.session.migration_bucket)
    assert not MigrationBucket().check(rig.context()).done


def test_execution_role_and_undo(rig: Rig) -> None:
    run(rig, ExecutionRole())
    name = names.target_role(rig.session)
    role = rig.iam.get_role(RoleName=name)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    assert rig.iam.list_role_policies(RoleName=name)["PolicyNames"] == ["mwaa-execution"]
    run(rig, ExecutionRole())  # a second run finds it
    undo(rig, ExecutionRole())
    with pytest.raises(rig.iam.exceptions.NoSuchEntityException):
        rig.iam.get_role(RoleName=name)


PARAMETER_STORE = "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend"


@pytest.mark.parametrize(
    ("route", "options", "reads"),
    [
        ("new-environment", {"secrets.backend": SECRETS_MANAGER}, ["airflow/connections/*", "airflow/variables/*"]),
        ("bridge", {"secrets.backend": PARAMETER_STORE}, ["airflow/connections/*", "airflow/variables/*"]),
        ("new-environment", {"core.parallelism": "40"}, []),
        ("settings-only", {"secrets.backend": SECRETS_MANAGER}, []),  # has a step for it
    ],
)
def test_the_role_that_is_made_reads_the_backend_that_the_options_name(
    rig: Rig, route: str, options: dict[str, str], reads: list[str]
) -> None:
    rig.session.route = route  # type: ignore[assignment]
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = options
    run(rig, ExecutionRole())
    name, policy = names.target_role(rig.session), rig.session.policy_name("secrets")
    found = rig.iam.list_role_policies(RoleName=name)["PolicyNames"]
    assert sorted(found) == sorted(["mwaa-execution", *([policy] if reads else [])])
    if reads:
        document = rig.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        below = [arn.split(":", 5)[5] for arn in document["Statement"][0]["Resource"]]
        assert sorted(one.removeprefix("secret:").removeprefix("parameter/") for one in below) == reads
    undo(rig, ExecutionRole())
    with pytest.raises(rig.iam.exceptions.NoSuchEntityException):
        rig.iam.get_role(RoleName=name)


def test_execution_role_of_somebody_else_is_refused(rig: Rig) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    rig.iam.create_role(RoleName=names.target_role(rig.session), AssumeRolePolicyDocument=json.dumps(trust))
    with pytest.raises(WizardError, match="did not make"):
        ExecutionRole().run(rig.context("execution-role"))


def test_resources_copy_dags_and_the_pinned_version(rig: Rig) -> None:
    rig.s3.put_object(Bucket=rig.source_bucket, Key="dags/mwz_export.py", Body=b"ours")
    run(rig, Resources())
    bucket = names.target_bucket(rig.session)
    keys = {entry["Key"] for entry in rig.s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert keys == {"dags/a.py", "dags/lib/b.py", "requirements.txt"}
    assert rig.s3.get_object(Bucket=bucket, Key="requirements.txt")["Body"].read() == b"requirements.txt"
    assert buckets.is_versioned(rig.s3, bucket)
    measured = rig.context().journal.of_step("resources", "measured")[-1]
    there = rig.s3.head_object(Bucket=bucket, Key="requirements.txt")["VersionId"]
    assert measured["versions"] == {"RequirementsS3ObjectVersion": there}


def test_resources_twice_copies_nothing_and_undo_removes_the_bucket(rig: Rig) -> None:
    run(rig, Resources())
    before = len(list(buckets.versions(rig.s3, names.target_bucket(rig.session))))
    Resources().run(rig.context("resources"))
    assert len(list(buckets.versions(rig.s3, names.target_bucket(rig.session)))) == before
    undo(rig, Resources())
    assert not buckets.exists(rig.s3, names.target_bucket(rig.session))


def test_resources_into_a_chosen_bucket_undo_removes_only_our_versions(rig: Rig) -> None:
    bucket = f"chosen-{rig.source_bucket}"
    rig.s3.create_bucket(Bucket=bucket)
    rig.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rig.s3.put_object(Bucket=bucket, Key="dags/a.py", Body=b"theirs")
    rig.session.target.create_bucket = False
    rig.session.target.settings = {"SourceBucketArn": f"arn:aws:s3:::{bucket}"}
    run(rig, Resources())
    assert rig.s3.get_object(Bucket=bucket, Key="dags/a.py")["Body"].read() == b"dags/a.py"
    undo(rig, Resources())
    assert rig.s3.get_object(Bucket=bucket, Key="dags/a.py")["Body"].read() == b"theirs"
    assert "Contents" in rig.s3.list_objects_v2(Bucket=bucket)
    assert [e["Key"] for e in rig.s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["dags/a.py"]


def test_source_policy_is_put_on_a_role_with_a_path_and_taken_off(rig: Rig) -> None:
    run(rig, MigrationBucket(), SourcePolicy())
    assert read(rig.context(), "source") is not None
    assert SourcePolicy().check(rig.context()).done
    undo(rig, SourcePolicy())
    assert read(rig.context(), "source") is None
    assert rig.context().journal.live("inline-policy") == []


def test_refused_policy_says_what_to_paste_and_journals_nothing_live(rig: Rig) -> None:
    real = rig.iam

    class Refusing:
        def __getattr__(self, name: str) -> object:
            if name == "put_role_policy":

                def refuse(**_arguments: object) -> None:
                    raise client_error("AccessDenied", "not authorized to perform: iam:PutRolePolicy")

                return refuse
            return getattr(real, name)

    rig.clients.overrides["source", "iam"] = Refusing()
    outcome = Runner(rig.session, [SourcePolicy()], rig.events.append, rig.clients).run()
    assert outcome.error is not None
    assert f"mwaa-wizard policy {rig.session.id} --for source-role" in outcome.error.remedy
    assert outcome.error.request_id == "r-1"
    assert rig.context().journal.live("inline-policy") == []
