"""What other runs ask for is compared with the records: by the wizard's own name, and of roles on the bucket alone."""

from __future__ import annotations

import pytest

from tests.policies.minimal import fresh
from tests.policies.minimal.record import Row

BUCKET = "arn:aws:s3:::mwaa-migration-1/tables/log/0000.csv.gz"


def row(action: str, resource: str = "*", *, ours: bool = True, kind: str = "user", allowed: bool = True) -> Row:
    return {"action": action, "resource": resource, "ours": ours, "kind": kind, "allowed": allowed}


@pytest.mark.parametrize("known", [
    row("airflow:GetEnvironment"),
    row("kms:ListGrants"),  # marked: no record has it
    row("s3:PutBucketAcl", ours=False),  # a test's own client
    row("s3:PutBucketAcl", allowed=False),
    row("s3:PutObject", BUCKET, ours=False, kind="assumed-role"),
    row("s3:PutBucketAcl", "arn:aws:s3:::other", ours=False, kind="assumed-role"),
], ids=lambda known: f"{known['action']} {known['resource'][-8:]} {known['kind']}")  # fmt: skip
def test_nothing_is_said_of_what_is_known_or_not_the_wizard_s(known: Row) -> None:
    assert fresh.unknown([known]) == []


def test_an_action_that_no_record_has_is_named() -> None:
    found = fresh.unknown([row("s3:PutBucketAcl"), row("s3:DeleteObject", BUCKET, ours=False, kind="assumed-role")])
    assert found == ["operator: s3:PutBucketAcl", "role: s3:DeleteObject"]
