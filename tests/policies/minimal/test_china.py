"""In partition aws-cn its own names are needed: with those of `aws` what was recorded there is refused."""

from __future__ import annotations

import json

import pytest

from tests.policies.minimal import record, replay

RUNS = [one for one in record.recorded() if one.facts.partition == "aws-cn"]


def _refused(one: record.Record, old: str, new: str) -> set[str]:
    """Whose calls are refused with documents that say `new` in place of `old`."""
    less = json.loads(json.dumps(one.documents).replace(old, new))
    return {one.label(row) for row in one.rows if not replay.decide(one, row, less).allowed}


def test_both_kinds_of_route_ran_there() -> None:
    assert {one.session.route for one in RUNS} == {"new-environment", "settings-only"}


@pytest.mark.parametrize("one", RUNS, ids=lambda one: one.name)
def test_every_document_needs_the_partition_s_arns(one: record.Record) -> None:
    assert _refused(one, "arn:aws-cn:", "arn:aws:") == {one.label(row) for row in one.rows}


def test_keys_are_used_through_services_by_their_names_there() -> None:
    one = next(one for one in RUNS if one.facts.environment_kms_key_arn)
    assert _refused(one, ".amazonaws.com.cn", ".amazonaws.com") == {"kms-key", "execution-role+secrets+target-role"}
