"""uv gets pip's index and certificates unless the user gave it its own, and its output comes line by line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow import uv_tool


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*uv_tool._OWN_INDEX, "PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(uv_tool, "_pip_settings", dict)


def test_pips_index_and_certificates_are_handed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    monkeypatch.setattr(uv_tool, "_pip_settings", lambda: {"index-url": "https://a/simple", "cert": str(bundle)})
    assert uv_tool.environment()["UV_DEFAULT_INDEX"] == "https://a/simple"
    assert uv_tool.environment()["SSL_CERT_FILE"] == str(bundle)
    monkeypatch.setenv("PIP_INDEX_URL", "https://b/simple")
    assert uv_tool.environment()["UV_DEFAULT_INDEX"] == "https://b/simple"


def test_the_users_own_settings_for_uv_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://b/simple")
    monkeypatch.setenv("UV_INDEX_URL", "https://c/simple")
    monkeypatch.setenv("SSL_CERT_FILE", "/own")
    monkeypatch.setenv("PIP_CERT", str(tmp_path))
    found = uv_tool.environment()
    assert "UV_DEFAULT_INDEX" not in found
    assert found["SSL_CERT_FILE"] == "/own"


def test_nothing_is_made_up_without_settings() -> None:
    assert not {"UV_DEFAULT_INDEX", "SSL_CERT_FILE"} & uv_tool.environment().keys()


def test_settings_as_pip_lists_them() -> None:
    listed = ":env:.cert='/x'\nglobal.cert='/ca'\nglobal.index-url='https://a/simple?b=c'\ninstall.cert='/own'\n"
    assert uv_tool.parse_settings(listed) == {"cert": "/own", "index-url": "https://a/simple?b=c"}


def fake_uv(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_an_unknown_certificate_is_tried_again_with_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = 'if [ "$UV_SYSTEM_CERTS" = 1 ]; then echo "$1"; else echo "invalid peer certificate" >&2; exit 2; fi'
    monkeypatch.setattr(uv_tool, "uv_bin", lambda: fake_uv(tmp_path / "uv", script))
    said: list[str] = []
    done = uv_tool.run_uv(["hello"], say=said.append)
    assert (done.returncode, done.stdout) == (0, "hello\n")
    assert said == ["invalid peer certificate"]


def test_another_failure_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = f"echo x >> {count}; echo no such package >&2; exit 1"
    monkeypatch.setattr(uv_tool, "uv_bin", lambda: fake_uv(tmp_path / "uv", script))
    done = uv_tool.run_uv([])
    assert (done.returncode, done.stderr) == (1, "no such package\n")
    assert count.read_text() == "x\n"


def test_uv_is_ended_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(uv_tool, "uv_bin", lambda: fake_uv(tmp_path / "uv", "exec sleep 60"))
    with pytest.raises(subprocess.TimeoutExpired):
        uv_tool.run_uv([], timeout=0.3)
