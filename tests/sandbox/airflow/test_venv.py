"""What is said when an Airflow cannot be installed."""

from __future__ import annotations

import subprocess

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.airflow import uv_tool, venv, versions


def refuse(monkeypatch: pytest.MonkeyPatch, words: str) -> WizardError:
    """The error when uv ends with `words`."""

    def run(args: list[str], timeout: float = 0, say: object = None) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(args, 2, "", words)

    monkeypatch.setattr(venv, "run_uv", run)
    version = versions.runnable()[-1]
    with pytest.raises(WizardError) as caught:
        venv.ensure_venv(version, lambda line: None)
    assert version in caught.value.what
    return caught.value


@pytest.fixture(autouse=True)
def cold_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MWAA_WIZARD_CACHE")


def test_an_index_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refuse(monkeypatch, "Using Python 3.11.7\nerror: Request failed\n  cause: Connection refused\n")
    assert "Using Python" not in error.what
    assert "Connection refused" in error.what
    assert "index" in error.remedy


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refuse(monkeypatch, "error: failed to write\n  cause: No space left on device (os error 28)\n")
    assert "Free some space" in error.remedy
    assert "sandbox" in error.remedy


def test_no_python_says_which_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_local_python", lambda minor: None)
    monkeypatch.setattr(
        uv_tool, "run_uv", lambda args, timeout=0, say=None: subprocess.CompletedProcess(args, 1, "", "")
    )
    said: list[str] = []
    with pytest.raises(WizardError, match=r"needs one of Python 3\.10, 3\.11, 3\.12, 3\.13") as caught:
        venv.ensure_venv("2.11.2", said.append)
    assert "asking uv" in said[0]
    assert "Install one of these" in caught.value.remedy
