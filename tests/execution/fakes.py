"""An MWAA with a tiny Airflow behind it, on real S3 and IAM (loopback): what the steps need to be tried in seconds."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from mwaa_wizard.aws.factory import Clients, Place, Side
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session.model import Connection, Session, Source, Target

ACCOUNT, REGION = "111122223333", "us-east-1"
_PARSED = itertools.count(1)


def client_error(code: str, message: str = "", **more: Any) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"RequestId": "r-1"}, **more},
        "Call",
    )


@dataclass
class FakeAirflow:
    """DAGs, runs and variables of one environment; DAG files of ours are picked up from the bucket when asked."""

    dags: dict[str, bool] = field(default_factory=dict)  # dag id -> is paused
    parsed: dict[str, int] = field(default_factory=dict)
    runs: dict[tuple[str, str], str] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    errors: list[dict[str, str]] = field(default_factory=list)
    triggered: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    on_trigger: Callable[[str, str, dict[str, Any]], str] = lambda dag_id, run_id, conf: "success"
    version: str = "2.8.1"
    calls: list[str] = field(default_factory=list)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)  # dag id -> runs, task instances
    busy: list[dict[str, str]] = field(default_factory=list)  # task instances at work
    unfinished: list[str] = field(default_factory=list)  # dag ids, one for each run that is not at its end
    details: dict[str, dict[str, Any]] = field(default_factory=dict)  # dag id -> what only its details have
    newest: dict[str, str] = field(default_factory=dict)  # dag id -> logical date of its newest run
    inactive: set[str] = field(default_factory=set)
    pools: dict[str, int] = field(default_factory=lambda: {"default_pool": 128})
    connections: set[str] = field(default_factory=set)

    def answer(self, method: str, path: str, query: dict[str, Any], body: Any) -> tuple[int, dict[str, Any]]:
        self.calls.append(f"{method} {path}")
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts == ["version"]:
            return 200, {"version": self.version}
        if parts == ["importErrors"]:
            return 200, {"import_errors": self.errors, "total_entries": len(self.errors)}
        if parts[-1] == "list" and method == "POST":
            return 200, self._totals(parts, body)
        if parts == ["pools"]:
            found = [{"name": name, "slots": slots} for name, slots in self.pools.items()]
            return 200, {"pools": found, "total_entries": len(found)}
        if parts in (["variables"], ["connections"]):
            names = sorted(self.variables if parts == ["variables"] else self.connections)
            found = [{"key": name, "connection_id": name, "value": "secret"} for name in names]
            return 200, {parts[0]: found, "total_entries": len(found)}
        if parts == ["dags"]:
            rows = [self._row(dag_id) for dag_id in sorted(self.dags)]
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
            return 200, {"dags": rows[offset : offset + limit], "total_entries": len(rows)}
        if parts[0] == "variables":
            if parts[1] not in self.variables:
                return 404, {"title": "Variable not found"}
            if method == "DELETE":
                self.variables.discard(parts[1])
                return 204, {}
            return 200, {"key": parts[1], "value": "secret"}
        if parts[1] not in self.dags:
            return 404, {"title": "DAG not found"}
        return self._dag(method, parts, body)

    def _dag(self, method: str, parts: list[str], body: Any) -> tuple[int, dict[str, Any]]:
        dag_id = parts[1]
        if parts[2:] == ["details"]:
            return 200, {**self._row(dag_id), **self.details.get(dag_id, {})}
        if len(parts) == 2:
            if method == "DELETE":
                del self.dags[dag_id]
                return 204, {}
            if method == "PATCH":
                self.dags[dag_id] = body["is_paused"]
            return 200, self._row(dag_id)
        if method == "POST":
            key = (dag_id, body["dag_run_id"])
            if key in self.runs:
                return 409, {"title": "Conflict"}
            self.triggered.append((dag_id, body["dag_run_id"], body["conf"]))
            self.runs[key] = self.on_trigger(dag_id, body["dag_run_id"], body["conf"])
            return 200, {"state": "queued"}
        if method == "PATCH" and (dag_id, parts[3]) in self.runs:
            self.runs[dag_id, parts[3]] = body["state"]
        state = self.runs.get((dag_id, parts[3]))
        return (200, {"state": state}) if state else (404, {"title": "DAGRun not found"})

    def _totals(self, parts: list[str], body: dict[str, Any]) -> dict[str, Any]:
        if "state" in body:
            return {"task_instances": self.busy, "total_entries": len(self.busy)}
        if "states" in body:
            rows = [{"dag_id": dag_id} for dag_id in self.unfinished]
            return {"dag_runs": rows[body["page_offset"] :], "total_entries": len(rows)}
        if "order_by" in body:
            rows = [{"logical_date": self.newest[one]} for one in body["dag_ids"] if one in self.newest]
            return {"dag_runs": rows, "total_entries": len(rows)}
        kind = 1 if "taskInstances" in parts else 0
        return {"total_entries": sum(self.counts.get(dag_id, (0, 0))[kind] for dag_id in body["dag_ids"])}

    def _row(self, dag_id: str) -> dict[str, Any]:
        parsed = str(self.parsed.setdefault(dag_id, next(_PARSED)))
        return {
            "dag_id": dag_id, "is_paused": self.dags[dag_id], "is_active": dag_id not in self.inactive,
            "is_stale": dag_id in self.inactive, "last_parsed_time": parsed,
            "fileloc": f"/usr/local/airflow/dags/{dag_id}.py",
        }  # fmt: skip


class FakeMwaa:
    """GetEnvironment, CreateEnvironment, DeleteEnvironment and InvokeRestApi over a few environments."""

    def __init__(self, s3: Any) -> None:
        self.s3 = s3
        self.environments: dict[str, dict[str, Any]] = {}
        self.airflows: dict[str, FakeAirflow] = {}
        self.create: Callable[[dict[str, Any]], dict[str, Any]] = self._create
        self.created: list[dict[str, Any]] = []
        self.updated: list[dict[str, Any]] = []
        self.update: Callable[[dict[str, Any]], None] = self._update
        self.states: list[str] = []  # what GetEnvironment says first, one a call
        self._updates = itertools.count(1)
        self.rest_refusal: ClientError | None = None
        self.meta = SimpleNamespace(endpoint_url="http://127.0.0.1:1")

    def add(self, name: str, bucket: str, role: str, **more: Any) -> FakeAirflow:
        self.environments[name] = {
            "Name": name,
            "Arn": f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/{name}",
            "Status": "AVAILABLE",
            "AirflowVersion": "2.8.1",
            "SourceBucketArn": f"arn:aws:s3:::{bucket}",
            "DagS3Path": "dags",
            "ExecutionRoleArn": role,
            "EnvironmentClass": "mw1.small",
            "NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
            **more,
        }
        return self.airflows.setdefault(name, FakeAirflow())

    def get_environment(self, Name: str) -> dict[str, Any]:
        if Name not in self.environments:
            raise client_error("ResourceNotFoundException")
        found = dict(self.environments[Name])
        if self.states:
            found["Status"] = self.states.pop(0)
        return {"Environment": found}

    def update_environment(self, **request: Any) -> dict[str, Any]:
        self.updated.append(request)
        self.update(request)
        return {"Arn": self.environments[request["Name"]]["Arn"]}

    def _update(self, request: dict[str, Any]) -> None:
        """The version changes, and every DAG file is read anew."""
        environment, airflow = self.environments[request["Name"]], self.airflows[request["Name"]]
        self.begin_update(request["Name"], "SUCCESS")
        environment.update({key: value for key, value in request.items() if key != "NetworkConfiguration"})
        airflow.version = environment["AirflowVersion"]
        airflow.parsed.clear()

    def begin_update(self, name: str, status: str, **error: str) -> None:
        """Another LastUpdate."""
        found: dict[str, Any] = {"Status": status, "CreatedAt": f"2026-01-01T00:00:{next(self._updates):02}"}
        self.environments[name]["LastUpdate"] = {**found, "Error": error} if error else found

    def get_paginator(self, _method: str) -> Any:
        return SimpleNamespace(paginate=lambda: [{"Environments": sorted(self.environments)}])

    def create_environment(self, **request: Any) -> dict[str, Any]:
        self.created.append(request)
        return self.create(request)

    def _create(self, request: dict[str, Any]) -> dict[str, Any]:
        self.add(
            request["Name"],
            request["SourceBucketArn"].split(":::")[1],
            request["ExecutionRoleArn"],
            AirflowVersion=request["AirflowVersion"],
            Tags=request.get("Tags", {}),
        )
        return {"Arn": self.environments[request["Name"]]["Arn"]}

    def delete_environment(self, Name: str) -> dict[str, Any]:
        del self.environments[Name]
        return {}

    def invoke_rest_api(
        self, Name: str, Path: str, Method: str, QueryParameters: Any = None, Body: Any = None
    ) -> dict[str, Any]:
        if self.rest_refusal is not None:
            raise self.rest_refusal
        self._sync(Name)
        status, body = self.airflows[Name].answer(Method, Path, QueryParameters or {}, Body)
        if status >= 400:
            raise client_error("RestApiClientException", RestApiStatusCode=status, RestApiResponse=body)
        return {"RestApiStatusCode": status, "RestApiResponse": body}

    def _sync(self, name: str) -> None:
        environment, airflow = self.environments[name], self.airflows[name]
        bucket = environment["SourceBucketArn"].split(":::")[1]
        for entry in self.s3.list_objects_v2(Bucket=bucket, Prefix="dags/mwz_").get("Contents", []):
            found = re.search(r"(mwz_\w+)\.py$", entry["Key"])
            if found:
                airflow.dags.setdefault(found[1], True)


class FakeClients(Clients):
    """Real clients of the loopback endpoint, but for MWAA."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__({"source": Place("p", REGION), "target": Place("p", REGION)})
        self._make = make
        self.mwaa = FakeMwaa(make("s3"))
        self.overrides: dict[tuple[Side, str], Any] = {}
        self._made: dict[str, Any] = {}

    def client(self, side: Side, service: str) -> Any:
        if (side, service) in self.overrides:
            return self.overrides[side, service]
        if service == "mwaa":
            return self.mwaa
        if service not in self._made:
            self._made[service] = self._make(service)
        return self._made[service]


@dataclass
class Rig:
    """A session with its context and the world it acts on."""

    session: Session
    clients: FakeClients
    events: list[Event]

    def context(self, step: str = "test") -> Context:
        """A fresh context, as a new process would have it."""
        journal = Journal.of(self.session.id)
        return Context(session=self.session, clients=self.clients, journal=journal, emit=self.events.append, step=step)

    @property
    def s3(self) -> Any:
        return self.clients.client("source", "s3")

    @property
    def iam(self) -> Any:
        return self.clients.client("source", "iam")

    @property
    def mwaa(self) -> FakeMwaa:
        return self.clients.mwaa

    @property
    def source_bucket(self) -> str:
        return str(self.mwaa.environments["old"]["SourceBucketArn"]).split(":::")[1]

    def lines(self) -> str:
        """Everything that was logged."""
        return "\n".join(event.text for event in self.events if isinstance(event, Line))

    def bundle(self, key: str) -> Any:
        """A JSON object of the migration bucket."""
        return json.loads(self.s3.get_object(Bucket=self.session.migration_bucket, Key=key)["Body"].read())

    def put(self, key: str, document: Any) -> None:
        """Write a JSON object into the migration bucket."""
        self.s3.put_object(Bucket=self.session.migration_bucket, Key=key, Body=json.dumps(document).encode())


def new_session(**changes: Any) -> Session:
    connection = Connection(profile="p", region=REGION, account=ACCOUNT, partition="aws")
    return Session(
        source=Source(connection=connection, environment="old", airflow_version="2.8.1"),
        target=Target(connection=connection, environment="new", airflow_version="2.11.2"),
        **changes,
    )
