"""The proof itself can fail: with a made-up run it finds what is missing, what is idle, and what is needed."""

from __future__ import annotations

import dataclasses

import pytest

from tests.policies import combos
from tests.policies.minimal import proof, recorder
from tests.policies.minimal.cuts import Part
from tests.policies.minimal.record import Record, Row

OPERATOR = f"arn:aws:iam::{combos.HERE}:role/least-source"
TARGET = f"arn:aws:iam::{combos.THERE}:role/mwaa-new-0a1b2c3d"
BUCKET = "arn:aws:s3:::mwaa-migration-6d0c1f3e-0000-4000-8000-1234567890ab"


def row(principal: str, action: str, resource: str, owner: str = combos.HERE, **more: object) -> Row:
    context = {key.replace("_", ":"): value for key, value in more.items()}
    return {
        "principal": principal, "kind": "assumed-role", "account": principal.split(":")[4], "action": action,
        "resource": resource, "context": context, "owner": owner, "must_allow": False, "policy": None,
    }  # fmt: skip


def made_up(*rows: Row) -> Record:
    made = combos.combo(far=True)
    facts = dataclasses.replace(made.facts, target_role_arn=TARGET)
    return Record("made-up", made.session, facts, made.environment, {OPERATOR: ("operator-source",)}, {}, list(rows))


def test_a_call_that_nothing_allows_is_found() -> None:
    good = row(OPERATOR, "s3:PutObject", f"{BUCKET}/requests/a.json")
    bad = row(OPERATOR, "s3:PutObject", "arn:aws:s3:::elsewhere/a")
    assert proof.refused(made_up(good, bad)) == [bad]


def test_an_action_and_a_resource_are_needed_by_the_call_that_uses_them() -> None:
    found = proof.prove(made_up(row(OPERATOR, "s3:PutObject", f"{BUCKET}/requests/a.json")))
    of = [part for part in found.needed if part.piece == "operator-source"]
    assert of == [
        Part("operator-source", "MigrationObjects", "Action", "s3:PutObject"),
        Part("operator-source", "MigrationObjects", "Resource", "arn:s3:::{migration-bucket}/*"),
    ]
    assert Part("operator-source", "MigrationObjects", "Action", "s3:GetObject") in found.idle
    assert Part("operator-target", "PassRole", "Action", "iam:PassRole") in found.idle


def test_the_bucket_denies_without_tls_only_and_both_its_resources_count() -> None:
    rows = [row(OPERATOR, "s3:PutObject", f"{BUCKET}/requests/a.json"), row(OPERATOR, "s3:ListBucketVersions", BUCKET)]
    needed = proof.prove(made_up(*rows)).needed
    assert {part.element for part in needed if part.sid == "DenyInsecureTransport"} == {
        "Action", "Resource", "Condition"
    }  # fmt: skip
    assert Part("bucket", "DenyInsecureTransport", "Resource", "arn:s3:::{migration-bucket}") in needed
    assert Part("bucket", "DenyInsecureTransport", "Resource", "arn:s3:::{migration-bucket}/*") in needed


def test_a_foreign_role_needs_its_own_policy_and_the_bucket_s() -> None:
    needed = proof.prove(made_up(row(TARGET, "s3:GetObject", f"{BUCKET}/manifest.json"))).needed
    parts = {(part.piece, part.sid, part.element) for part in needed}
    assert {("target-role", "ReadBundle", "Resource"), ("bucket", "ForeignRoleReads", "Resource")} <= parts
    assert ("bucket", "ForeignRoleReads", "Principal") in parts
    assert ("bucket", "ForeignRoleWrites", "Action") not in parts


@pytest.mark.parametrize(("prefix", "idle"), [("team/dags/mwz_inventory.py", False), ("", True)])
def test_a_condition_counts_where_another_value_is_refused(prefix: str, idle: bool) -> None:
    call = row(OPERATOR, "s3:ListBucketVersions", "arn:aws:s3:::old-dags", s3_prefix=prefix)
    part = Part("operator-source", "FindDagFiles", "Condition", "StringLike s3:prefix")
    assert (part in proof.prove(made_up(call)).idle) is idle


def test_the_logs_alone_are_shown_by_the_whole_s_calls() -> None:
    group = f"arn:aws:logs:us-east-1:{combos.HERE}:log-group:airflow-old-Task:log-stream:a"
    needed = proof.prove(made_up(row(OPERATOR, "logs:GetLogEvents", group))).needed
    assert Part("log-export-source", "ReadTaskLogs", "Action", "logs:GetLogEvents") in needed
    assert Part("log-export-source", "ReadTaskLogs", "Action", "logs:DescribeLogStreams") not in needed


def test_what_an_airflow_asks_by_itself_may_be_in_any_record_and_an_operator_s_call_only_in_its_own() -> None:
    written = row(OPERATOR, "s3:PutObject", f"{BUCKET}/requests/a.json")
    read, listed = row(TARGET, "s3:GetObject", f"{BUCKET}/manifest.json"), row(TARGET, "s3:ListBucket", BUCKET)
    own, other = made_up(), made_up(written, listed)
    role = "execution-role+target-role+secrets"
    assert recorder.unknown(made_up(written, read, listed), [own, other]) == [
        (role, "s3:GetObject"), ("operator-source", "s3:PutObject")
    ]  # fmt: skip
    assert recorder.unknown(made_up(written, listed), [other]) == []
