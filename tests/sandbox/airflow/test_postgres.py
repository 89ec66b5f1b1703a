"""The real server: databases, templates, leases, and the second sandbox that shares it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.airflow import postgres_binaries, postgres_strays
from mwaa_wizard.sandbox.airflow.postgres import Postgres, database_name


def test_databases_templates_and_the_end_of_the_server(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg")
    server.start()
    try:
        server.create_database("origin")
        server.sql("CREATE TABLE t AS SELECT generate_series(1, 3) AS n", "origin")
        server.create_database("copy", template="origin")
        assert server.sql("SELECT count(*) FROM t", "copy").strip() == "3"
        server.rename_database("copy", 'odd "name"')
        assert server.has_database('odd "name"')
        server.drop_database('odd "name"')
        server.drop_database("never there")
        assert server.databases() == ["airflow", "origin"] or server.databases() == ["origin"]
        with pytest.raises(WizardError, match="nonsense"):
            server.sql("SELECT nonsense")
        password = tmp_path / "pg" / "password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert f"127.0.0.1:{server.port}/origin" in server.uri("origin")
        assert password.read_text() in server.uri("origin")
        cold = {name for name, _pid in server.processes()}
        assert cold == {"postgres"}
    finally:
        server.wipe()
    assert server.processes() == []
    assert not (tmp_path / "pg").exists()


def test_a_lease_of_a_living_process_keeps_the_server(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg")
    server.start()
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (tmp_path / "pg" / "leases" / str(other.pid)).touch()
        server.stop()
        assert server.processes() != []
        again = Postgres(tmp_path / "pg")
        again.start()  # joins
        assert again.processes() == server.processes()
        assert other.stdin is not None
        other.stdin.close()
        while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:  # ended, its status not yet collected
            time.sleep(0.02)
        again.stop()
        assert again.processes() == []
    finally:
        other.kill()
        other.wait()
        server.wipe()


def test_an_installed_server_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = postgres_binaries.find()
    monkeypatch.setenv(postgres_binaries.ENV_BIN, str(found.folder))
    assert postgres_binaries.find() == found
    monkeypatch.setenv(postgres_binaries.ENV_BIN, str(tmp_path))
    with pytest.raises(WizardError, match="No PostgreSQL"):
        postgres_binaries.find()


def test_programs_that_nobody_else_can_reach_run_from_a_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As for root with a checkout below /root: the copy must bring the wheel's libraries along."""
    monkeypatch.setattr(postgres_binaries, "reachable_by_others", lambda path: False)
    found = replace(postgres_binaries.find(), run_as=(os.geteuid(), os.getegid()))
    copied = postgres_binaries.usable(found, tmp_path)
    assert tmp_path in copied.folder.parents
    for program in ("initdb", "postgres", "pg_ctl"):
        said = subprocess.run([copied.program(program), "--version"], capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        assert f" {found.major}" in said.stdout
    assert postgres_binaries.usable(found, tmp_path) == copied


def test_database_names_fit_and_differ_between_sandboxes() -> None:
    long = "A" * 80
    name = database_name(long, Path("/one"))
    assert len(name) <= 63 - len("_snap")
    assert name != database_name(long, Path("/two"))
    assert name == name.lower()


def test_a_server_whose_password_is_lost_is_made_anew(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg")
    server.start()
    try:
        server.create_database("lost")
        old = server.processes()
        (tmp_path / "pg" / "password").unlink()
        again = Postgres(tmp_path / "pg")
        again.start()
        assert again.processes() != old
        assert "lost" not in again.databases()
    finally:
        server.wipe()


def stray(shared: Path, cache: Path) -> Path:
    base = shared / postgres_binaries.shared_name(cache)
    (base / "data-16").mkdir(parents=True)
    postgres_strays.sign(base, cache)
    return base


def test_only_what_a_deleted_cache_of_ours_left_is_swept(tmp_path: Path) -> None:
    shared, living = tmp_path / "shared", tmp_path / "living"
    living.mkdir()
    mine = stray(shared, tmp_path / "mine")  # not yet made, but ours now
    kept = stray(shared, living)
    foreign = shared / f"{postgres_binaries.SHARED_PREFIX}ffffffffffff"
    foreign.mkdir()
    misnamed = stray(shared, tmp_path / "gone").rename(shared / f"{postgres_binaries.SHARED_PREFIX}eeeeeeeeeeee")
    left = stray(shared, tmp_path / "gone")
    assert postgres_strays.sweep(mine) == [left]
    assert sorted(shared.iterdir()) == sorted([mine, kept, foreign, misnamed])
