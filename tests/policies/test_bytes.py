"""What the wizard copies and saves is what the command prints, byte for byte, for every document in every form; and
whoever reads it reads the same document: JSON, a shell, CloudFormation, Terraform. That page Policies sends these bytes
to the terminal is tests/screens/test_policies_page.py's.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from click.testing import CliRunner

from mwaa_wizard.commands.policy import policy as command
from mwaa_wizard.front import engine_policies, policy_files
from mwaa_wizard.i18n import use_language
from mwaa_wizard.policies.forms import Form
from mwaa_wizard.session import store
from tests.templates.provider import labelled, plain
from tests.templates.provider import read as read_hcl
from tests.templates.stack import read as read_yaml

from .combos import Combo, combo
from .test_forms import _hcl, from_shell

SESSIONS = {
    "new-environment": combo(key=True, far=True),
    "bridge-cn": combo("bridge", partition="aws-cn", made=False, key=True),
    "in-place": combo("in-place", made=False),
    "settings-only-long": combo("settings-only", made=False, long=True, logs=False),
}
FORMS: tuple[Form, ...] = ("json", "cli", "cloudformation", "terraform")


@pytest.fixture(params=list(SESSIONS))
def one(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Combo:
    """A saved session; AWS answers what the combination knows."""
    found = SESSIONS[request.param]
    store.save(found.session)
    monkeypatch.setattr(engine_policies, "asked", lambda _session: engine_policies.Policies(found.found, True))
    return found


def printed(one: Combo, name: str, form: Form) -> bytes:
    done = CliRunner().invoke(command, [one.session.id, "--for", name, "--format", form], standalone_mode=False)
    assert done.exception is None
    assert done.stderr == ""
    return done.stdout_bytes


def names(one: Combo, form: Form) -> list[str]:
    return [name for name, piece in one.found.pieces().items() if form in engine_policies.forms(piece)]


def parsed(form: Form, text: str) -> Any:
    """The document, as who takes this form reads it."""
    if form == "json":
        return json.loads(text)
    if form == "cli":
        return from_shell(text)[1]
    if form == "cloudformation":
        (resource,) = read_yaml(text)["Resources"].values()
        (document,) = [value for key, value in resource["Properties"].items() if key.endswith("PolicyDocument")]
        return document
    ((kind, label), body) = next(iter(labelled(read_hcl(text)["resource"]).items()))
    assert kind.startswith("aws_")
    assert plain(f'"{label}"')
    assert any("jsonencode" in str(value) for value in body.values())
    start = text.index("jsonencode(") + len("jsonencode(")
    return _hcl(text[start : text.rindex(")")])


@pytest.mark.parametrize("form", FORMS)
def test_copied_saved_and_printed_are_the_same_bytes_and_parse(one: Combo, form: Form) -> None:
    pieces = one.found.pieces()
    for name in names(one, form):
        shown = engine_policies.text(pieces[name], form)  # what the page copies
        bytes_ = printed(one, name, form)
        saved = policy_files.save(one.session.id, name, form, shown)
        assert bytes_ == shown.encode() == saved.path.read_bytes(), name
        assert bytes_.endswith(b"\n"), name
        assert not bytes_.endswith(b"\n\n"), name
        assert b"\r" not in bytes_, name
        assert parsed(form, bytes_.decode()) == pieces[name].policy.document, name


def test_there_are_documents_of_every_kind() -> None:
    found = {name for one in SESSIONS.values() for name in one.found.pieces()}
    assert {"source-role", "target-role", "execution-role", "execution-role-trust", "bucket", "kms-key",
            "operator-source", "operator-target-planning", "ui-viewer", "ui-cli"} <= found  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_in_japanese_too(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reasons stand in comments, which the document does not notice."""
    use_language("ja")
    try:
        found = combo(key=True)
        store.save(found.session)
        monkeypatch.setattr(engine_policies, "asked", lambda _session: engine_policies.Policies(found.found, True))
        piece = found.found.pieces()["source-role"]
        shown = engine_policies.text(piece, form)
        assert shown.isascii() == (form == "json")
        assert printed(found, "source-role", form) == shown.encode()
        assert parsed(form, shown) == piece.policy.document
    finally:
        use_language("en")


def test_a_real_shell_hands_aws_the_document(one: Combo) -> None:
    """One process for all commands; `aws` is a function that prints its last argument."""
    pieces = one.found.pieces()
    wanted = names(one, "cli")
    script = 'aws() { for last; do :; done; printf "%s\\0" "$last"; }\n'
    script += "".join(printed(one, name, "cli").decode() for name in wanted)
    done = subprocess.run(["sh", "-eu"], input=script, capture_output=True, text=True, timeout=60, check=True)
    documents = done.stdout.split("\0")[:-1]
    assert [json.loads(text) for text in documents] == [pieces[name].policy.document for name in wanted]
