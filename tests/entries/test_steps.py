"""The route's steps: what they write, keep, leave, tell, and take back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.entries import command_line, result, survey
from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.events import Event, Progress
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.steps.connections import Connections, write_one
from mwaa_wizard.execution.steps.entries import Entries
from mwaa_wizard.execution.steps.secrets_policy import SecretsPolicy
from mwaa_wizard.execution.steps.verify_entries import VerifyEntries
from tests.entries.conftest import Move
from tests.entries.fakes import variable
from tests.entries.test_read import ROW

CANARY = "canary-" + "of-the-steps"
PREFIX = "mwaa/new/connections/"


@pytest.fixture
def cli(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both command lines answer `variables get` from what their Airflow has."""

    def run(client: Any, environment: str, words: list[str]) -> CliAnswer:
        if "--default" in words:
            return CliAnswer(True, f"{words[3]}\n", "")
        rows = (move.source if environment == "old" else move.target).rows["variables"]
        return CliAnswer(True, next(row["value"] for row in rows if row["key"] == words[-1]) + "\n", "")

    monkeypatch.setattr(command_line, "run_cli", run)


def _run(move: Move, *steps: Any) -> result.EntriesResult:
    for step in steps:
        ctx = move.context(step.id)
        step.run(ctx)
        step.verify(ctx)
        ctx.journal.write(step.id, "done")
    return result.load(move.rig.session.id)


def _everything_written() -> str:
    """All text in the state folder: session, journal, logs, results."""
    files = [path for path in paths.state_dir().rglob("*") if path.is_file()]
    assert files
    return "\n".join(path.read_text(errors="replace") for path in files)


def test_the_plan_has_the_route_s_steps(move: Move) -> None:
    ids = [step.id for step in plan_for(move.rig.session)]
    assert ids.index("connections") < ids.index("create-target") < ids.index("entries") < ids.index("verify")
    move.rig.session.entries.connections = "leave"
    assert "secrets-policy" not in [step.id for step in plan_for(move.rig.session)]
    for step in plan_for(move.rig.session):
        assert all(step.describe(move.rig.session))


def test_variables_and_pools_arrive_as_they_are(move: Move, cli: None) -> None:
    values = {"a": "x" * 10, "é": "日本", "release": "1.10", "api_token": CANARY, "empty": ""}
    move.source.rows["variables"] = [variable(key, value, "d") for key, value in values.items()]
    default, gpu = {**move.source.rows["pools"][0], "slots": 7, "include_deferred": True}, {
        "name": "gpu", "slots": -1, "description": "学習用", "include_deferred": False,
    }  # fmt: skip
    move.source.rows["pools"] = [default, gpu]
    found = _run(move, Entries(), VerifyEntries())
    assert {row["key"]: row["value"] for row in move.target.rows["variables"]} == values
    assert {row["name"]: row for row in move.target.rows["pools"]} == {"default_pool": default, "gpu": gpu}
    assert found.same
    assert (found.of("variable").found, len(found.of("variable").written)) == (5, 5)
    assert CANARY not in _everything_written() + move.rig.lines() + repr(move.rig.events)


def test_descriptions_arrive_where_airflow_forgets_them_at_first(move: Move, cli: None) -> None:
    move.target.version = move.rig.mwaa.environments["new"]["AirflowVersion"] = "2.8.1"
    move.source.rows["variables"] = [variable("a", "1", "what it is for"), variable("b", "2")]
    found = _run(move, Entries(), VerifyEntries())
    assert [row["description"] for row in move.target.rows["variables"]] == ["what it is for", None]
    assert found.same


def test_what_the_target_has_is_kept_and_counted(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("mine", "new"), variable("other", "1")]
    move.target.rows["variables"] = [variable("mine", "old")]
    found = _run(move, Entries(), VerifyEntries())
    assert move.target.rows["variables"][0]["value"] == "old"
    assert found.of("variable").kept == ["mine"]
    assert "kept" in found.of("variable").doubtful["mine"]
    assert found.same


def test_or_it_takes_the_source_s_values(move: Move, cli: None) -> None:
    move.rig.session.entries.conflict = "replace"
    move.source.rows["variables"] = [variable("k" * 80, "new")]
    move.target.rows["variables"] = [variable("k" * 80, "old")]
    found = _run(move, Entries(), VerifyEntries())
    assert move.target.rows["variables"][0]["value"] == "new"
    assert (found.of("variable").kept, found.same) == ([], True)


def test_a_second_run_finds_its_own_and_changes_nothing(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("a", "1"), variable("b", "2")]
    _run(move, Entries())
    before = [(row["key"], row["value"]) for row in move.target.rows["variables"]]
    found = _run(move, Entries())
    assert [(row["key"], row["value"]) for row in move.target.rows["variables"]] == before
    assert (found.of("variable").written, found.of("variable").kept) == (["a", "b"], [])


def test_a_stop_in_the_middle_is_gone_on_with(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable(f"k{number}", str(number)) for number in range(5)]
    ctx = move.context("entries")

    def stop_after_two(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 2:
            ctx.cancel.set()

    ctx.emit = stop_after_two
    with pytest.raises(Cancelled):
        Entries().run(ctx)
    assert len(move.target.rows["variables"]) == 2
    found = _run(move, Entries(), VerifyEntries())
    assert len(move.target.rows["variables"]) == 5
    assert (len(found.of("variable").written), found.of("variable").kept, found.same) == (5, [], True)


def test_json_that_airflow_writes_anew_is_counted(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("flags", '{"a":  1}'), variable("plain", "x"), variable("n", "1.50")]
    found = _run(move, Entries(), VerifyEntries())
    assert found.of("variable").anew == 1
    assert found.same
    assert {row["key"]: row["value"] for row in move.target.rows["variables"]}["n"] == "1.50"


def test_a_masked_value_is_named_and_never_written_as_stars(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(client: Any, environment: str, words: list[str]) -> CliAnswer:
        raise WizardError(what="The web server cannot be reached.")

    monkeypatch.setattr(command_line, "run_cli", unreachable)
    move.source.rows["variables"] = [variable("api_token", CANARY), variable("open", "1")]
    found = _run(move, Entries(), VerifyEntries())
    assert [row["key"] for row in move.target.rows["variables"]] == ["open"]
    assert list(found.of("variable").not_moved) == ["api_token"]
    assert found.same
    assert "api_token" in move.rig.lines()


def test_a_variable_that_airflow_refuses_is_named_without_its_value(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("bad", CANARY), variable("good", "1")]

    def refuse(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if method == "POST" and path == "/variables" and body["key"] == "bad":
            return 422, {"detail": [{"loc": ["body", "key"], "type": "string_too_long", "input": body["value"]}]}
        return None

    move.target.refuse = refuse
    found = _run(move, Entries(), VerifyEntries())
    assert "string_too_long" in found.of("variable").not_moved["bad"]
    assert [row["key"] for row in move.target.rows["variables"]] == ["good"]
    assert CANARY not in _everything_written() + move.rig.lines()


def test_a_caller_who_may_not_write_is_told(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("a", "1")]
    move.target.refuse = lambda method, path, body: (403, {"detail": "Forbidden"}) if method == "POST" else None
    with pytest.raises(WizardError, match="may not write"):
        _run(move, Entries())


def test_verification_sees_a_changed_value_and_a_missing_one(move: Move, cli: None) -> None:
    move.source.rows["variables"] = [variable("a", "1"), variable("b", "2"), variable("c", "3")]
    _run(move, Entries())
    move.target.rows["variables"] = [variable("a", "1"), variable("b", "other")]
    move.target.rows["pools"][0]["slots"] = 1
    found = _run(move, VerifyEntries())
    assert set(found.of("variable").differs) == {"b", "c"}
    assert set(found.of("slot_pool").differs) == {"default_pool"}
    assert found.same is False
    assert not Entries().check(move.context("entries")).done
    assert _run(move, Entries(), VerifyEntries()).same


def _connections(move: Move, **rows: dict[str, Any]) -> None:
    move.source.rows["connections"] = [{**ROW, "connection_id": name, **row} for name, row in rows.items()]


def test_connections_are_written_as_secrets_of_the_session(move: Move) -> None:
    _connections(move, db={}, open={"password": None}, unknown={}, left={})
    move.rig.session.entries.left = ["left"]
    survey.give(move.rig.session, "db", CANARY)
    found = _run(move, Connections())
    assert move.secret_names() == {f"{PREFIX}db", f"{PREFIX}open"}
    written = json.loads(move.secrets.get_secret_value(SecretId=f"{PREFIX}db")["SecretString"])
    assert (written["password"], written["port"], written["extra"]) == (CANARY, 5432, {"sslmode": "require"})
    tags = move.secrets.describe_secret(SecretId=f"{PREFIX}db")["Tags"]
    assert {"Key": "mwaa-wizard:session", "Value": move.rig.session.id} in tags
    kind = found.of("connection")
    assert (kind.found, sorted(kind.written), sorted(kind.not_moved)) == (4, ["db", "open"], ["left", "unknown"])
    assert CANARY not in _everything_written() + move.rig.lines() + repr(move.rig.events)
    assert _run(move, VerifyEntries()).same


def test_a_secret_that_was_there_stays_and_undo_takes_only_ours(move: Move) -> None:
    _connections(move, db={}, mine={"password": None})
    survey.give(move.rig.session, "db", "pw")
    move.secrets.create_secret(Name=f"{PREFIX}mine", SecretString='{"conn_type": "other"}')
    found = _run(move, Connections())
    assert found.of("connection").kept == ["mine"]
    Connections().undo(move.context("connections"))
    assert move.secret_names() == {f"{PREFIX}mine"}
    assert move.secrets.get_secret_value(SecretId=f"{PREFIX}mine")["SecretString"] == '{"conn_type": "other"}'
    assert move.context("connections").journal.live("secret") == []


def test_undo_leaves_a_secret_of_our_name_that_somebody_else_made(move: Move) -> None:
    ctx = move.context("connections")
    ctx.made("secret", f"{PREFIX}db")  # journaled, and then the process was killed before it made it
    move.secrets.create_secret(Name=f"{PREFIX}db", SecretString="theirs")
    Connections().undo(ctx)
    assert move.secret_names() == {f"{PREFIX}db"}


def test_a_value_given_later_is_written_by_a_resume(move: Move) -> None:
    _connections(move, db={})
    _run(move, Connections())
    assert Connections().check(move.context("connections")).done
    survey.give(move.rig.session, "db", "pw")
    assert not Connections().check(move.context("connections")).done
    _run(move, Connections())
    survey.give(move.rig.session, "db", "better")
    ctx = move.context("connections")
    Connections().run(ctx)
    assert json.loads(move.secrets.get_secret_value(SecretId=f"{PREFIX}db")["SecretString"])["password"] == "better"
    survey.take_back(move.rig.session, "db")
    assert _run(move, Connections()).of("connection").written == ["db"]


def test_one_secret_can_be_written_at_once(move: Move) -> None:
    _connections(move, db={})
    with pytest.raises(WizardError, match="password"):
        write_one(move.context("connections"), "db")
    with pytest.raises(WizardError, match="no connection"):
        write_one(move.context("connections"), "nobody")
    survey.give(move.rig.session, "db", "pw")
    assert write_one(move.context("connections"), "db") == f"{PREFIX}db"
    assert [record["name"] for record in move.context("connections").journal.live("secret")] == [f"{PREFIX}db"]


def _backend(move: Move, **kwargs: Any) -> None:
    name = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    options = {"secrets.backend": name, "secrets.backend_kwargs": json.dumps(kwargs)}
    move.rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = options


def test_the_source_s_backend_is_copied_below_the_target_s_prefix(move: Move) -> None:
    _backend(move, connections_prefix="old/c", variables_prefix="old/v")
    move.rig.session.entries.prefix = "new"
    _connections(move, db={})
    for name, value in {"old/c/db": "postgres://u:pw@h/s", "old/c/only": '{"conn_type": "x"}', "old/v/key": CANARY,
                        "old/cx/no": "not below the prefix"}.items():  # fmt: skip
        move.secrets.create_secret(Name=name, SecretString=value)
    found = _run(move, Connections())
    assert sorted(found.of("connection").written) == ["db", "only"]
    assert found.of("secret-variable").written == ["key"]
    values = {name: move.secrets.get_secret_value(SecretId=name)["SecretString"] for name in
              ("new/connections/db", "new/connections/only", "new/variables/key")}  # fmt: skip
    assert list(values.values()) == ["postgres://u:pw@h/s", '{"conn_type": "x"}', CANARY]
    assert _run(move, VerifyEntries()).same
    assert CANARY not in _everything_written() + move.rig.lines()


def test_parameters_of_the_source_become_secrets(move: Move) -> None:
    name = "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend"
    kwargs = json.dumps({"connections_prefix": "/old/c", "variables_prefix": None})
    options = {"secrets.backend": name, "secrets.backend_kwargs": kwargs}
    move.rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = options
    ssm = move.rig.clients.client("source", "ssm")
    ssm.put_parameter(Name="/old/c/db", Value="mysql://u:pw@h/s", Type="SecureString")
    found = _run(move, Connections())
    assert found.of("connection").written == ["db"]
    assert move.secrets.get_secret_value(SecretId=f"{PREFIX}db")["SecretString"] == "mysql://u:pw@h/s"


def test_one_place_for_both_sides_is_not_copied(move: Move) -> None:
    _backend(move, connections_prefix="shared/c", variables_prefix="shared/v")
    move.secrets.create_secret(Name="shared/c/db", SecretString='{"conn_type": "x"}')
    move.secrets.create_secret(Name="shared/v/key", SecretString="1")
    found = _run(move, Connections())
    assert found.of("connection").kept == ["db"]
    assert move.secret_names() == {"shared/c/db", "shared/v/key"}
    assert move.context("x").journal.live("secret") == []


def test_ids_that_cannot_be_secrets_are_named(move: Move) -> None:
    _connections(move, 取引先={"password": None}, ok={"password": None})
    found = _run(move, Connections())
    assert found.of("connection").written == ["ok"]
    assert "letters" in found.of("connection").not_moved["取引先"]


def test_each_side_is_asked_with_its_own_client(move: Move) -> None:
    """The source's secrets are read with the source's client and written with the target's."""

    class Watched:
        def __init__(self, real: Any) -> None:
            self.real, self.calls = real, set[str]()

        def __getattr__(self, name: str) -> Any:
            self.calls.add(name)
            return getattr(self.real, name)

    _backend(move, connections_prefix="old/c")
    move.rig.session.entries.prefix = "new"
    move.secrets.create_secret(Name="old/c/db", SecretString='{"conn_type": "x"}')
    source, target = Watched(move.secrets), Watched(move.secrets)
    move.rig.clients.overrides.update({("source", "secretsmanager"): source, ("target", "secretsmanager"): target})
    _run(move, Connections())
    assert source.calls == {"get_paginator", "get_secret_value"}
    assert {"describe_secret", "create_secret"} <= target.calls
    assert "get_paginator" not in target.calls


def test_the_role_may_read_its_prefix_only(move: Move) -> None:
    role = move.rig.mwaa.environments["old"]["ExecutionRoleArn"].rsplit("/", 1)[1]
    move.rig.session.target.create_role = False
    step, ctx = SecretsPolicy(), move.context("secrets-policy")
    _run(move, step)
    name = f"mwaa-wizard-{move.rig.session.id}-secrets"
    document = move.rig.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:mwaa/new/connections/*"
    assert document["Statement"][0]["Resource"] in (arn, [arn])
    assert step.check(ctx).done
    step.undo(ctx)
    assert name not in move.rig.iam.list_role_policies(RoleName=role)["PolicyNames"]
