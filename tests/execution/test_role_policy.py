"""Our inline policies: pasted by somebody else, in another account, and what was there before."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from mwaa_wizard.aws.factory import Identity
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import policy_documents
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.execution.steps.role_policy import SourcePolicy, TargetPolicy, read, remove
from mwaa_wizard.policies import build, render
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import REGION, Rig, client_error

OTHER = "444455556666"


class _Denied:
    """IAM that lets the caller neither read nor write role policies."""

    def __getattr__(self, name: str) -> Any:
        def refuse(**_arguments: Any) -> None:
            raise client_error("AccessDenied", f"not authorized to perform: {name}")

        return refuse


def test_the_document_is_the_one_that_the_command_prints(rig: Rig) -> None:
    printed = render.to_json(build.for_session(rig.session, "source-role"))
    assert json.loads(policy_documents.for_role(rig.context(), "source-role")) == json.loads(printed)


def test_pasted_by_somebody_who_may(rig: Rig) -> None:
    role = rig.mwaa.environments["old"]["ExecutionRoleArn"].rsplit("/", 1)[1]
    rig.iam.put_role_policy(
        RoleName=role,
        PolicyName=rig.session.policy_name("source"),
        PolicyDocument=policy_documents.for_role(rig.context(), "source-role"),
    )
    assert SourcePolicy().check(rig.context("source-policy")).done
    remove(rig.context("clean-up"), "source")
    assert read(rig.context(), "source") is not None, "what we did not put there is not ours to delete"


def test_pasted_where_we_may_not_even_look(rig: Rig) -> None:
    rig.clients.overrides["source", "iam"] = _Denied()
    steps = [SourcePolicy()]
    first = Runner(rig.session, steps, rig.events.append, rig.clients).run()
    assert first.error is not None
    assert "Paste it" in first.error.remedy
    second = Runner(rig.session, steps, rig.events.append, rig.clients).run()
    assert second.finished, "after the refusal the user was told to paste; the DAG run will tell whether it was done"


def test_our_own_older_document_is_replaced(rig: Rig) -> None:
    SourcePolicy().run(rig.context("source-policy"))
    rig.session.migration_bucket = "another-bucket-since"
    wanted = json.loads(policy_documents.for_role(rig.context(), "source-role"))
    assert not SourcePolicy().check(rig.context("source-policy")).done
    SourcePolicy().run(rig.context("source-policy"))
    assert read(rig.context(), "source") == wanted
    assert len(rig.context().journal.live("inline-policy")) == 1
    remove(rig.context("clean-up"), "source")
    assert read(rig.context(), "source") is None


@pytest.fixture
def two_accounts(rig: Rig, endpoint: SandboxAws) -> str:
    """The target's side is another account, with a role of its own; its ARN."""
    role = rig.mwaa.environments["old"]["ExecutionRoleArn"]
    key, secret = endpoint.root_credentials_for(OTHER)
    theirs = boto3.client(
        "iam", endpoint_url=endpoint.endpoint_url, region_name=REGION, aws_access_key_id=key,
        aws_secret_access_key=secret,
    )  # fmt: skip
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    foreign = str(
        theirs.create_role(RoleName=role.rsplit("/", 1)[1], AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    )
    rig.clients.overrides["target", "iam"] = theirs
    rig.session.target.create_role = False
    rig.session.target.settings = {"ExecutionRoleArn": foreign}
    rig.clients._identities["target"] = Identity(OTHER, f"arn:aws:iam::{OTHER}:user/me", "aws", REGION)
    return foreign


def test_the_other_accounts_role_is_let_into_the_bucket(rig: Rig, two_accounts: str) -> None:
    MigrationBucket().run(rig.context("migration-bucket"))
    before = rig.s3.get_bucket_policy(Bucket=rig.session.migration_bucket)["Policy"]
    assert two_accounts not in before, "S3 refuses a role that does not exist yet"
    TargetPolicy().run(rig.context("target-policy"))
    after = json.loads(rig.s3.get_bucket_policy(Bucket=rig.session.migration_bucket)["Policy"])
    named = [s["Principal"]["AWS"] for s in after["Statement"] if isinstance(s["Principal"], dict)]
    assert set(named) == {two_accounts}
    assert any(s["Effect"] == "Deny" for s in after["Statement"]), "TLS only stays"


def test_a_policy_pasted_in_advance_does_not_leave_the_bucket_closed(rig: Rig, two_accounts: str) -> None:
    MigrationBucket().run(rig.context("migration-bucket"))
    role, policy = two_accounts.rsplit("/", 1)[1], rig.session.policy_name("target")
    wanted = policy_documents.for_role(rig.context(), "target-role")
    iam = rig.clients.client("target", "iam")
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=wanted)
    context, step = rig.context("target-policy"), TargetPolicy()
    found = step.check(context)
    assert not found.done
    assert "bucket" in found.detail
    step.run(context)
    assert two_accounts in rig.s3.get_bucket_policy(Bucket=rig.session.migration_bucket)["Policy"]
    assert step.check(context).done
    remove(rig.context("clean-up"), "target")
    assert read(rig.context(), "target") is not None, "what we did not put there is not ours to delete"


def test_a_kept_bundle_is_closed_to_the_other_account(rig: Rig, two_accounts: str) -> None:
    MigrationBucket().run(rig.context("migration-bucket"))
    TargetPolicy().run(rig.context("target-policy"))
    policy_documents.close_bucket_to_roles(rig.context("clean-up"))
    policy = rig.s3.get_bucket_policy(Bucket=rig.session.migration_bucket)["Policy"]
    assert two_accounts not in policy
    assert "aws:SecureTransport" in policy
    rig.s3.delete_bucket(Bucket=rig.session.migration_bucket)
    policy_documents.close_bucket_to_roles(rig.context("clean-up"))


def test_s3_is_asked_again_until_it_knows_a_new_role(
    rig: Rig, two_accounts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket policy that names a role which IAM has not told S3 of yet is refused as malformed."""
    MigrationBucket().run(rig.context("migration-bucket"))
    real, tries = rig.s3.put_bucket_policy, list[str]()

    def late(**request: Any) -> Any:
        tries.append(request["Policy"])
        if len(tries) < 3:
            raise client_error("MalformedPolicy", "Invalid principal in policy")
        return real(**request)

    made = rig.context("target-policy")
    monkeypatch.setattr(rig.s3, "put_bucket_policy", late)
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: None)
    policy_documents.open_bucket_to_roles(made)
    assert len(tries) == 3
    assert policy_documents.bucket_is_open_to_roles(made)


def test_a_bucket_policy_that_lost_the_role_is_put_again(rig: Rig, two_accounts: str) -> None:
    MigrationBucket().run(rig.context("migration-bucket"))
    step = TargetPolicy()
    step.run(rig.context("target-policy"))
    assert step.check(rig.context("target-policy")).done
    rig.s3.delete_bucket_policy(Bucket=rig.session.migration_bucket)
    assert not step.check(rig.context("target-policy")).done
    step.run(rig.context("target-policy"))
    assert step.check(rig.context("target-policy")).done


def test_a_document_iam_would_not_take_is_not_sent(rig: Rig) -> None:
    rig.session.migration_bucket = "not a bucket name"
    with pytest.raises(WizardError, match="would not be taken"):
        policy_documents.for_role(rig.context(), "source-role")
