"""The documents: complete, small, nothing broader than needed, right in every partition."""

from __future__ import annotations

import fnmatch
import json
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle, dagfile
from mwaa_wizard.policies import Facts, Policy, bundle_keys, documents, render
from mwaa_wizard.policies.facts import LOG_MODULES
from mwaa_wizard.session.model import Session

HERE, THERE = "111122223333", "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{THERE}:key/1b2c3d4e-1111-2222-3333-444455556666"
DAG_BUCKET = "arn:aws:s3:::new-dags"


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {
        "source_account": HERE, "source_region": "us-east-1", "target_account": THERE, "target_region": "eu-west-1",
        "source_role_arn": f"arn:aws:iam::{HERE}:role/old", "target_role_arn": f"arn:aws:iam::{THERE}:role/new",
        "source_env": "old", "target_env": "new",
    }  # fmt: skip
    return Facts(**{**known, **changes})


def session() -> Session:
    made = Session()
    made.source.environment, made.target.environment = "old", "new"
    return made


def every(made: Session, known: Facts) -> list[Policy]:
    return [
        documents.source_role(made, known),
        documents.target_role(made, known),
        documents.execution_role_trust(made, known),
        documents.execution_role_base(made, known, bucket_arn=f"arn:{known.partition}:s3:::new-dags"),
        documents.migration_bucket_policy(made, known),
        documents.migration_bucket_policy(made, known, owner="target"),
    ]


VARIANTS = [facts(), facts(environment_kms_key_arn=KEY), facts(target_account=HERE)]


@pytest.mark.parametrize("known", VARIANTS)
def test_every_document_is_what_iam_takes(known: Facts) -> None:
    made = session()
    made.target.environment = "n" * 80
    for policy in every(made, known):
        assert render.check_policy(policy) == []
        sids = [statement["Sid"] for statement in policy.document["Statement"]]
        assert set(policy.why) == set(sids)
        assert all(policy.why.values())
        assert json.loads(render.to_json(policy)) == policy.document
        assert not any(reason in render.to_json(policy) for reason in policy.why.values())


def test_the_partition_is_in_every_arn() -> None:
    key = KEY.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1")
    known = facts(
        partition="aws-cn", target_region="cn-north-1", source_region="cn-north-1", source_role_arn="",
        target_role_arn="", environment_kms_key_arn=key,
    )  # fmt: skip
    for policy in every(session(), known):
        text = render.to_json(policy)
        assert "arn:aws:" not in text
        assert "arn:aws-cn:" in text
    base = documents.execution_role_base(session(), known, bucket_arn="arn:aws-cn:s3:::new-dags")
    assert "s3.cn-north-1.amazonaws.com.cn" in render.to_json(base)


def _granted(policy: Policy) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in policy.document["Statement"]:
        resources = statement["Resource"]
        for action in statement["Action"]:
            found.setdefault(action, set()).update([resources] if isinstance(resources, str) else resources)
    return found


@pytest.mark.parametrize("which", ["source", "target"])
def test_the_roles_get_just_the_actions_the_dag_files_use(which: str) -> None:
    made = session()
    policy = documents.source_role(made, facts()) if which == "source" else documents.target_role(made, facts())
    dags = dagfile.DAG_IDS_SOURCE if which == "source" else dagfile.DAG_IDS_TARGET
    needed = {action for dag_id in dags for action in dagfile.S3_ACTIONS[dag_id]}
    granted = _granted(policy)
    assert needed <= set(granted) <= needed | {"s3:AbortMultipartUpload"}
    bucket = f"arn:aws:s3:::{made.migration_bucket}"
    assert granted["s3:ListBucket"] == {bucket}
    objects = granted["s3:GetObject"] | granted["s3:PutObject"]
    assert all(arn.startswith(f"{bucket}/") and arn != f"{bucket}/*" for arn in objects)


def test_the_target_can_overwrite_nothing_of_the_export() -> None:
    writes = set(bundle_keys.target_writes())
    assert not writes & {bundle.MANIFEST, bundle.INVENTORY, bundle.PAUSED, "tables/*", "sealed/*", "requests/*"}


def test_sealed_objects_are_granted_only_when_secrets_move() -> None:
    made = session()
    made.tables.selected = ["dag_run"]
    for policy in (documents.source_role(made, facts()), documents.target_role(made, facts())):
        assert "/sealed/" not in render.to_json(policy)
    made.tables.selected = ["dag_run", "connection"]
    for policy in (documents.source_role(made, facts()), documents.target_role(made, facts())):
        assert "/sealed/" in render.to_json(policy)


def test_the_target_role_gets_no_rights_on_logs() -> None:
    assert "logs:" not in render.to_json(documents.target_role(session(), facts()))


def test_the_trust_policy_names_both_services_and_this_environment_only() -> None:
    statement = documents.execution_role_trust(session(), facts()).document["Statement"][0]
    assert statement["Principal"] == {"Service": ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": THERE}
    arn = f"arn:aws:airflow:eu-west-1:{THERE}:environment/new"
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": arn}


def test_the_base_policy_with_either_kind_of_key() -> None:
    own = documents.execution_role_base(session(), facts(), bucket_arn=DAG_BUCKET).document["Statement"][-1]
    assert own["NotResource"] == f"arn:aws:kms:*:{THERE}:key/*"
    assert own["Condition"] == {"StringLike": {"kms:ViaService": ["sqs.eu-west-1.amazonaws.com"]}}
    known = facts(environment_kms_key_arn=KEY)
    cmk = documents.execution_role_base(session(), known, bucket_arn=DAG_BUCKET).document["Statement"][-1]
    assert cmk["Resource"] == KEY
    assert cmk["Condition"]["StringEquals"]["kms:ViaService"] == [
        "sqs.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"
    ]  # fmt: skip


def test_own_log_groups_are_not_those_of_an_environment_with_a_longer_name() -> None:
    """`airflow-new-*` would also be the groups of an environment called new-2."""
    base = documents.execution_role_base(session(), facts(), bucket_arn=DAG_BUCKET).document
    (own,) = [one["Resource"] for one in base["Statement"] if one["Sid"] == "WriteOwnLogs"]
    place = f"arn:aws:logs:eu-west-1:{THERE}:log-group:"
    assert sorted(own) == [f"{place}airflow-new-{kind}:*" for kind in LOG_MODULES]
    for other in ("airflow-new2-Task", "airflow-new-2-Task", "airflow-new-Task2"):
        assert not any(fnmatch.fnmatchcase(f"{place}{other}:log-stream:x", arn) for arn in own), other
    assert any(fnmatch.fnmatchcase(f"{place}airflow-new-Task:log-stream:dag_id=d/attempt=1.log", arn) for arn in own)


def test_the_bucket_names_the_foreign_role_once_it_is_there() -> None:
    def sids(known: Facts, owner: Any = "source") -> list[str]:
        document = documents.migration_bucket_policy(session(), known, owner=owner).document
        return [statement["Sid"] for statement in document["Statement"]]

    foreign = ["ForeignRoleLists", "ForeignRoleReads", "ForeignRoleWrites"]
    assert sids(facts()) == ["DenyInsecureTransport", *foreign]
    assert sids(facts(target_role_arn="")) == ["DenyInsecureTransport"]
    assert sids(facts(source_role_arn=""), "target") == ["DenyInsecureTransport"]
    assert sids(facts(target_account=HERE)) == ["DenyInsecureTransport"]


def test_missing_facts_are_said_not_sent() -> None:
    found = render.check(documents.execution_role_trust(session(), facts(target_account="")).document)
    assert found
    base = documents.execution_role_base(session(), facts(target_region=""), bucket_arn=DAG_BUCKET)
    assert any("region or account" in text for text in render.check(base.document))


GOOD: dict[str, Any] = {"Sid": "A1", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"Sid": "a-b"}, "letters and digits"),
        ({"Effect": "allow"}, "Allow or Deny"),
        ({"Action": "GetObject"}, "not an action"),
        ({"Action": None}, "either Action"),
        ({"NotAction": "s3:*"}, "either Action"),
        ({"Resource": None}, "needs a Resource"),
        ({"Resource": "bucket"}, "not an ARN"),
        ({"Resource": "arn:aws:logs::1:log-group:x"}, "region or account"),
        ({"Why": "x"}, "not an element"),
        ({"Condition": {"StringIs": {"aws:x": "y"}}}, "not a condition operator"),
        ({"Condition": {"StringEquals": {"x": "y"}}}, "not a condition key"),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": ""}}}, "no complete value"),
        ({"Condition": []}, "must be an object"),
    ],
)
def test_grammar_problems_are_found(change: dict[str, Any], word: str) -> None:
    statement = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    assert render.check({"Version": "2012-10-17", "Statement": [GOOD]}) == []
    found = render.check({"Version": "2012-10-17", "Statement": [statement]})
    assert word in " ".join(found)


def test_grammar_of_the_whole_document() -> None:
    assert render.check({"Version": "2008-10-17", "Statement": [GOOD]})
    assert render.check({"Version": "2012-10-17", "Statement": []})
    assert "twice" in render.check({"Version": "2012-10-17", "Statement": [GOOD, GOOD]})[0]
    assert render.check({"Version": "2012-10-17", "Statement": [{**GOOD, "Resource": "arn:aws:s3:::データ"}]})
    assert render.check({"Version": "2012-10-17", "Statement": [GOOD], "Comment": "x"})


def test_a_document_over_the_limit_is_said() -> None:
    made = documents.source_role(session(), facts())
    made.document["Statement"][0]["Resource"] = ["arn:aws:s3:::" + "x" * 50] * 200
    assert any("10240" in text for text in render.check_policy(made))


def test_every_key_of_the_bundle_can_be_written_by_its_side_and_read_by_who_needs_it() -> None:
    made = session()

    def covered(keys: list[str], key: str) -> bool:
        return any(fnmatch.fnmatchcase(key, pattern) for pattern in keys)

    sealed, part, request = bundle.sealed_key("variable"), bundle.part_key("xcom", 0), bundle.request_key("mwz_key")
    for key in (bundle.INVENTORY, bundle.MANIFEST, bundle.PAUSED, bundle.progress_key("mwz_export"), part, sealed):
        assert covered(bundle_keys.source_writes(made), key), key
    for key in (request, bundle.PUBLIC_KEY, bundle.PAUSED):
        assert covered(bundle_keys.source_reads(), key), key
    for key in (bundle.PUBLIC_KEY, bundle.progress_key("mwz_key"), bundle.IMPORT_RESULT, bundle.VERIFY_RESULT,
                bundle.rejected_key("xcom")):  # fmt: skip
        assert covered(bundle_keys.target_writes(), key), key
    for key in (request, bundle.MANIFEST, part, sealed, bundle.IMPORT_RESULT, bundle.rejected_key("xcom")):
        assert covered(bundle_keys.target_reads(made), key), key
