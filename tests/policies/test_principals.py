"""Everybody's documents in more than two hundred combinations: sound, small, explained, no wider than told."""

from __future__ import annotations

import dataclasses
import json

import pytest

from mwaa_wizard.aws.factory import SIDES
from mwaa_wizard.policies import build, forms, live, operator, render
from mwaa_wizard.policies.facts import LOG_MODULES
from mwaa_wizard.policies.principals import Piece

from .combos import HERE, THERE, Combo, combo, combos

EVERY = list(combos())


def test_there_are_enough_combinations() -> None:
    assert len(EVERY) >= 400
    assert {one.session.source.airflow_version for one in EVERY} == {"1.10.12", "2.2.2", "2.8.1"}
    assert len({one.name for one in EVERY}) == len(EVERY)


@pytest.mark.parametrize("route", ["new-environment", "bridge", "in-place", "settings-only"])
def test_every_document_is_sound_small_and_explained(route: str) -> None:
    """Grammar, size, action names and fitting resources; a reason for every statement, none of it in the JSON."""
    seen: set[str] = set()
    for one in EVERY:
        if one.session.route != route:
            continue
        for name, piece in one.found.pieces().items():
            policy, where = piece.policy, f"{one.name} {name}"
            text = forms.written(policy, "json")
            if text in seen:  # what the combinations share is looked at once
                continue
            seen.add(text)
            assert render.check_policy(policy) == [], where
            assert not any(render.statement_problems(policy).values()), (where, render.statement_problems(policy))
            assert set(policy.why) == {statement["Sid"] for statement in policy.document["Statement"]}, where
            assert all(policy.why.values()), where
            assert piece.whose, where
            assert text.isascii()
            assert not any(reason in text for reason in policy.why.values()), where
            other = "arn:aws-cn:" if one.facts.partition == "aws" else "arn:aws:"
            assert other not in text, where
    assert len(seen) > 20


def test_a_star_stands_only_where_its_reason_says_so() -> None:
    """A statement on * says why, and holds only what can be granted on nothing less (or answers with a list)."""
    for one in EVERY:
        for name, piece in one.found.pieces().items():
            for statement in piece.policy.document["Statement"]:
                if statement.get("Resource") != "*":
                    continue
                why = piece.policy.why[statement["Sid"]]
                assert "no narrower resource" in why or "one key" in why or piece.policy.principal == "kms-key", name


def test_the_inline_policies_of_a_role_together_stay_under_the_limit() -> None:
    """IAM counts all of them: base, migration and secrets lie on one role."""
    for one in EVERY:
        by_role: dict[str, int] = {}
        for piece in one.found.pieces().values():
            policy = piece.policy
            if policy.principal.endswith("-role") and not render.is_trust(policy.document):
                arn = policy.attach_to_arn
                by_role[arn] = by_role.get(arn, 0) + render.size(policy.document)
        assert max(by_role.values(), default=0) <= render.INLINE_ROLE_LIMIT // 2, (one.name, by_role)


def test_what_people_paste_is_split_before_its_limit() -> None:
    one = combo(key=True, long=True)
    parts = [piece for name, piece in one.found.pieces().items() if name.startswith("operator-target")
             and "planning" not in name]  # fmt: skip
    assert len(parts) > 1
    assert all(render.size(piece.policy.document) <= render.MANAGED_LIMIT for piece in parts)
    assert len({piece.policy.name for piece in parts}) == len(parts)


def test_the_buckets_policy_lets_in_two_roles_at_most_and_nobody_without_tls() -> None:
    buckets = [(one, one.found.pieces()["bucket"].policy) for one in EVERY if "bucket" in one.found.pieces()]
    assert buckets
    for one, policy in buckets:
        first, *others = policy.document["Statement"]
        assert (first["Effect"], first["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
        assert bool(others) == bool(one.facts.source_account != one.facts.target_account and one.facts.target_role_arn)
        assert {str(item["Principal"]) for item in others} <= {str({"AWS": one.facts.target_role_arn})}
        assert all(item["Effect"] == "Allow" and "*" not in str(item["Action"]) for item in others)


def _documents(one: Combo) -> dict[str, str]:
    return {name: json.dumps(piece.policy.document) for name, piece in one.found.pieces().items()}


def test_without_logs_no_document_speaks_of_the_old_log_group() -> None:
    assert "airflow-old-Task" in _documents(combo())["operator-source"]
    for name, text in _documents(combo(logs=False)).items():
        assert "airflow-old-Task" not in text, name
        assert "logs:GetLogEvents" not in text or name == "execution-role", name


def test_planning_only_reads() -> None:
    verbs = ("Get", "List", "Describe", "Simulate", "Validate")
    for one in EVERY:
        for side in ("source", "target"):
            piece = one.found.pieces()[f"operator-{side}-planning"]
            for statement in piece.policy.document["Statement"]:
                for action in statement["Action"]:
                    # Airflow's role Viewer changes nothing, whatever the method of the call.
                    viewer = action == "airflow:InvokeRestApi" and str(statement["Resource"]).endswith("/Viewer")
                    # Nor does decrypting what is read through S3.
                    through_s3 = action == "kms:Decrypt" and "s3." in str(statement["Condition"]["StringEquals"])
                    assert viewer or through_s3 or action.split(":")[1].startswith(verbs), action


def test_the_whole_document_holds_all_of_planning() -> None:
    pieces = combo(key=True).found.pieces()
    for side in ("source", "target"):
        whole = pieces[f"operator-{side}"].policy.document["Statement"]
        planning = pieces[f"operator-{side}-planning"].policy.document["Statement"]
        # Looking at Airflow as Viewer is no more than what a run does there as Op.
        assert all(one in whole for one in planning if one["Sid"] not in ("LookAtAirflow", "DecryptRequirements"))
        assert any(one["Sid"] == "AirflowApi" for one in whole)


@pytest.mark.parametrize("logs", [True, False])
def test_the_copying_of_logs_alone_is_what_the_operator_has_for_it(logs: bool) -> None:
    one = combo(logs=logs, far=True)
    pieces = one.found.pieces()
    assert ("log-export-source" in pieces) is ("log-export-target" in pieces) is logs
    assert any(item.title == "Task logs" for item in one.found.left_out) is not logs
    for side in SIDES if logs else ():
        whole, alone = (pieces[name].policy for name in (f"operator-{side}", f"log-export-{side}"))
        granted = [(one["Action"], one["Resource"]) for one in whole.document["Statement"]]
        assert alone.document["Statement"]
        assert all((one["Action"], one["Resource"]) in granted for one in alone.document["Statement"])
        assert alone.attach_to_arn == whole.attach_to_arn
        assert live.side_of(pieces[f"log-export-{side}"]) == side
        assert live.kind_of(pieces[f"log-export-{side}"]) == "caller"


def test_only_what_the_route_does() -> None:
    def names(route: str) -> set[str]:
        return set(combo(route, made=route != "in-place").found.pieces())

    history = {"source-role", "target-role", "bucket"}
    assert history <= names("new-environment") & names("bridge")
    assert not history & (names("settings-only") | names("in-place"))
    assert "secrets" in names("settings-only")
    assert {"execution-role", "execution-role-trust"} <= names("settings-only") - names("in-place")
    assert "UpdateEnvironment" not in _documents(combo())["operator-target"]
    assert "UpdateEnvironment" in _documents(combo("bridge"))["operator-target"]
    assert "CreateEnvironment" not in _documents(combo("in-place", made=False))["operator-target"]
    assert "iam:CreateRole" not in _documents(combo(made=False))["operator-target"]


def test_what_is_left_out_says_why() -> None:
    for one in EVERY:
        found = one.found
        assert all(item.reason.endswith(".") for item in found.left_out)
        assert not {item.title for item in found.left_out} & {item.title for item in found.principals}


def test_another_account_gets_no_reading_of_the_sources_bucket() -> None:
    near, far = _documents(combo())["operator-target"], _documents(combo(far=True))["operator-target"]
    assert "CopyFromSource" in near
    assert "CopyFromSource" not in far
    assert HERE not in far
    assert THERE not in _documents(combo(far=True))["operator-source"]


def test_only_roles_that_are_there_are_attached_to() -> None:
    def applies(one: Combo) -> set[str]:
        return {name for name, piece in one.found.pieces().items() if piece.applies}

    assert applies(combo()) == {"source-role"}
    assert applies(combo(made=False)) == {"source-role", "target-role"}
    assert applies(combo("settings-only", made=False)) == {"secrets"}
    assert all(not piece.applies for piece in combo("in-place", made=False).found.pieces().values())


def test_the_role_that_will_be_made_has_its_name_already() -> None:
    one = combo()
    arn = f"arn:aws:iam::{HERE}:role/mwaa-new-{one.session.id}"
    for name in ("target-role", "execution-role", "execution-role-trust"):
        assert one.found.pieces()[name].policy.attach_to_arn == arn
    assert combo(made=False).found.pieces()["target-role"].policy.attach_to_arn.endswith("role/chosen")


def test_the_keys_policy_names_the_targets_own_log_groups_and_the_other_account() -> None:
    one = combo(key=True, far=True)
    statements = one.found.pieces()["kms-key"].policy.document["Statement"]
    assert [item["Sid"] for item in statements] == ["MwaaLogGroups"]
    # CloudWatch Logs names the group without `:*` here.
    groups = [f"arn:aws:logs:eu-west-1:{THERE}:log-group:airflow-new-{kind}" for kind in LOG_MODULES]
    assert statements[0]["Condition"]["ArnLike"] == {"kms:EncryptionContext:aws:logs:arn": groups}
    foreign = combo(key=True, far=True)
    foreign.session.target.settings["KmsKey"] = f"arn:aws:kms:eu-west-1:{HERE}:key/x"
    known = build.with_environment(foreign.facts, foreign.session, foreign.environment)
    pieces = dataclasses.replace(foreign, facts=known).found.pieces()
    shared = pieces["kms-key"].policy.document["Statement"]
    assert [item["Sid"] for item in shared] == ["MwaaLogGroups", "TargetAccount"]
    assert shared[1]["Principal"] == {"AWS": f"arn:aws:iam::{THERE}:root"}
    assert f"in account {HERE}" in pieces["kms-key"].whose
    assert "in account" not in one.found.pieces()["kms-key"].whose
    # Another account's key policy cannot be read, whatever one is granted.
    both = ["kms:DescribeKey", "kms:GetKeyPolicy"]
    for found, actions in ((one.found.pieces(), both), (pieces, both[:1])):
        looks = {item["Sid"]: item for item in found["operator-target-planning"].policy.document["Statement"]}
        assert looks["LookAtKey"]["Action"] == actions


def test_an_old_airflow_is_reached_by_its_command_line_only() -> None:
    one = combo()
    one.session.source.airflow_version = "2.2.2"
    text = json.dumps(operator.policy(one.session, one.facts, "source").document)
    assert "airflow:CreateCliToken" in text
    assert "airflow:InvokeRestApi" not in text
    assert "airflow:CreateCliToken" not in _documents(combo())["operator-source"]


def test_missing_facts_are_said_not_sent() -> None:
    one = combo()
    bare = operator.policy(one.session, type(one.facts)(), "source")
    found = " ".join(render.check_policy(bare))
    assert "lacks its region or account" in found
    assert "lacks its bucket" in found


@pytest.mark.parametrize("most", [600, 1200, 6144])
def test_a_set_that_is_too_large_is_split_into_whole_statements(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(render, "MANAGED_LIMIT", most)
    piece: Piece = combo(key=True).found.pieces()["operator-target"]
    whole = operator.policy(combo(key=True).session, combo(key=True).facts, "target")
    parts = render.split(whole)
    sids = [statement["Sid"] for part in parts for statement in part.document["Statement"]]
    assert sids == [statement["Sid"] for statement in whole.document["Statement"]]
    assert len({part.name for part in parts}) == len(parts)
    assert (len(parts) == 1) == (most == 6144)
    for part in parts:
        assert set(part.why) == {statement["Sid"] for statement in part.document["Statement"]}
        assert render.size(part.document) <= most or len(part.document["Statement"]) == 1
    assert piece.policy.name.endswith("operator-target")


def test_a_listing_of_parameters_is_granted_on_the_path_itself() -> None:
    """AWS asks of it on the path as it is written; reading one is asked on the parameter."""
    statements = combo("settings-only", source="ssm", far=True).found.pieces()["operator-source"].policy.document
    found = {one["Sid"]: one["Resource"] for one in statements["Statement"]}
    place = f"arn:aws:ssm:us-east-1:{HERE}:parameter"
    assert found["ListSourceParameters"] == [f"{place}/airflow/variables", f"{place}/team/conn"]
    assert found["ReadSourceSecrets"] == [f"{place}/airflow/variables/*", f"{place}/team/conn/*"]
