"""uv as the sandbox runs it: its own package cache, and the index and certificates that pip was told about.

Whoever has a private index or a company's certificate has it in pip's settings; pip made the virtual environment we
run in. uv reads neither, so what it has no setting of its own for is handed over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import cache

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

SECONDS = 900.0
_OWN_INDEX = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_CONFIG_FILE", "UV_OFFLINE", "UV_NO_INDEX")
_SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # the second name until uv 0.10
_BAD_CERTIFICATE = ("invalid peer certificate", "UnknownIssuer", "--system-certs", "--native-tls")


def uv_bin() -> str:
    """Path of the uv executable. Raises WizardError when the package `uv` is not installed."""
    try:
        import uv

        return str(uv.find_uv_bin())
    except (ImportError, FileNotFoundError) as error:
        raise WizardError(
            what=_("uv is not installed, so no Airflow can be installed for the sandbox."),
            changed=_("Nothing was changed."),
            remedy=_("Install the extra: pip install 'mwaa-wizard[sandbox]'."),
        ) from error


def run_uv(
    args: list[str], timeout: float = SECONDS, say: Callable[[str], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run uv to its end; `say` gets each line of its standard error as it comes.

    When the index's certificate is not among those uv brings along, a second run trusts the system's.
    Raises subprocess.TimeoutExpired after `timeout` seconds.
    """
    done = _run(args, environment(), timeout, say)
    if done.returncode != 0 and any(mark in done.stderr for mark in _BAD_CERTIFICATE):
        done = _run(args, environment() | _SYSTEM_CERTIFICATES, timeout, say)
    return done


def environment() -> dict[str, str]:
    """The variables uv runs with; the user's own UV_* stay in force."""
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    env.setdefault("UV_CACHE_DIR", str(paths.sandbox_cache() / "uv"))
    env.setdefault("UV_PYTHON_INSTALL_DIR", str(paths.sandbox_cache() / "pythons"))
    pip = _pip_settings()
    if (index := env.get("PIP_INDEX_URL") or pip.get("index-url")) and not any(env.get(name) for name in _OWN_INDEX):
        env["UV_DEFAULT_INDEX"] = index
    if (certificates := env.get("PIP_CERT") or pip.get("cert")) and os.path.exists(certificates):
        env.setdefault("SSL_CERT_FILE", certificates)
    return env


@cache
def _pip_settings() -> dict[str, str]:
    """Global settings of pip's configuration files, or nothing where there is no pip."""
    try:
        said = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, timeout=60, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return {}
    return parse_settings(said.stdout) if said.returncode == 0 else {}


def parse_settings(listed: str) -> dict[str, str]:
    """`global.NAME='value'` and `install.NAME='value'` lines of `pip config list`; `install` wins, as in pip."""
    found: dict[str, str] = {}
    for section in ("global.", "install."):
        for line in listed.splitlines():
            name, sign, value = line.partition("=")
            if sign and name.startswith(section):
                found[name.removeprefix(section)] = value.strip().strip("'\"")
    return found


def _run(
    args: list[str], env: dict[str, str], timeout: float, say: Callable[[str], None] | None
) -> subprocess.CompletedProcess[str]:
    deadline = time.monotonic() + timeout
    with subprocess.Popen(
        [uv_bin(), *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        errors="replace",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        errors = process.stderr

        def listen() -> None:
            for line in errors:
                said.append(line)
                if say is not None:
                    say(line.rstrip())

        written: list[str] = []
        output = process.stdout
        readers = [threading.Thread(target=listen), threading.Thread(target=lambda: written.append(output.read()))]
        for reader in readers:
            reader.start()
        try:
            code = process.wait(max(0.0, deadline - time.monotonic()))
        except BaseException:
            process.kill()
            raise
        finally:
            for reader in readers:
                reader.join()
    return subprocess.CompletedProcess(args, code, "".join(written), "".join(said))
