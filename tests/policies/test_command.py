"""`policy`: names, forms, reasons on standard error, verdicts with an exit code, and users without a session."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mwaa_wizard.commands.policy import policy
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies import alone, compare
from mwaa_wizard.policies.analyzed import Analysis, Finding
from mwaa_wizard.policies.live import Checked
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

from .combos import combo


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A saved session; AWS answers what the combination knows."""
    one = combo(key=True, far=True)
    store.save(one.session)
    made = engine_policies.Policies(one.found, True)
    monkeypatch.setattr(engine_policies, "asked", lambda _session: made)
    return one.session


def run(*words: str) -> Result:
    return CliRunner().invoke(policy, list(words))


@pytest.mark.parametrize("name", list(combo(key=True, far=True).found.pieces()))
def test_every_document_is_printed_as_pure_json(session: Session, name: str) -> None:
    done = run(session.id, "--for", name)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == combo(key=True, far=True).found.pieces()[name].policy.document
    assert done.stderr == ""


def test_reasons_stand_beside_the_document_not_in_it(session: Session) -> None:
    done = run(session.id, "--for", "source-role", "--explain")
    json.loads(done.stdout)
    assert "WriteBundle: The inventory and export DAGs upload here" in done.stderr
    assert "of 10,240 characters" in done.stderr
    assert f"Policy name: mwaa-wizard-{session.id}-source\n" in done.stderr
    assert "✘" not in done.stderr


def test_an_unknown_name_lists_those_there_are(session: Session) -> None:
    done = run(session.id, "--for", "everybody")
    assert done.exit_code == 2
    for name in ("source-role", "operator-target-planning", "ui-viewer", "kms-key"):
        assert name in done.stderr


def test_a_key_is_added_to_and_never_replaced(session: Session) -> None:
    done = run(session.id, "--for", "kms-key", "--format", "terraform")
    assert done.exit_code == 2
    assert "JSON only" in done.stderr


@pytest.mark.parametrize(
    ("states", "code"),
    [(["allowed", "allowed"], 0), (["allowed", "unknown"], 0), (["allowed", "denied"], 1), (["unknown"], 1)],
)
def test_check_says_it_by_statement_and_by_exit_code(
    session: Session, monkeypatch: pytest.MonkeyPatch, states: list[Any], code: int
) -> None:
    verdicts = tuple(Verdict(f"S{number}", state, "s3:PutObject") for number, state in enumerate(states))
    monkeypatch.setattr(engine_policies, "checked", lambda _session, _piece: Checked("03:12:00Z", verdicts, "a note"))
    done = CliRunner().invoke(policy, [session.id, "--for", "source-role", "--check"], standalone_mode=False)
    assert done.return_value == code
    assert [line.split()[1] for line in done.stdout.splitlines()] == [one.sid for one in verdicts]
    assert "a note" in done.stderr
    assert "03:12:00Z" in done.stderr


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn")])
def test_users_of_any_environment_need_no_session(region: str, partition: str) -> None:
    done = run("--for", "ui-users", "--env", "etl", "--role", "Op", "--account", "123456789012", "--region", region)
    statement = json.loads(done.stdout)["Statement"][0]
    assert statement["Resource"] == f"arn:{partition}:airflow:{region}:123456789012:role/etl/Op"
    assert statement["Action"] == ["airflow:CreateWebLoginToken"]


def test_a_session_takes_no_options_of_documents_without_one(session: Session) -> None:
    done = run(session.id, "--for", "ui-viewer", "--role", "Op")
    assert done.exit_code == 2
    assert "leave out the options" in done.stderr


def test_people_of_a_sessions_target_by_role(session: Session) -> None:
    arn = "arn:aws:airflow:eu-west-1:444455556666:role/new"
    for words, ending in (([], "Viewer"), (["--role", "Op"], "Op"), (["--role", "Team", "--dag", "d"], "Public")):
        done = run(session.id, "--for", "ui-users", *words, "--explain")
        assert json.loads(done.stdout)["Statement"][0]["Resource"] == f"{arn}/{ending}", words
    assert "airflow roles add-perms Team -r DAG:d" in done.stderr
    assert "a role of your own" in run(session.id, "--for", "ui-users", "--dag", "d").stderr


def test_secrets_of_a_session_under_a_key_of_your_own(monkeypatch: pytest.MonkeyPatch) -> None:
    one = combo("settings-only", made=False)
    store.save(one.session)
    monkeypatch.setattr(engine_policies, "asked", lambda _session: engine_policies.Policies(one.found, True))
    plain, more = (json.loads(run(one.session.id, "--for", "secrets", *words).stdout)["Statement"]
                   for words in ([], ["--kms-key", KEY]))  # fmt: skip
    assert more[:-1] == plain
    assert (more[-1]["Action"], more[-1]["Resource"]) == (["kms:Decrypt"], KEY)
    assert "is not one" in run(one.session.id, "--for", "secrets", "--kms-key", "alias/x").stderr
    assert "leave out" in run(one.session.id, "--for", "secrets", "--kms-key", KEY, "--check").stderr


PLACE = ["--env", "etl", "--account", "123456789012", "--region", "eu-west-1"]
ROLE, KEY = "arn:aws:iam::123456789012:role/service-role/etl", "arn:aws:kms:eu-west-1:123456789012:key/1b2c-3d4e"
ALONE = {
    "ui-users": PLACE, "ui-rest-api": [*PLACE, "--role", "Op"], "ui-cli": PLACE, "execution-role-trust": PLACE,
    "execution-role": [*PLACE, "--bucket", "etl-dags", "--kms-key", KEY], "kms-key": [*PLACE, "--kms-key", KEY],
    "secrets": PLACE[2:], "log-export-source": PLACE, "log-export-target": PLACE,
    "operator-source-planning": [*PLACE, "--bucket", "etl-dags", "--execution-role", ROLE],
}  # fmt: skip


@pytest.mark.parametrize("which", list(alone.KINDS))
def test_what_needs_no_session_is_sound_and_explained(which: str) -> None:
    done = run("--for", which, *ALONE[which], "--explain")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert "✘" not in done.stderr
    assert all(f"{statement['Sid']}: " in done.stderr for statement in document["Statement"])
    assert "n-*" not in done.stdout or which == "ui-users"
    assert "mwaa-wizard-" not in run("--for", which, *ALONE[which], "--format", "json").stdout


@pytest.mark.parametrize("which", [name for name in alone.KINDS if name != "kms-key"])
def test_what_needs_no_session_has_every_form(which: str) -> None:
    for form in ("cli", "cloudformation", "terraform"):
        done = run("--for", which, *ALONE[which], "--format", form)
        assert done.exit_code == 0, done.stderr
        assert "mwaa-wizard-" not in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--for", "source-role"], "without one there are: ui-users, ui-rest-api"),
        (["--for", "ui-users", "--env", "etl"], "ui-users needs --account, --region"),
        (["--for", "execution-role", *PLACE], "needs --bucket"),
        (["--for", "ui-cli", *PLACE, "--bucket", "b12"], "ui-cli has no use for --bucket"),
        (["--for", "ui-users", *PLACE, "--account", "12"], "--account 12 is not one"),
        (["--for", "ui-users", *PLACE, "--env", "a/b"], "--env a/b is not one"),
        (["--for", "ui-users", *PLACE, "--region", "nowhere"], "--region nowhere is not one"),
        (["--for", "kms-key", *PLACE, "--kms-key", "alias/x"], "--kms-key alias/x is not one"),
        (["--for", "ui-users", *PLACE, "--role", "Viewer", "--dag", "d"], "a role of your own"),
        (["--for", "ui-users", *PLACE, "--check"], "--check needs a SESSION"),
    ],
)
def test_without_a_session_what_is_missing_or_wrong_is_said(words: list[str], told: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_role_of_your_own_is_entered_as_public_and_limited_inside_airflow() -> None:
    words = ["--for", "ui-users", *PLACE, "--role", "Team A", "--dag", "etl_daily", "--dag", "it's"]
    done = run(*words, "--explain")
    (statement,) = json.loads(done.stdout)["Statement"]
    assert statement["Resource"] == "arn:aws:airflow:eu-west-1:123456789012:role/etl/Public"
    lines = [shlex.split(line) for line in done.stderr.splitlines() if line.startswith(("aws ", "airflow "))]
    rest, create, *grants = lines
    body = json.loads(rest[-1])
    given = {(one["action"]["name"], one["resource"]["name"]) for one in body["actions"]}
    assert body["name"] == create[-1] == "Team A"
    assert {pair for pair in given if pair[1].startswith("DAG:")} == {
        (action, f"DAG:{dag}") for action in ("can_read", "can_edit") for dag in ("etl_daily", "it's")}  # fmt: skip
    assert "DAGs" not in {name for _action, name in given}, "with any action on it every DAG is seen"
    typed = set()
    for words in grants:
        assert words[:4] == ["airflow", "roles", "add-perms", "Team A"]
        names, actions = words[words.index("-r") + 1 : words.index("-a")], words[words.index("-a") + 1 :]
        typed |= {(action, name) for action in actions for name in names}
    assert typed == given
    shell = run("--for", "ui-users", *PLACE, "--role", "Team A", "--format", "cli").stdout
    name = re.search(r"--policy-name (\S+)", shell)
    assert name is not None
    assert name[1] == "mwaa-etl-web-Team-A"
    assert "\n# airflow roles create 'Team A'\n" in shell


def live(*words: str) -> Result:
    return CliRunner().invoke(policy, list(words), standalone_mode=False)


def test_access_analyzer_stands_below_its_statement(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = (Verdict("One", "allowed"), Verdict("Two", "allowed"))
    finding = Finding("One", "ERROR", "INVALID_ACTION", "No such action.", "Action[0]")
    analysis = Analysis((finding, Finding("", "SUGGESTION", "VERSION", "A newer one.")))
    checked = Checked("03:12:00Z", verdicts, analysis=analysis)
    monkeypatch.setattr(engine_policies, "checked", lambda _session, _piece: checked)
    done = live(session.id, "--for", "source-role", "--check")
    assert done.stdout.splitlines() == [
        "✔ One  allowed", "    Access Analyzer, error: No such action. (INVALID_ACTION, Action[0])", "✔ Two  allowed",
        "Access Analyzer, suggestion: A newer one. (VERSION)",
    ]  # fmt: skip
    assert "Access Analyzer has 2 findings." in done.stderr
    assert done.return_value == 1
    silent = Checked("03:12:00Z", verdicts, analysis=Analysis(note="Access Analyzer is not reached in x."))
    monkeypatch.setattr(engine_policies, "checked", lambda _session, _piece: silent)
    done = live(session.id, "--for", "source-role", "--check")
    assert "not reached in x" in done.stderr
    assert done.return_value == 0


def test_the_diff_is_told_in_words_lines_and_by_exit_code(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = combo(key=True, far=True).found.pieces()["source-role"].policy
    for there, code in ((wanted.document, 0), ({"Version": "2012-10-17", "Statement": []}, 1), (None, 1)):
        found = engine_policies.Compared(
            tuple(compare.differences(wanted, there)), tuple(compare.lines(wanted, there)), "",
            (("ListBundle", "team-grants"),),
        )  # fmt: skip
        monkeypatch.setattr(engine_policies, "compared", lambda _session, _piece, found=found: found)
        done = live(session.id, "--for", "source-role", "--diff")
        assert done.return_value == code
        first = "= ListBundle: there as it is here" if code == 0 else (
            "+ ListBundle: not there, but allowed already by team-grants")  # fmt: skip
        assert done.stdout.splitlines()[0] == first
        assert ('+       "Sid": "WriteBundle",' in done.stdout) == bool(code)


def test_attaching_and_taking_off_need_a_yes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    done_: list[str] = []

    def doing(text: str) -> Any:
        def do(_session: Session, piece: Any) -> list[str]:
            done_.append(piece.name)
            return [text]

        return do

    monkeypatch.setattr(engine_policies, "applied", doing("Put it."))
    monkeypatch.setattr(engine_policies, "detached", doing("Took it."))
    monkeypatch.setattr(engine_policies, "is_attached", lambda _session, _piece: True)
    for way, told in (("--attach", "Put it."), ("--detach", "Took it.")):
        refused = live(session.id, "--for", "source-role", way)
        assert isinstance(refused.exception, WizardError)
        assert refused.exception.remedy == "Add --yes."
        assert done_ == []
        assert live(session.id, "--for", "source-role", way, "--yes").stdout.splitlines() == [told]
        assert done_.pop() == "source-role"


@pytest.mark.parametrize("way", ["--check", "--diff", "--attach", "--detach"])
def test_without_a_session_nothing_is_asked_of_aws(way: str) -> None:
    done = run("--for", "ui-users", "--env", "e", "--account", "1" * 12, "--region", "eu-west-1", way)
    assert done.exit_code == 2
    assert f"{way} needs a SESSION" in done.stderr
