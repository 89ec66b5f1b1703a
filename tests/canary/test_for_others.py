"""What is made to be given away (support bundle, exported session, answers, code) and crash files hold no secret."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from mwaa_wizard import secrets
from mwaa_wizard.commands.crash import write_crash_file
from mwaa_wizard.execution.events import Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import engine
from mwaa_wizard.front.answers_of import to_yaml
from mwaa_wizard.front.command_line import as_new
from mwaa_wizard.report import support
from mwaa_wizard.session import export, store
from mwaa_wizard.session.model import Session
from tests.captures.world import a_session
from tests.environments import samples

from .planted import HOSTILE, SECRETS, secrets_in, sequences_in

# As they would turn up in a log: with a name, in an address, bare.
LEAKS = (
    f"smtp_password={SECRETS['a secret Airflow option']}",
    f"amqp://user:{SECRETS['a password inside an option' + chr(39) + 's URL']}@host/",
    f"core.fernet_key = {SECRETS['the Fernet key']}",
    f"aws_secret_access_key = {SECRETS['an AWS secret key']}",
    f'"password": "{SECRETS["a value in keyring"]}"',
    f"token={SECRETS['a variable']}",
)


@pytest.fixture
def session() -> Session:
    """A saved session with a run behind it, secrets where they could have got to and hostile names."""
    made = a_session()
    made.name = HOSTILE
    made.target.airflow_options = {"smtp.smtp_password": SECRETS["a secret Airflow option"], "core.parallelism": "8"}
    made.target.secret_options = ["core.fernet_key"]
    secrets.remember(made.id, "options:core.fernet_key", SECRETS["a value in keyring"])
    store.save(made)
    logs = StepLogs(made.id)
    for leak in LEAKS:
        logs.write(Line(step="export", level="ERROR", text=f"{leak} {HOSTILE}"))
    Journal.of(made.id).write("export", "failed", what=LEAKS[0], where=HOSTILE)
    try:
        raise RuntimeError(f"{LEAKS[1]} {LEAKS[3]} {HOSTILE}")
    except RuntimeError as problem:
        write_crash_file(problem)
    return made


def _of_bundle(path: Path) -> bytes:
    with zipfile.ZipFile(path) as file:
        return b"\n".join(file.read(name) for name in file.namelist())


def test_the_support_bundle(session: Session, tmp_path: Path) -> None:
    held = _of_bundle(support.write(session, tmp_path / "bundle.zip"))
    assert b"core.parallelism" in held
    assert secrets_in(held) == []
    assert sequences_in(held) == []


def test_the_exported_session(session: Session, tmp_path: Path) -> None:
    text = export.write(session, tmp_path / "session.json").read_bytes()
    assert json.loads(text)["redacted"] is True
    assert secrets_in(text) == []


def test_the_answers_and_the_command_that_does_the_same(session: Session) -> None:
    made = to_yaml(session) + "\n".join(str(line) for line in as_new(session))
    assert "core.parallelism" in made
    assert secrets_in(made.encode()) == []


def test_the_crash_file(session: Session) -> None:
    from mwaa_wizard import paths

    (crash,) = paths.log_dir().glob("crash-*.txt")
    assert "RuntimeError" in crash.read_text()
    assert secrets_in(crash.read_bytes()) == []
    assert sequences_in(crash.read_bytes()) == []


def test_the_settings_page_knows_them_and_does_not_say_them(session: Session) -> None:
    found = samples.environment(AirflowConfigurationOptions={"smtp.smtp_password": SECRETS["a secret Airflow option"]})
    session.target.airflow_options = {}
    rows = engine.setting_rows(session, found)
    assert any("smtp_password" in row.name for row in rows)
    assert secrets_in(repr(rows).encode()) == []
