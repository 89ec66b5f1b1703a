"""A loopback AWS with an MWAA whose Airflow is a small fake, and the wizard's command run against it as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.access import RootAccess
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.aws import bootstrap
from mwaa_wizard.sandbox.aws.server import DEFAULT_ACCOUNT, SandboxAws
from mwaa_wizard.sandbox.mwaa.api import MwaaApp
from mwaa_wizard.sandbox.mwaa.service import Service
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Session, Source, Target
from tests.execution.fakes import FakeAirflow
from tests.sandbox.mwaa.fakes import FakeRuntime, Plan, Result

PROFILE, REGION, SOURCE = "cli", "us-east-1", "old"


@dataclass
class AirflowRuntime(FakeRuntime):
    """A runtime whose REST API is answered by `FakeAirflow`."""

    airflow: FakeAirflow = field(default_factory=FakeAirflow)

    def rest(self, method: str, path: str, query: Any, body: Any) -> Result:
        self._do("rest")
        status, document = self.airflow.answer(method, path, query, body)
        return Result(status=status, body=document)


@dataclass
class AirflowPlan(Plan):
    """Makes such runtimes."""

    def factory(self, spec: RuntimeSpec, home: Path, credentials: Any, progress: Any) -> AirflowRuntime:
        runtime = AirflowRuntime(spec, home, credentials, plan=self)
        runtime.airflow.version = spec.version
        runtime.airflow.dags.update({"daily": False, "resting": True})
        self.made.append(runtime)
        return runtime


class Cloud:
    """The endpoint, one source environment `old` on 2.8.1, and an operator's profile `cli`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan = AirflowPlan()
        self.access = RootAccess(lambda: self.aws.endpoint_url, self._keys)
        self.service = Service(
            aws=self.access,
            runtime_factory=self.plan.factory,
            homes=folder / "homes",
            endpoint_url=lambda: self.aws.endpoint_url,
            poll_seconds=0.05,
        )
        self.aws = SandboxAws(mwaa_app=MwaaApp(self.service))
        self.url = self.aws.start()
        self.port = int(self.url.rsplit(":", 1)[1])
        self.operator = bootstrap.ensure_operator(self.url, DEFAULT_ACCOUNT, REGION, root=self.aws.root_credentials)
        self.config, self.credentials = bootstrap.write_profiles(
            folder / "aws", endpoint=self.url, region=REGION, operators={PROFILE: self.operator}
        )
        self.make(SOURCE, "2.8.1")

    def _keys(self, account: str) -> tuple[str, str]:
        return self.aws.root_credentials_for(account)

    def make(self, name: str, version: str) -> None:
        """An environment as somebody else made it."""
        around = provision.surround(self.access, name, DEFAULT_ACCOUNT, REGION)
        self.access.client("mwaa", REGION, DEFAULT_ACCOUNT).create_environment(
            **provision.environment_settings(name, version, around, REGION)
        )
        assert self.environment(name).done.wait(20)

    def environment(self, name: str) -> Any:
        return next(found for found in self.service.environments() if found.name == name)

    def client(self, service: str) -> Any:
        """A root client."""
        return self.access.client(service, REGION, DEFAULT_ACCOUNT)

    def stop(self) -> None:
        """Nobody listens any more; what was made stays."""
        self.aws.stop()

    def start(self) -> None:
        """Listen again where it was."""
        self.aws._port = self.port
        self.aws.start()

    def end(self) -> None:
        self.service.stop_all()
        self.aws.stop()

    def picture(self) -> str:
        """What is there in this AWS, for comparing before and after."""
        s3, iam = self.client("s3"), self.client("iam")
        found: dict[str, Any] = {
            "environments": sorted(self.client("mwaa").list_environments()["Environments"]),
            "roles": sorted(role["RoleName"] for role in iam.list_roles()["Roles"]),
            "groups": sorted(g["logGroupName"] for g in self.client("logs").describe_log_groups()["logGroups"]),
        }
        for role in found["roles"]:
            found[f"policies of {role}"] = iam.list_role_policies(RoleName=role)["PolicyNames"]
        for bucket in s3.list_buckets()["Buckets"]:
            versions = s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", [])
            found[f"bucket {bucket['Name']}"] = sorted((v["Key"], v["VersionId"]) for v in versions)
        return json.dumps(found, indent=1)


def new_session(target: str = "new", **changes: Any) -> Session:
    """A saved session on the common path."""
    connection = Connection(profile=PROFILE, region=REGION)
    session = Session(
        source=Source(connection=connection, environment=SOURCE, airflow_version="2.8.1"),
        target=Target(connection=connection.model_copy(), environment=target, airflow_version="2.11.2"),
        **changes,
    )
    store.save(session)
    return session


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err

    def parts(self) -> dict[str, str]:
        """`What`, `Where`, `AWS said`, `Changed` and `Mend` of the one message, wherever it was printed."""
        found: dict[str, list[str]] = {}
        for line in self.text.splitlines():
            words = line.removeprefix("    ERROR ").strip()
            for name in ("What", "Where", "AWS said", "Changed", "Mend"):
                if words.startswith(f"{name}: "):
                    found.setdefault(name, []).append(words.removeprefix(f"{name}: "))
        assert all(len(set(texts)) == 1 for texts in found.values()), f"more than one message:\n{self.text}"
        return {name: texts[0] for name, texts in found.items()}


def wizard(*words: str, prepare: Callable[[], None] | None = None, **environ: str) -> Said:
    """Run `mwaa-wizard WORDS` without a terminal; it must never show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environ},
        preexec_fn=prepare,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert "itself failed" not in done.stderr, done.stderr + crash_files()
    return Said(done.returncode, done.stdout, done.stderr)


def crash_files() -> str:
    return "\n".join(path.read_text() for path in paths.log_dir().glob("crash-*"))


def refused(said: Said, what: str, *, code: int, mend: str) -> dict[str, str]:
    """Assert that a command ended in one message with these words, and return its parts."""
    parts = said.parts()
    assert said.code == code, said.text
    assert what in parts["What"], said.text
    assert mend in parts["Mend"], said.text
    assert parts["Changed"], said.text
    return parts


def failures(session: Session) -> list[str]:
    """Steps that the journal says failed."""
    return [str(r["step"]) for r in Journal.of(session.id).records() if r["event"] == "failed"]


def edit(session: Session, change: Callable[[dict[str, Any]], None]) -> None:
    """Edit a session's file as a user does by hand."""
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw, indent=2))
