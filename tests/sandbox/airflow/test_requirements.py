"""requirements.txt is rewritten for this machine and only what is missing is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow import requirements, uv_tool, versions

PINS = Path("/home/prod/constraints.txt")
URL = "https://raw.githubusercontent.com/apache/airflow/constraints-2.8.1/constraints-3.11.txt"


@pytest.mark.parametrize("line", [f'--constraint "{URL}"', f"-c {URL}", f"--constraint={URL}"])
def test_airflows_constraints_come_from_the_pin_list(line: str) -> None:
    text, notes = requirements.rewrite(f"{line}\nfaker==19.0.0\n", Path("/home/prod"), PINS)
    assert text == f"--constraint {PINS}\nfaker==19.0.0\n"
    assert len(notes) == 1


def test_a_missing_constraint_is_added_as_mwaa_does() -> None:
    text, notes = requirements.rewrite("faker\n", Path("/home/prod"), PINS)
    assert text.splitlines() == [f"--constraint {PINS}", "faker"]
    assert notes == []


def test_a_users_own_constraint_stays_and_container_paths_become_ours() -> None:
    given = "--constraint /usr/local/airflow/dags/mine.txt\n--find-links /usr/local/airflow/plugins\nfaker\n"
    text, _notes = requirements.rewrite(given, Path("/home/prod"), PINS)
    assert text.splitlines() == [
        "--constraint /home/prod/dags/mine.txt", "--find-links /home/prod/plugins", "faker",
    ]  # fmt: skip


def test_what_a_dry_run_would_add() -> None:
    said = "Resolved 3 packages in 5ms\nWould download 1 package\n - six==1.16.0\n + six==1.17.0\n + faker==19.0.0\n"
    assert requirements.would_add(said) == ["six==1.17.0", "faker==19.0.0"]


def test_uv_refuses_a_package_that_does_not_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The failure is told to the log and does not raise: MWAA leaves such an environment AVAILABLE."""
    from tests.sandbox.airflow.specs import spec

    base = tmp_path / "airflow-2.8.1-py311"
    python = next(p for minor in (11, 12, 13) if (p := versions._local_python(minor)))
    assert uv_tool.run_uv(["venv", "-q", "--python", str(python), str(base)]).returncode == 0
    home = tmp_path / "home"
    home.mkdir()
    said: list[str] = []
    text = "--no-index\nno-such-package==1.0\n"
    assert requirements.install(text, spec("2.8.1"), home, base, said.append) is False
    assert "no-such-package" in "\n".join(said)
    assert (home / "overlay").is_dir()
