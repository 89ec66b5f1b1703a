"""A local AWS for the rooms that read it: moto behind the sandbox's rules, and GetEnvironment answers set by tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.sandbox.aws.server import SandboxAws
from mwaa_wizard.session.model import Session

SOURCE, TARGET = "111122223333", "444455556666"


class Mwaa:
    """Answers ListEnvironments and GetEnvironment from `environments` (name -> Environment)."""

    def __init__(self) -> None:
        self.environments: dict[str, dict[str, Any]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        parts = [unquote(part) for part in str(environ["PATH_INFO"]).strip("/").split("/")]
        if parts == ["environments"]:
            return self._answer(start_response, 200, {"Environments": sorted(self.environments)})
        found = self.environments.get(parts[-1])
        if found is None:
            return self._answer(start_response, 404, {"message": f"no {parts[-1]}"}, "ResourceNotFoundException")
        return self._answer(start_response, 200, {"Environment": found})

    @staticmethod
    def _answer(start_response: Callable[..., Any], code: int, body: Any, error: str = "") -> Iterable[bytes]:
        headers = [("Content-Type", "application/json"), ("x-amzn-RequestId", "test-request")]
        if error:
            headers.append(("x-amzn-ErrorType", error))
        start_response(f"{code} {'OK' if code == 200 else 'Not Found'}", headers)
        return [json.dumps(body).encode()]


class Cloud:
    """Two accounts on one endpoint, reached through profiles as a user reaches AWS."""

    def __init__(self, folder: Path) -> None:
        self.mwaa = Mwaa()
        self.aws = SandboxAws(mwaa_app=self.mwaa)
        self.url = self.aws.start()
        self.events: list[Event] = []
        config, keys = "", ""
        for name, account in (("here", SOURCE), ("there", TARGET)):
            access, secret = self.aws.root_credentials_for(account)
            config += f"[profile {name}]\nregion = us-east-1\n"
            keys += f"[{name}]\naws_access_key_id = {access}\naws_secret_access_key = {secret}\n"
        self.files = {"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": keys}
        self.folder = folder

    def environ(self) -> dict[str, str]:
        """Variables that point boto3 here."""
        found = {"AWS_ENDPOINT_URL": self.url, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
        for name, text in self.files.items():
            path = self.folder / name
            path.write_text(text, encoding="utf-8")
            found[name] = str(path)
        return found

    def environment(self, name: str, account: str, region: str, *, task_logs: bool = True, **more: Any) -> None:
        """Let GetEnvironment know an environment."""
        group = f"arn:aws:logs:{region}:{account}:log-group:airflow-{name}-Task"
        logs = {"Enabled": task_logs, "LogLevel": "INFO"}
        if task_logs:
            logs["CloudWatchLogGroupArn"] = group
        self.mwaa.environments[name] = {
            "Name": name,
            "Status": "AVAILABLE",
            "AirflowVersion": "2.8.1",
            "EnvironmentClass": "mw1.small",
            "Arn": f"arn:aws:airflow:{region}:{account}:environment/{name}",
            "ExecutionRoleArn": f"arn:aws:iam::{account}:role/{name}-role",
            "LoggingConfiguration": {"TaskLogs": logs},
            **more,
        }

    def session(self, source: str, target: str) -> Session:
        """A session between two accounts and two regions."""
        made = Session()
        made.source.environment, made.target.environment = source, target
        made.source.connection.profile, made.source.connection.region = "here", "us-east-1"
        made.target.connection.profile, made.target.connection.region = "there", "eu-west-1"
        return made

    def context(self, session: Session, clients: Clients | None = None) -> Context:
        """What a step of that session is handed."""
        return Context(
            session=session,
            clients=clients or session.clients(),
            journal=Journal.of(session.id),
            emit=self.events.append,
            cancel=threading.Event(),
            step="logs",
        )

    def lines(self) -> list[str]:
        """Texts logged so far."""
        return [event.text for event in self.events if isinstance(event, Line)]
