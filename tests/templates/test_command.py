"""`mwaa-wizard template`: offline from what is saved, to a file or to standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mwaa_wizard import paths
from mwaa_wizard.commands import template as command
from mwaa_wizard.environments import clone
from mwaa_wizard.errors import WizardError
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.templates import stack
from tests.templates.samples import FIVE


def saved(name: str = "plain", *, source: bool = True) -> Session:
    made, environment = FIVE[name]()
    store.save(made)
    if source:
        kept = json.dumps(clone.sanitise(environment))
        (paths.run_dir(made.id) / "source.json").write_text(kept, encoding="utf-8")
    return made


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(command.template, list(arguments), standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.mark.parametrize("form", command.FORMATS)
def test_it_works_without_aws(form: str) -> None:
    """No profile, no endpoint, no network: what is saved is enough."""
    result = run(saved("elsewhere").id, "--format", form)
    assert result.exit_code == 0
    assert "canary" not in result.output
    assert result.stdout == run("5e551011", "--format", form).stdout
    begin = {"cloudformation": "AWSTemplateFormatVersion", "terraform": "required_providers", "cli": '"Name"'}
    assert begin[form] in result.stdout


def test_a_file_is_written_and_what_is_to_be_given_is_said(tmp_path: Path) -> None:
    target = tmp_path / "stack.yaml"
    result = run(saved("micro").id, "--new-security-group", "--output", str(target))
    assert result.stdout == ""
    assert str(target) in result.stderr
    assert "VpcId" in result.stderr
    assert "SecurityGroup" in stack.read(target.read_text(encoding="utf-8"))["Resources"]


def test_a_source_that_is_not_saved_is_named() -> None:
    made = saved(source=False)
    made.source.connection.profile = "nobody"
    store.save(made)
    with pytest.raises(WizardError, match="settings of the source are missing") as refused:
        run(made.id)
    assert refused.value.where
    assert "mwaa-wizard run" in refused.value.remedy


def test_an_unfinished_session_says_what_it_lacks() -> None:
    empty = Session()
    store.save(empty)
    with pytest.raises(WizardError) as refused:
        run(empty.id)
    assert "source.environment" in refused.value.where


def test_the_command_is_known() -> None:
    from mwaa_wizard.cli import COMMANDS

    assert COMMANDS["template"] == "mwaa_wizard.commands.template:template"
