"""The sandbox's one background process: AWS endpoint, MWAA API, and the Airflow environments behind it.

Started by `control` as `python -m mwaa_wizard.sandbox.daemon`, detached, its output in `daemon.log`.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import psutil

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox import leftovers, state
from mwaa_wizard.sandbox.access import RootAccess
from mwaa_wizard.sandbox.accounts import Accounts
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.runtime import AirflowRuntime
from mwaa_wizard.sandbox.airflow.venv import ensure_venv
from mwaa_wizard.sandbox.aws import bootstrap
from mwaa_wizard.sandbox.aws.authorise import ledger
from mwaa_wizard.sandbox.aws.authorise.ledger import LEDGER
from mwaa_wizard.sandbox.aws.server import SandboxAws
from mwaa_wizard.sandbox.channel import ChannelServer, Message, Say
from mwaa_wizard.sandbox.mwaa.api import MwaaApp
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.service import Service
from mwaa_wizard.sandbox.raising import Raiser, size_of
from mwaa_wizard.text import clean

log = logging.getLogger("mwaa_wizard.sandbox.daemon")
ACCOUNT = "111122223333"
REGION = "us-east-1"
# Two environments at once: an installation is bound by one core, a starting Airflow by about one.
PARALLEL = 2
RECORD_SECONDS = 1.0


class Daemon:
    """Everything the sandbox runs; `run()` returns when it was asked to stop."""

    def __init__(self, account: str = ACCOUNT, region: str = REGION) -> None:
        self.account, self.region = account, region
        self.root = paths.sandbox_dir()
        self._stopping = threading.Event()
        self._raising = threading.Lock()
        self._recording = threading.Lock()
        self._listeners: dict[str, list[Say]] = {}
        self._listeners_lock = threading.Lock()
        self._recorded: state.State | None = None
        self.postgres = Postgres()
        self.aws: SandboxAws
        self.access = RootAccess(lambda: self.aws.endpoint_url, self._root_keys)
        self.service = Service(
            aws=self.access,
            runtime_factory=lambda spec, home, credentials, progress: AirflowRuntime(
                spec, home, self.postgres, credentials, progress
            ),
            homes=self.root / "environments",
            endpoint_url=lambda: self.aws.endpoint_url,
            progress=self._progress,
            parallel=PARALLEL,
        )
        self.aws = SandboxAws(mwaa_app=MwaaApp(self.service), account=account)
        self._accounts = Accounts(self.root / "aws", self.aws, self.access)
        self._key = secrets.token_hex(32)
        self._channel = ChannelServer(self._key, self._handle)
        self._profiles = (self.root / "aws" / "config", self.root / "aws" / "credentials")

    def run(self) -> None:
        """Start, serve until told to stop, end everything that was started."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self.postgres.start()
            endpoint = self.aws.start()
            self._accounts.add(bootstrap.PROFILE, self.account, self.region)
            self._channel.start()
            log.info("serving at %s", endpoint)
            while not self._stopping.wait(RECORD_SECONDS):
                self._record()
                if not self.root.exists():
                    log.warning("the data folder is gone: stopping")
                    break
        finally:
            self._end()

    def _root_keys(self, account: str) -> tuple[str, str]:
        return self.aws.root_credentials_for(account)

    def _on_signal(self, number: int, frame: types.FrameType | None) -> None:
        self._stopping.set()

    def _end(self) -> None:
        log.info("stopping")
        self._channel.close()
        self.service.stop_all()
        leftovers.end(self.root)
        self.postgres.stop()
        self.aws.stop()
        leftovers.end(self.root)  # what a creation in progress started in the meantime
        state.forget()
        log.info("stopped")

    # What commands ask

    def _handle(self, request: Message, say: Say) -> Message:
        operation = request.get("op")
        if operation == "status":
            return {"status": asdict(self.status())}
        if operation == "stop":
            self._stopping.set()
            return {"stopping": True}
        if operation == "up":
            return self._up(request["specs"], request["data"], str(request.get("profile") or bootstrap.PROFILE), say)
        if operation == "account":
            return self._account(str(request["profile"]), str(request["account"]), str(request["region"]))
        if operation == "calls":
            return {"calls": self.aws.calls()}
        if operation == "ledger":
            return _ledger(str(request.get("do", "")))
        return {"errors": [{"what": f"unknown request {clean(operation)}"}]}

    def _account(self, profile: str, account: str, region: str) -> Message:
        """Another account with an operator, a profile and a network of its own."""
        try:
            added = self._accounts.add(profile, account, region, network=True)
        except WizardError as error:
            return {"errors": [asdict(error)]}
        self._record()
        return {"account": asdict(added), "status": asdict(self.status())}

    def _up(self, specs: list[tuple[str, str]], data: str, profile: str, say: Say) -> Message:
        """Every environment, two at a time; what fails does not keep the others from coming up."""
        errors: list[dict[str, Any]] = []
        try:
            place = self._accounts.of(profile)
        except WizardError as error:
            return {"status": asdict(self.status()), "errors": [asdict(error)]}
        raiser = Raiser(self.service, self.access, place.account, place.region, ensure_venv)
        began = time.monotonic()

        def one(spec: tuple[str, str]) -> None:
            name, version = spec

            def tell(text: str) -> None:
                said = clean(text, limit=500).removeprefix(f"{name}: ")
                say({"name": name, "progress": said, "seconds": round(time.monotonic() - began, 1)})

            with self._listeners_lock:
                self._listeners.setdefault(name, []).append(lambda message: tell(message["progress"]))
            try:
                raiser.raise_environment(name, version, size_of(data), tell)
                tell("ready")
            except WizardError as error:
                errors.append({**asdict(error), "name": name})
            except Exception as error:
                log.exception("raising %s failed", name)
                errors.append({"what": f"{name}: {type(error).__name__}: {clean(error, limit=500)}", "name": name})
            finally:
                with self._listeners_lock:
                    self._listeners.pop(name, None)

        if not self._raising.acquire(blocking=False):
            say({"name": "", "progress": "another `sandbox up` is at work; waiting for it", "seconds": 0})
            self._raising.acquire()
        try:
            with ThreadPoolExecutor(max_workers=PARALLEL, thread_name_prefix="up") as pool:
                list(pool.map(one, [(str(name), str(version)) for name, version in specs]))
        finally:
            self._raising.release()
        self._record()
        return {"status": asdict(self.status()), "errors": errors}

    def _progress(self, name: str, text: str) -> None:
        log.info("%s: %s", name, clean(text, limit=2000))
        with self._listeners_lock:
            listeners = list(self._listeners.get(name, []))
        for listener in listeners:
            listener({"progress": text})

    # What is written down

    def status(self) -> state.Status:
        config, credentials = self._profiles
        return state.Status(
            running=True,
            endpoint_url=self.aws.endpoint_url,
            profile=bootstrap.PROFILE,
            region=self.region,
            account=self.account,
            config_file=str(config),
            credentials_file=str(credentials),
            daemon_log=str(self.root / "daemon.log"),
            accounts=self._accounts.listed(),
            environments=[self._environment(environment) for environment in self.service.environments()],
        )

    def _environment(self, environment: Environment) -> state.EnvironmentStatus:
        runtime = environment.runtime
        home = self.service.home_of(environment)
        return state.EnvironmentStatus(
            name=environment.name,
            version=environment.version,
            account=environment.account,
            region=environment.region,
            status=environment.status,
            database_uri=runtime.database_uri if runtime is not None else "",
            webserver_url=f"http://{environment.host}" if environment.host else "",
            bucket=environment.bucket,
            home=str(home),
            log_folder=str(runtime.log_folder if runtime is not None else home / "logs"),
            role_arn=str(environment.settings["ExecutionRoleArn"]),
            error=str(environment.last_update.get("Error", {}).get("ErrorMessage", "")),
        )

    def _record(self) -> None:
        me = psutil.Process()
        sessions = [(me.pid, me.create_time())]
        for environment in self.service.environments():
            for _name, pid in environment.runtime.processes() if environment.runtime is not None else []:
                try:
                    sessions.append((pid, psutil.Process(pid).create_time()))
                except psutil.Error:
                    continue  # ended since the runtime looked
        with self._recording:  # by the main loop and by who answers a request: both write one and the same file
            now = state.State(me.pid, me.create_time(), self._channel.port, self._key, self.status(), sessions)
            if now != self._recorded and self.root.exists():
                state.write(now)
                self._recorded = now


def _ledger(wish: str) -> Message:
    """Begin or end keeping decisions; in any case what was kept until then."""
    rows = LEDGER.rows()
    if wish == "begin":
        LEDGER.begin()
    elif wish == "end":
        LEDGER.end()
    return {"rows": rows}


def main() -> int:
    """Entry point of the detached process. Its mark is set by who started it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for noisy in ("werkzeug", "botocore", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if os.environ.get(ledger.FROM_THE_START):
        LEDGER.begin()
    try:
        Daemon().run()
    except WizardError as error:
        log.error("%s", " | ".join(error.lines()))
        return 1
    except Exception:
        log.exception("the sandbox ended")
        return 1
    finally:
        logging.shutdown()
    # Threads that wait for moto or a proxy must not keep the process: everything it started has ended.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
