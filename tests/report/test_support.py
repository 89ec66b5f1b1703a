"""The support bundle: everything that explains a run, nothing that must not leave this machine."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from mwaa_wizard import paths
from mwaa_wizard.commands.support import support as command
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.report import support
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

ACCOUNT = "111122223333"
CANARIES = {
    "password": "password=Canary1Hunter2",
    "url": "postgresql://airflow:Canary2Pass@db.example/airflow",
    "access key": "AKIACANARY3ABCDEFGHI",
    "secret key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARY4key",
    "fernet token": "gAAAAABcanary5_0000000000000000000000000000",
    "fernet key": "Canary6" + "A" * 36 + "=",
    "jwt": "eyJhbGciOiJI.eyJjYW5hcnk3Ijox.c2lnbmF0dXJl",
    "bearer": "Authorization: Bearer canary8-token-value",
    "signed url": "https://b.s3.amazonaws.com/k?X-Amz-Signature=canary9aaaaaaaa&X-Amz-Credential=canary10",
    "pem": "-----BEGIN RSA PRIVATE KEY-----MIIcanary11-----END RSA PRIVATE KEY-----",
}
WORDS = (
    "Canary1", "Canary2", "CANARY3", "CANARY4", "canary5", "Canary6", "canary8", "canary9aa", "canary10", "canary11",
    "eyJjYW5hcnk3",
)  # fmt: skip


def a_session() -> Session:
    session = Session(name="with \x1b]52;c;eA==\x07 controls")
    session.source.environment, session.target.environment = "old", "new"
    session.source.connection.account = ACCOUNT
    session.source.connection.arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/jane@example.com"
    session.target.airflow_options = {"core.fernet_key": "Canary1FernetOption", "core.parallelism": "24"}
    store.save(session)
    journal = Journal.of(session.id)
    for canary in CANARIES.values():
        journal.write("export", "failed", what=f"said {canary} there", request_id="REQ-1")
    journal.write("resources", "made", kind="object", name="dags/a.py", key="dags/a.py", account=ACCOUNT)
    before = {"token": "Canary2x"}
    journal.write("entries", "changed", kind="variable", name="x", password="Canary1Member", before=before)
    logs = StepLogs(session.id)
    for canary in CANARIES.values():
        logs.write(Line(step="export", level="INFO", text=f"said {canary} there"))
    with open(logs.path("export"), "a", encoding="utf-8") as file:
        file.write("12:00:00 INFO  touched by hand \x1b]0;title\x07\n")
    logs.close()
    (paths.log_dir() / "crash-20260101T000000-1.txt").write_text(f"Traceback\nRuntimeError: {CANARIES['url']}\n")
    (paths.run_dir(session.id) / "report.md").write_text("# VERIFIED\n")
    return session


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


@pytest.mark.parametrize("mask", [False, True])
def test_no_canary_is_in_it_and_what_explains_is(tmp_path: Path, mask: bool) -> None:
    session = a_session()
    where = support.write(session, tmp_path / "b.zip", mask_accounts=mask)
    assert where.stat().st_mode & 0o777 == 0o600
    found = contents(where)
    assert set(found) == {
        "about.txt", "session.json", "journal.jsonl", "report.md", "logs/all.log", "logs/export.log",
        "crash-20260101T000000-1.txt",
    }  # fmt: skip
    everything = "\n".join(found.values())
    for word in WORDS:
        assert word not in everything, word
    assert "\x1b" not in everything
    assert "REQ-1" in found["journal.jsonl"]
    assert '"key": "dags/a.py"' in found["journal.jsonl"], "an object's key is no secret"
    assert json.loads(found["session.json"])["target"]["airflow_options"]["core.parallelism"] == "24"
    for line in found["journal.jsonl"].splitlines():
        json.loads(line)
    assert "mwaa-wizard" in found["about.txt"]
    assert (ACCOUNT in everything) is not mask
    assert ("jane@example.com" in everything) is not mask
    if mask:
        assert "[account 1]" in found["journal.jsonl"]
        assert "[account 1]" in found["session.json"]


def test_of_a_long_log_only_the_end_goes_along_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "MOST_OF_A_LOG", 1000)
    session = a_session()
    path = StepLogs(session.id).path("import")
    path.write_text("".join(f"12:00:00 INFO  line {number}\n" for number in range(500)))
    text = contents(support.write(session, tmp_path / "b.zip"))["logs/import.log"]
    assert text.startswith("… ")
    assert "line 499" in text
    assert "line 400" not in text
    assert len(text) < 1100
    assert any("at most the last 1000 B" in line for line in support.lines(session))


def test_it_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(support, "_copy", full)
    with pytest.raises(OSError, match="No space"):
        support.write(a_session(), tmp_path / "b.zip")
    assert list(tmp_path.glob("*b.zip*")) == []


def test_the_command_lists_asks_and_says_where_it_is_and_that_nothing_was_sent(tmp_path: Path) -> None:
    session = a_session()
    run = CliRunner().invoke
    listed = run(command, [session.id, "--list"])
    assert listed.exit_code == 0
    for part in ("journal.jsonl", "session.json", "2 step logs", "1 crash file"):
        assert part in listed.output
    assert not list(paths.exports_dir().glob("*.zip"))
    refused = run(command, [session.id])
    assert isinstance(refused.exception, WizardError)
    assert "--yes" in refused.exception.remedy
    where = tmp_path / "mine.zip"
    done = run(command, [session.id, "--output", str(where), "--mask-accounts", "--yes"])
    assert done.exit_code == 0
    assert str(where) in done.output
    assert "Nothing was sent anywhere" in done.output
    assert ACCOUNT not in "".join(contents(where).values())
    assert run(command, [session.id, "--yes"]).exit_code == 0
    assert len(list(paths.exports_dir().glob(f"support-{session.id}-*.zip"))) == 1
