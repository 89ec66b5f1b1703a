"""The document beside what is there: what a reader of the comparison may rely on."""

from __future__ import annotations

import copy

from mwaa_wizard.policies import compare

from .combos import combo

POLICY = combo().found.pieces()["source-role"].policy


def test_nothing_there_is_all_new() -> None:
    assert {one.change for one in compare.differences(POLICY, None)} == {"new"}
    assert {sign for sign, _line in compare.lines(POLICY, None)} == {"+"}


def test_the_order_of_lists_and_a_list_of_one_are_no_difference() -> None:
    there = copy.deepcopy(POLICY.document)
    there["Statement"][0]["Action"] = "s3:ListBucket"
    there["Statement"][2]["Resource"].reverse()
    assert {one.change for one in compare.differences(POLICY, there)} == {"same"}


def test_the_same_document_has_no_lines() -> None:
    assert compare.lines(POLICY, copy.deepcopy(POLICY.document)) == []


def test_what_differs_is_counted_and_named() -> None:
    there = copy.deepcopy(POLICY.document)
    there["Statement"][1]["Resource"] = there["Statement"][1]["Resource"][:2]
    there["Statement"][1]["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    found = {one.sid: one for one in compare.differences(POLICY, there)}["ReadOrders"]
    assert found.change == "changed"
    assert "resources more:" in found.text
    assert found.text.count("arn:") == 3, "three are named, the others counted"
    assert "Condition differs" in found.text


def test_a_keys_other_statements_stay() -> None:
    policy = combo(key=True).found.pieces()["kms-key"].policy
    root = {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "x"}, "Action": "kms:*", "Resource": "*"}
    there = {"Version": "2012-10-17", "Statement": [root]}
    assert [(one.sid, one.change) for one in compare.differences(policy, there)] == [("MwaaLogGroups", "new")]
    removed = [line for sign, line in compare.lines(policy, there) if sign == "-"]
    assert all(not line.strip(' }],') for line in removed), "at most a comma is added"


def test_another_order_of_statements_and_keys_is_no_difference() -> None:
    there = {key: POLICY.document[key] for key in reversed(POLICY.document)}
    there["Statement"] = [{key: one[key] for key in reversed(one)} for one in reversed(there["Statement"])]
    assert {one.change for one in compare.differences(POLICY, there)} == {"same"}
    assert compare.lines(POLICY, there) == []


def test_a_statement_counts_by_what_it_says_not_by_its_sid() -> None:
    there = copy.deepcopy(POLICY.document)
    first, second, *_rest = there["Statement"]
    del first["Sid"]
    second["Sid"] = "Renamed"
    assert {one.change for one in compare.differences(POLICY, there)} == {"same"}
    assert compare.lines(POLICY, there) == []


def test_inside_a_bigger_one_only_the_rest_differs() -> None:
    there = copy.deepcopy(POLICY.document)
    there["Statement"] = [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, *reversed(there["Statement"])]
    found = compare.differences(POLICY, there)
    assert [(one.sid, one.change) for one in found][-1] == ("(without Sid)", "gone")
    assert {one.change for one in found[:-1]} == {"same"}
    assert "+" not in {sign for sign, line in compare.lines(POLICY, there) if line.strip(" },]")}


def test_one_action_less_is_one_line() -> None:
    there = copy.deepcopy(POLICY.document)
    there["Statement"].reverse()
    there["Statement"][0]["Resource"] = sorted(there["Statement"][0]["Resource"], reverse=True)
    had = there["Statement"][0]["Action"].pop()
    changed = [(sign, line.strip()) for sign, line in compare.lines(POLICY, there) if sign in "+-"]
    assert ("+", f'"{had}"') in [(sign, line.rstrip(",")) for sign, line in changed]
    assert len(changed) <= 3, "the line itself, and its neighbour's comma"


def test_a_single_statement_without_its_list_is_read() -> None:
    there = {"Version": "2012-10-17", "Statement": POLICY.document["Statement"][0]}
    assert [one.change for one in compare.differences(POLICY, there)] == ["same", "new", "new"]
