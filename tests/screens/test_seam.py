"""The seam itself: what the real functions behind the pages answer without AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import secrets
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries import read
from mwaa_wizard.environments import lookups
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, engine_entries, routing

from .fakes import home, ready_session

CONFIG = """
[profile prod]
sso_session = corp
sso_account_id = 444455556666
region = eu-west-1
[profile ops]
role_arn = arn:aws:iam::777788889999:role/ops
source_profile = prod
"""


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home(monkeypatch, tmp_path)
    (tmp_path / "aws-config").write_text(CONFIG)


def test_profiles_say_where_their_credentials_are_from() -> None:
    told = {line.name: (line.words, line.region) for line in engine.profiles()}
    assert told == {"prod": ("SSO 4444-5555-6666", "eu-west-1"), "ops": ("role 7777-8888-9999", "")}


def test_regions_are_those_of_the_partition() -> None:
    assert "eu-central-1" in engine.regions_beside("us-east-1")
    assert all(region.startswith("cn-") for region in engine.regions_beside("cn-north-1"))
    assert not any(region.startswith("cn-") for region in engine.regions_beside("us-east-1"))


def test_pickers_say_what_mwaa_would_refuse_and_put_it_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "execution_roles", lambda _clients: [
        lookups.RoleSummary("half", "arn:half", complete=False), lookups.RoleSummary("whole", "arn:whole", True),
    ])  # fmt: skip
    monkeypatch.setattr(lookups, "subnets", lambda _clients: [
        lookups.SubnetSummary("subnet-a", "web", "vpc-1", "us-east-1a", "10.0.0.0/24", public=True),
        lookups.SubnetSummary("subnet-b", "", "vpc-1", "us-east-1b", "10.0.1.0/24", public=False),
    ])  # fmt: skip
    monkeypatch.setattr(lookups, "security_groups", lambda _clients: [
        lookups.SecurityGroupSummary("sg-1", "open", "vpc-1", self_referencing=False),
        lookups.SecurityGroupSummary("sg-2", "own", "vpc-1", self_referencing=True),
    ])  # fmt: skip
    session = ready_session()
    roles = engine.setting_choices(session, "ExecutionRoleArn")
    assert [value for value, _words in roles] == ["", "arn:whole", "arn:half"]
    assert "trust policy incomplete" in roles[-1][1]
    nets = engine.setting_choices(session, "NetworkConfiguration.SubnetIds")
    assert [value for value, _words in nets] == ["subnet-b", "subnet-a"]
    assert "us-east-1b" in nets[0][1]
    assert "✘ public" in nets[1][1]
    groups = engine.setting_choices(session, "NetworkConfiguration.SecurityGroupIds")
    assert [value for value, _words in groups] == ["sg-2", "sg-1"]
    assert "own members" in groups[1][1]
    routing.choose(session, "in-place")
    assert engine.setting_choices(session, "ExecutionRoleArn")[0][0] == "arn:whole"
    assert engine.setting_choices(session, "EnvironmentClass") == []


def test_the_suggested_version_takes_history_or_is_the_newest() -> None:
    newest = engine.creatable()[0][0]
    assert engine.suggested_version("3.0.6") == newest
    assert engine.suggested_version("2.8.1").startswith("2.")
    assert all(python for _version, python in engine.creatable())


@pytest.mark.parametrize("problem", [RestUnavailable("refused", "AccessDeniedException"), OSError(28, "no space")])
def test_whatever_airflow_says_no_with_is_told_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    class Refusing:
        def __init__(self, *_args: Any, **_kwargs: Any) -> None:
            raise problem

    monkeypatch.setattr(read, "Reader", Refusing)
    with pytest.raises(WizardError) as caught:
        engine_entries.listed(ready_session())
    assert caught.value.remedy
    if isinstance(problem, RestUnavailable):
        assert "REST API" in caught.value.what
        assert caught.value.code == "AccessDeniedException"


def test_what_is_listed_shows_no_connection() -> None:
    found = engine_entries.Listed(1, 1, (), ("extra with canary",))
    assert "canary" not in repr(found)


def test_a_given_value_is_taken_back_by_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "backend_is_safe", lambda: False)
    session = ready_session()
    assert engine_entries.give(session, "db", "canary") is False
    assert secrets.recall(session.id, "connection:db") == "canary"
    engine_entries.give(session, "db", "")
    assert secrets.recall(session.id, "connection:db") is None
    assert "canary" not in session.model_dump_json()
