"""requirements.txt: installed into an overlay folder of the environment, which comes first on PYTHONPATH.

The base virtual environment is shared by all environments of a version and never changed. uv first says what it would
change there (a dry run knows the installed packages); exactly that is put into the overlay.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.airflow.uv_tool import run_uv

_INSTALL_SECONDS = 600  # MWAA user guide: connections-packages (ten minutes)
_CONSTRAINT = re.compile(r"^\s*(?:-c|--constraint)[\s=]+[\"']?(?P<where>[^\s\"']+)[\"']?\s*$")
_OFFICIAL = re.compile(r"apache/airflow/constraints-|constraints-\d")
_WOULD_ADD = re.compile(r"^\s*\+\s+(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?:\s.*)?$")
CONTAINER_HOME = "/usr/local/airflow"


def install(text: str, spec: RuntimeSpec, home: Path, venv: Path, log: Callable[[str], None]) -> bool:
    """Install `text` for the environment; what uv says goes to `log`, the stream `requirements_install_*`.

    False when it failed: MWAA then leaves the environment AVAILABLE with packages missing (MWAA user guide:
    connections-packages), and so does the sandbox.
    """
    overlay = home / "overlay"
    shutil.rmtree(overlay, ignore_errors=True)
    overlay.mkdir(parents=True)
    wanted, notes = rewrite(text, home, pins_of(venv, home))
    for note in notes:
        log(note)
    if not any(line.strip() and not line.lstrip().startswith(("#", "-")) for line in wanted.splitlines()):
        return True
    file = home / "requirements.txt"
    file.write_text(wanted)
    python = str(venv / "bin" / "python")
    try:
        dry = run_uv(
            ["pip", "install", "--color", "never", "--dry-run", "--python", python, "-r", str(file)], _INSTALL_SECONDS
        )
        log(dry.stdout + dry.stderr)
        if dry.returncode != 0:
            return False
        missing = would_add(dry.stderr)
        if not missing:
            return True
        done = run_uv(
            ["pip", "install", "--color", "never", "--python", python, "--target", str(overlay), "--no-deps", *missing],
            _INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        log(_("The installation did not end within ten minutes."))
        return False
    log(done.stdout + done.stderr)
    return done.returncode == 0


def rewrite(text: str, home: Path, pins: Path) -> tuple[str, list[str]]:
    """The file as uv can use it here, and notes on what was changed.

    Airflow's constraint URL is replaced by the version's own pin list, which says the same and needs no network;
    another constraint or index that cannot be reached fails the installation as it would on MWAA. Paths of the
    container (/usr/local/airflow) become paths of this environment's home.
    """
    lines, notes, constrained = [], [], False
    for line in text.replace(CONTAINER_HOME, str(home)).splitlines():
        if (match := _CONSTRAINT.match(line)) and _OFFICIAL.search(match["where"]):
            notes.append(_("{line}: the sandbox's pin list is used instead.").format(line=line.strip()))
            line, constrained = f"--constraint {pins}", True
        lines.append(line)
    if not constrained and not any(_CONSTRAINT.match(line) for line in lines):
        # MWAA adds the constraint when the file has none (2.7.2 and later).
        lines.insert(0, f"--constraint {pins}")
    return "\n".join(lines) + "\n", notes


def would_add(dry_run: str) -> list[str]:
    """The `name==version` that a uv dry run would add, from its ` + name==version` lines."""
    return [
        f"{match['name']}=={match['version']}" for line in dry_run.splitlines() if (match := _WOULD_ADD.match(line))
    ]


def pins_of(venv: Path, home: Path) -> Path:
    """The pin list the virtual environment was made from, beside the environment under a stable name."""
    from mwaa_wizard.sandbox.airflow.versions import PINS

    pins = home / "constraints.txt"
    shutil.copyfile(PINS / f"{venv.name}.txt", pins)
    return pins
