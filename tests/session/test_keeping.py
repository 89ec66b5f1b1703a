"""Deleting with a way back, naming, duplicating and exporting saved sessions."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session import copying, export, store
from mwaa_wizard.session.model import Session

ACCOUNT = "111122223333"


def saved(**changes: object) -> Session:
    session = Session.model_validate({"id": "aabbccdd", **changes})
    session.source.environment = "analytics-prod"
    session.source.connection.account = ACCOUNT
    session.source.connection.arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/jane.doe@example.com"
    store.save(session)
    store.save(session)  # so that there is a backup, too
    return session


def age(path: Path, days: float) -> None:
    then = (dt.datetime.now() - dt.timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_deleted_sessions_come_back_as_they_were() -> None:
    session = saved()
    Journal.of(session.id).write("read-source", "done")
    store.delete(session.id)
    assert store.list_sessions() == []
    assert [(row[0], row[2]) for row in store.deleted()] == [(session.id, session.title())]
    back = store.undelete(session.id)
    assert back is not None
    assert back.model_dump(exclude={"updated_at"}) == session.model_dump(exclude={"updated_at"})
    assert store.path_of(session.id).with_suffix(".bak").exists()
    assert store.deleted() == []
    assert Journal.of(session.id).last("read-source", "done")


def test_a_deleted_session_is_kept_for_thirty_days_and_not_longer() -> None:
    session = saved()
    store.delete(session.id)
    trashed = paths.trash_dir() / f"{session.id}.json"
    age(trashed, 29)
    assert len(store.deleted()) == 1
    age(trashed, 31)
    age(trashed.with_suffix(".bak"), 31)
    assert store.deleted() == []
    assert list(paths.trash_dir().iterdir()) == []
    with pytest.raises(WizardError, match="no deleted session"):
        store.undelete(session.id)


def test_age_is_counted_from_the_deletion_not_from_the_last_change() -> None:
    session = saved()
    age(store.path_of(session.id), 400)
    store.delete(session.id)
    assert len(store.deleted()) == 1


def test_a_session_that_is_there_is_not_overwritten_by_a_deleted_one() -> None:
    session = saved(name="first")
    store.delete(session.id)
    saved(name="second")
    with pytest.raises(WizardError, match="is not deleted"):
        store.undelete(session.id)
    assert store.load(session.id).name == "second"


def test_a_damaged_session_can_be_deleted_and_brought_back() -> None:
    session = saved()
    store.path_of(session.id).write_text("{")
    store.delete(session.id)
    assert store.undelete(session.id) is None
    assert store.path_of(session.id).read_text() == "{"


def test_rename_is_kept_and_refused_while_the_session_is_open_elsewhere() -> None:
    session = saved()
    assert store.rename(session.id, "  Nightly \x1b[31mmove ").title() == "Nightly move"
    assert store.load(session.id).name == "Nightly move"
    assert store.rename(session.id, "").title() == session.title()


def test_a_copy_has_the_choices_and_nothing_run() -> None:
    session = saved()
    session.last_result.state = "verified"
    copy = copying.duplicate(session)
    assert copy.id != session.id
    assert copy.migration_bucket != session.migration_bucket
    assert (copy.source.environment, copy.last_result.state) == ("analytics-prod", "")


def test_an_export_explains_and_gives_nothing_away() -> None:
    session = saved()
    session.target.airflow_options = {
        "core.parallelism": "64",
        "smtp.smtp_password": "canary-one",
        "celery.broker_url": "redis://user:canary-two@host/0",
        "core.left_out": None,
    }
    session.target.settings = {
        "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/mwaa",
        "KmsKey": "key/0000111a-2222-4333-8444-55556666777f",
    }
    where = export.write(session)
    text = where.read_text()
    for given_away in ("canary", ACCOUNT, "jane.doe"):
        assert given_away not in text
    found = json.loads(text)
    assert found["redacted"] is True
    assert found["id"] == session.id
    assert found["source"]["connection"]["account"] == "********3333"
    assert found["target"]["airflow_options"]["core.parallelism"] == "64"
    assert found["target"]["airflow_options"]["core.left_out"] is None
    assert found["target"]["settings"]["ExecutionRoleArn"] == "arn:aws:iam::********3333:role/mwaa"
    assert found["target"]["settings"]["KmsKey"] == "key/0000111a-2222-4333-8444-55556666777f"
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert where.parent == paths.exports_dir()
