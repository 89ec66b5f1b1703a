"""Page Policies as plain lines: every document, every form, the checks, the file, the role."""

from __future__ import annotations

import json
from pathlib import Path

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies, policy_files
from mwaa_wizard.policies.analyzed import Analysis, Finding
from mwaa_wizard.policies.forms import FORMS
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.screens.fakes import FakeEngine, ready_session
from tests.screens.policy_fakes import FakePolicies

from .conftest import Play


def on_policies() -> Session:
    session = ready_session()
    session.page.name = "policies"
    store.save(session)
    return session


def test_all_documents_are_offered_and_enter_goes_on(play: Play, fake: FakeEngine) -> None:
    session = on_policies()
    _code, printed = play({"Check again": "quit"}, session=session.id)
    policies = FakePolicies().asked(session)
    assert len(policies.found.pieces()) > 8
    for principal in policies.found.principals:
        assert principal.title in printed
        for piece in principal.pieces:
            assert piece.label in printed
    assert "No document: " in printed
    assert "Preflight" in printed, "Enter alone goes on"


def test_a_document_is_read_in_every_form_explained_compared_checked_and_saved(
    play: Play, fake: FakeEngine, tmp_path: Path
) -> None:
    session = on_policies()
    piece = FakePolicies().asked(session).found.pieces()["source-role"]
    place = str(tmp_path / "mine.tf")
    _code, printed = play({
        "Which document": ["source-role", "quit"], "Save where": place, "In which form": "terraform",
        "What to do with it": [*FORMS, "why", "diff", "check", "save", "other"],
    }, session=session.id)  # fmt: skip
    for form in FORMS:
        assert engine_policies.text(piece, form).rstrip("\n") in printed, form
    for sid, why in piece.policy.why.items():
        assert f"{sid}: {why}" in printed
        assert f"{sid}: Not allowed now: s3:PutObject" in printed
        assert f"{sid}: not there" in printed
    used, most = engine_policies.sizes(piece)
    assert f"{used:,} of {most:,} characters" in printed
    assert f"Attach to {piece.policy.attach_to_arn}" in printed
    assert f"Saved to {place}." in printed
    assert Path(place).read_text() == engine_policies.text(piece, "terraform")


def test_another_text_is_replaced_only_when_that_was_asked(play: Play, fake: FakeEngine, tmp_path: Path) -> None:
    session, place = on_policies(), tmp_path / "mine.json"
    place.write_text("mine")
    typed = {"Which document": ["bucket", "quit"], "What to do with it": ["save", "other"], "In which form": "json",
             "Save where": str(place)}  # fmt: skip
    play(typed, session=session.id)
    assert place.read_text() == "mine"
    play({**typed, "Replace it": "yes"}, session=session.id)
    assert json.loads(place.read_text())["Statement"]


def test_attaching_asks_and_tells_whether_it_counts(play: Play, fake: FakeEngine) -> None:
    session = on_policies()
    typed = {"Which document": ["source-role", "quit"], "What to do with it": ["attach", "attach", "other"]}
    _code, printed = play({**typed, "Attach this policy now": ["", "yes"]}, session=session.id)
    assert fake.policies.applied_names == ["source-role"], "Enter alone is a no"
    assert "IAM says that it counts." in printed
    assert "AWS allows it now." in printed


def test_what_is_attached_is_taken_off_again_and_access_analyzer_is_heard(play: Play, fake: FakeEngine) -> None:
    session = on_policies()
    finding = Finding("WriteBundle", "WARNING", "WIDE", "It could be narrower.", "Action[0]")
    fake.policies.analysis = Analysis((finding,))
    typed = {"Which document": ["source-role", "quit"], "What to do with it": ["attach", "detach", "other"]}
    yes = {"Attach this policy now": ["yes"], "Take this policy off now": ["yes"]}
    _code, printed = play({**typed, **yes}, session=session.id)
    assert "WriteBundle: Access Analyzer, warning: It could be narrower. (WIDE, Action[0])" in printed
    assert "Access Analyzer has 1 finding." in printed
    assert "off mwaa-prod." in printed
    assert fake.policies.applied_names == []


def test_all_are_saved_at_once_and_without_aws_the_documents_are_there_still(play: Play, fake: FakeEngine) -> None:
    session = on_policies()
    fake.policies.refuse["asked"] = WizardError(what="AWS is away.", remedy="Wait.")
    _code, printed = play({"Which document": ["all", "quit"]}, session=session.id)
    assert "From this machine only: AWS is away." in printed
    for name in engine_policies.draft(session).found.pieces():
        assert json.loads(policy_files.default_place(session.id, name, "json").read_text()), name
