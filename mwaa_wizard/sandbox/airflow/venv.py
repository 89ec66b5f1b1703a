"""One virtual environment per Airflow version, made by uv from a pin list and kept in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.sandbox.airflow import versions
from mwaa_wizard.sandbox.airflow.uv_tool import run_uv

INSIDE = Path(__file__).parent / "inside"
_READY = "mwaa-wizard-ready"
# Lines of uv's that show that an installation goes on: each large download, and the end of each stage.
_STAGE = re.compile(r"^(?:Prepared|Installed|Bytecode compiled) \d+ \S+ in .*|^ ?Downloading .*")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path` across processes; released by the kernel if we are killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure_venv(version: str, progress: Callable[[str], None]) -> Path:
    """The folder of a complete virtual environment with Airflow `version`; made when it is not cached.

    A marker written last, carrying the pin list's digest, tells a finished environment from a half-made one.
    Raises WizardError when no fitting Python is found or an installation fails.
    """
    python = versions.python_for(version, progress=progress)
    if python is None:
        raise _no_python(version)
    minor = versions.minor_of(python)
    pins = versions.pin_list(version, minor)
    digest = hashlib.sha256(pins.read_bytes() + _extras_digest()).hexdigest()
    folder = paths.sandbox_cache() / "venvs" / f"airflow-{version}-py3{minor}"
    with locked(folder.with_suffix(folder.suffix + ".lock")):
        ready = folder / _READY
        if ready.exists() and ready.read_text() == digest and (folder / "bin" / "python").exists():
            return folder
        progress(_("Installing Airflow {version} for Python 3.{minor} ...").format(version=version, minor=minor))
        shutil.rmtree(folder, ignore_errors=True)
        _build(folder, python, pins, version, minor, progress)
        ready.write_text(digest)
    return folder


def site_packages(venv: Path) -> Path:
    """The folder of a virtual environment that holds its packages."""
    return next(iter(sorted(venv.glob("lib/python3.*/site-packages"))))


def _build(folder: Path, python: Path, pins: Path, version: str, minor: int, progress: Callable[[str], None]) -> None:
    _must(_uv(["venv", "-q", "--python", str(python), str(folder)], version), version)
    install = ["pip", "install", "--color", "never", "--python", str(folder / "bin" / "python"), "--no-deps"]
    install += ["-r", str(pins)]
    if versions.parse(version) >= (2, 4, 0):
        install.append("--compile-bytecode")  # the first start would else compile 10,000 files on two cores
    if minor == 7:
        # Source distributions of 2020 use setup keywords that setuptools 58 removed (use_2to3).
        constraints = folder / "build-constraints.txt"
        constraints.write_text("setuptools<58\n")
        install += ["--build-constraints", str(constraints)]

    def tell(line: str) -> None:
        if _STAGE.match(line):
            progress(_("Airflow {version}: {line}").format(version=version, line=line.strip()))

    _must(_uv(install, version, tell), version)
    for source in sorted(INSIDE.glob("site/*")):
        if source.is_file():
            shutil.copy(source, site_packages(folder) / source.name)


def _extras_digest() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(INSIDE.glob("site/*")) if path.is_file())


def _uv(args: list[str], version: str, say: Callable[[str], None] | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return run_uv(args, say=say)
    except subprocess.TimeoutExpired as error:
        raise WizardError(
            what=_("Installing Airflow {version} did not end within {n:.0f} minutes.").format(
                version=version, n=error.timeout / 60
            ),
            changed=_("The half-made virtual environment is ignored and made again next time."),
            remedy=_("Packages that came are kept; try again. Is the package index slow?"),
            where="uv pip install",
        ) from error


def _must(done: subprocess.CompletedProcess[str], version: str) -> None:
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        tail = "\n".join(said[max(0, said.find("error:")) :].splitlines()[:12])
        full = "No space left" in said or "os error 28" in said
        raise WizardError(
            what=_("Installing Airflow {version} failed: {tail}").format(version=version, tail=tail),
            changed=_("The half-made virtual environment is ignored and made again next time."),
            remedy=_("Free some space on the disk of {path} (an Airflow takes some 400 MB), then try again.").format(
                path=paths.sandbox_cache()
            )
            if full
            else _("Check that the package index is reachable (pip's index-url, or UV_DEFAULT_INDEX), then try again."),
            where="uv pip install",
        )


def _no_python(version: str) -> WizardError:
    minors = versions.supported().get(version)
    if minors is None:
        return WizardError(
            what=_("The sandbox has no pin list for Airflow {version}.").format(version=version),
            changed=_("Nothing was changed."),
            remedy=_("Use one of: {versions}.").format(versions=listed(versions.supported())),
        )
    wanted = listed(f"3.{minor}" for minor in sorted(minors))
    what = _("Airflow {version} needs one of Python {wanted}; none was found here, and uv could not fetch one.")
    remedy = _("Install one of these Pythons (on PATH, or with pyenv), then try again.")
    if others := versions.runnable():
        remedy += " " + _("With the Pythons that are here, Airflow {versions} can run.").format(
            versions=listed(others)
        )
    return WizardError(
        what=what.format(version=version, wanted=wanted), changed=_("Nothing was changed."), remedy=remedy
    )
