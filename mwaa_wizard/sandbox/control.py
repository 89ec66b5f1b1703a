"""`sandbox up`, `status`, `env` and `down` as functions: what the commands, the demo and the tests call."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_FAILED, EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.sandbox import channel, leftovers, state
from mwaa_wizard.sandbox.state import AccountStatus, EnvironmentStatus, Status

__all__ = [
    "AccountStatus", "EnvironmentStatus", "Status", "add_account", "calls", "down", "env_lines", "ledger", "parse_spec",
    "status", "up",
]  # fmt: skip

Progress = Callable[[str], None]
START_SECONDS = 120.0
STOP_SECONDS = 60.0
# The daemon outlives us on purpose; keeping the object keeps Python from warning about it.
_children: list[subprocess.Popen[bytes]] = []
_NAME = re.compile(r"[a-zA-Z][0-9a-zA-Z_-]{0,79}")


def parse_spec(text: str) -> tuple[str, str]:
    """`NAME=VERSION` as a pair; WizardError (usage) when it is not one."""
    name, sign, version = text.partition("=")
    if not sign or not _NAME.fullmatch(name) or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise WizardError(
            what=_("{text} is not NAME=VERSION.").format(text=repr(text)),
            changed=_("Nothing was changed."),
            remedy=_("Write for example analytics-prod=2.8.1."),
            exit_code=EXIT_USAGE,
        )
    return name, version


def up(
    specs: list[tuple[str, str]], data: str = "small", progress: Progress = lambda text: None, *, profile: str = ""
) -> Status:
    """Bring the environments up (starting the sandbox if none runs) and wait until they are AVAILABLE and filled.

    They come up in the account and region of `profile` (`add_account`; empty: the sandbox's first). Environments that
    run already are left as they are. Raises WizardError when one of them cannot come up; the
    others are up then, and stay.
    """
    if data not in ("small", "large", "none"):
        raise WizardError(
            what=_("There is no data size {size}.").format(size=repr(data)),
            changed=_("Nothing was changed."),
            remedy=_("Use small, large or none."),
            exit_code=EXIT_USAGE,
        )
    names = [name for name, _version in specs]
    if len(set(names)) != len(names):
        raise WizardError(
            what=_("An environment is named twice."), changed=_("Nothing was changed."), exit_code=EXIT_USAGE
        )
    _check_versions([version for _name, version in specs])
    with state.lock():
        running = _ensure_daemon(progress)
    answer: dict[str, Any] = {}
    try:
        request = {"op": "up", "specs": specs, "data": data, "profile": profile}
        for message in channel.ask(running.port, running.key, request):
            if "progress" in message:
                name = message["name"]
                line = f"{name}: {message['progress']}" if name else message["progress"]
                progress(f"[{message['seconds']:6.1f} s] {line}")
            answer = message.get("done", answer)
    except channel.Closed as error:
        raise WizardError(
            what=_("The sandbox ended while its environments were coming up ({error}).").format(error=error),
            changed=_("Nothing of it may be running any more."),
            remedy=_("Run `mwaa-wizard sandbox down`, then try again. Its log is {path}.").format(path=_log()),
        ) from error
    if errors := answer.get("errors"):
        raise _joined(errors)
    return state.status_from(answer["status"])


def _check_versions(wanted: list[str]) -> None:
    """Raises WizardError (usage) before anything is started for a version that no pin list knows."""
    from mwaa_wizard.sandbox.airflow import versions

    if unknown := [version for version in wanted if version not in versions.supported()]:
        raise WizardError(
            what=_("Airflow {version} cannot run in the sandbox.").format(version=listed(unknown)),
            changed=_("Nothing was changed."),
            remedy=_("Choose one of: {versions}.").format(versions=listed(versions.supported())),
            exit_code=EXIT_USAGE,
        )


def _joined(errors: list[dict[str, Any]]) -> WizardError:
    first = errors[0]
    what = "\n".join(str(error["what"]) for error in errors)
    return WizardError(
        what=what,
        changed=str(first.get("changed", "")) or _("Other environments of the sandbox go on running."),
        remedy=str(first.get("remedy", "")) or _("The sandbox's log is {path}.").format(path=_log()),
        code=str(first.get("code", "")),
        exit_code=EXIT_FAILED,
    )


def status() -> Status:
    """What runs now. Without a living daemon: `running` False and the environments last seen, as STOPPED."""
    known = state.read()
    if known is None:
        return Status(running=False)
    if _alive(known):
        try:
            *_rest, last = channel.ask(known.port, known.key, {"op": "status"}, timeout=20)
            return state.status_from(last["done"]["status"])
        except channel.Closed:
            return known.status
    gone = [replace(found, status="STOPPED", webserver_url="", database_uri="") for found in known.status.environments]
    return replace(known.status, running=False, environments=gone)


def add_account(
    account: str, region: str, profile: str, progress: Progress = lambda text: None
) -> AccountStatus:
    """Another account with an operator's profile and a network of its own (starting the sandbox if none runs).

    Raises WizardError: the profile belongs to another account or region, the account is no account id.
    """
    if not re.fullmatch(r"\d{12}", account):
        raise WizardError(
            what=_("{account} is not an account id.").format(account=repr(account)),
            changed=_("Nothing was changed."),
            remedy=_("Write twelve digits, for example 222233334444."),
            exit_code=EXIT_USAGE,
        )
    with state.lock():
        running = _ensure_daemon(progress)
    request = {"op": "account", "account": account, "region": region, "profile": profile}
    answer = _ask(running, request)
    if errors := answer.get("errors"):
        raise WizardError(**errors[0])
    return state.account_from(answer["account"])


def calls() -> list[dict[str, Any]]:
    """How many calls were made since the start, by caller, account, region, service, operation and owner.

    Raises WizardError when no sandbox runs.
    """
    known = state.read()
    if known is None or not _alive(known):
        raise _not_running()
    found: list[dict[str, Any]] = _ask(known, {"op": "calls"})["calls"]
    return found


def ledger(do: Literal["begin", "read", "end"] = "read") -> list[dict[str, Any]]:
    """The decisions kept since `begin` (aws/authorise/ledger.py: `Ledger.rows`); then `do`.

    Raises WizardError when no sandbox runs.
    """
    known = state.read()
    if known is None or not _alive(known):
        raise _not_running()
    found: list[dict[str, Any]] = _ask(known, {"op": "ledger", "do": do})["rows"]
    return found


def _ask(running: state.State, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one short request."""
    try:
        *_rest, last = channel.ask(running.port, running.key, request, timeout=60)
    except channel.Closed as error:
        raise WizardError(
            what=_("The sandbox did not answer ({error}).").format(error=error),
            remedy=_("Its log is {path}.").format(path=_log()),
        ) from error
    answer: dict[str, Any] = last["done"]
    return answer


def _not_running() -> WizardError:
    return WizardError(
        what=_("No sandbox is running."),
        changed=_("Nothing was changed."),
        remedy=_("Start one with `mwaa-wizard sandbox up NAME=VERSION`."),
    )


def env_lines(current: Status | None = None) -> list[str]:
    """`export NAME=value` lines for a POSIX shell. Raises WizardError when no sandbox runs."""
    current = current or status()
    if not current.running:
        raise _not_running()
    return [f"export {name}={shlex.quote(value)}" for name, value in current.environ().items()]


def down(*, wipe: bool = False, progress: Progress = lambda text: None) -> None:
    """End everything of the sandbox; `wipe` also removes its data and caches. Nothing running is not an error."""
    with state.lock():
        known = state.read()
        if known is not None and _alive(known):
            _stop_daemon(known, progress)
        sessions = known.sessions if known is not None else []
        count = leftovers.end(paths.sandbox_dir(), sessions)
        if count:
            text = ngettext("Ended {n} process that was left.", "Ended {n} processes that were left.", count)
            progress(text.format(n=count))
        _stop_postgres()
        state.forget()
        shutil.rmtree(paths.sandbox_dir() / "aws", ignore_errors=True)
    if wipe:
        _wipe(progress)


def _stop_daemon(known: state.State, progress: Progress) -> None:
    progress(_("Stopping the sandbox ..."))
    try:
        list(channel.ask(known.port, known.key, {"op": "stop"}, timeout=10))
    except channel.Closed:
        progress(_("Its daemon does not answer; it will be ended."))
        return  # the sweep ends it
    deadline = time.monotonic() + STOP_SECONDS
    while _alive(known) and time.monotonic() < deadline:
        time.sleep(0.1)


def _stop_postgres() -> None:
    from mwaa_wizard.sandbox.airflow.postgres import Postgres

    if (paths.sandbox_cache() / "postgres").exists():
        Postgres().stop()


def _wipe(progress: Progress) -> None:
    from mwaa_wizard.sandbox.airflow.postgres import Postgres

    others = leftovers.roots_sharing(paths.sandbox_cache(), paths.sandbox_dir())
    if others:
        progress(_("The cache is kept: another sandbox runs from {root}.").format(root=listed(sorted(others))))
    else:
        if (paths.sandbox_cache() / "postgres").exists():
            Postgres().wipe()
        shutil.rmtree(paths.sandbox_cache(), ignore_errors=True)
    shutil.rmtree(paths.sandbox_dir(), ignore_errors=True)
    progress(_("Removed the sandbox's data.") if others else _("Removed the sandbox's data and caches."))


def _alive(known: state.State) -> bool:
    return leftovers.alive(known.pid, known.started)


def _log() -> Path:
    return paths.sandbox_dir() / "daemon.log"


def _ensure_daemon(progress: Progress) -> state.State:
    """The running daemon's record; starts one after ending what a dead one left. Needs the lock."""
    known = state.read()
    if known is not None and _alive(known):
        return known
    root = paths.sandbox_dir()
    count = leftovers.end(root, known.sessions if known else [])
    if count:
        text = ngettext("Ended {n} process of an earlier sandbox.", "Ended {n} processes of an earlier sandbox.", count)
        progress(text.format(n=count))
    state.forget()
    progress(_("Starting the sandbox ..."))
    return _spawn(root)


def _spawn(root: Path) -> state.State:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AIRFLOW_"))}
    # Set in many containers; without byte code each of the Pythons started below would compile all it imports.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ |= {state.MARK: str(root), state.CACHE_MARK: str(paths.sandbox_cache())}
    with _log().open("ab") as output:
        began = _log().stat().st_size
        child = subprocess.Popen(
            [sys.executable, "-m", "mwaa_wizard.sandbox.daemon"], env=environ, cwd=root, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    _children.append(child)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        known = state.read()
        if known is not None and known.pid == child.pid:
            return known
        time.sleep(0.1)
    ended = child.poll()
    if ended is None:
        child.kill()
        child.wait()
    leftovers.end(root)
    tail = _log().read_bytes()[began:].decode("utf-8", "replace").strip().splitlines()[-12:]
    raise WizardError(
        what=_("The sandbox did not start: {tail}").format(tail="\n".join(tail) or f"exit code {ended}"),
        changed=_("Nothing of it is running."),
        remedy=_("Its log is {path}.").format(path=_log()),
    )
