"""An Airflow behind InvokeRestApi that keeps variables, pools and connections, with MWAA's limits and its own moods."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from mwaa_wizard.aws.factory import Clients, Place, Side
from tests.execution.fakes import REGION, client_error

MAX_RESPONSE = 6 * 1024 * 1024
MEMBERS = {"variables": "key", "pools": "name", "connections": "connection_id"}


@dataclass
class FakeRest:
    """The client of one environment. `moods`: errors to raise first, one a call. `most` is maximum_page_limit."""

    version: str = "3.0.6"
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"variables": [], "pools": [_pool("default_pool", 128)], "connections": []}
    )
    moods: list[Exception] = field(default_factory=list)
    most: int = 100
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    refuse: Callable[[str, str, Any], tuple[int, Any] | None] = lambda method, path, body: None

    def __post_init__(self) -> None:
        self.meta = SimpleNamespace(endpoint_url="http://127.0.0.1:1")

    def invoke_rest_api(
        self, Name: str, Path: str, Method: str, QueryParameters: Any = None, Body: Any = None
    ) -> dict[str, Any]:
        self.calls.append((Method, Path, QueryParameters or {}))
        if self.moods:
            raise self.moods.pop(0)
        if (refused := self.refuse(Method, Path, Body)) is not None:
            status, said = refused
            raise client_error("RestApiClientException", RestApiStatusCode=status, RestApiResponse=said)
        status, body = self._answer(Method, Path.strip("/").split("/"), QueryParameters or {}, Body)
        if status >= 400:
            raise client_error("RestApiClientException", RestApiStatusCode=status, RestApiResponse=body)
        if len(json.dumps(body)) > MAX_RESPONSE:
            raise client_error("ValidationException", "The response of the Apache Airflow REST API exceeds 6 MB")
        return {"RestApiStatusCode": status, "RestApiResponse": body}

    def _answer(self, method: str, parts: list[str], query: dict[str, Any], body: Any) -> tuple[int, Any]:
        kind = parts[0]
        rows, key = self.rows[kind], MEMBERS[kind]
        if method == "GET" and len(parts) == 1:
            limit, offset = min(int(query.get("limit", 100)), self.most), int(query.get("offset", 0))
            found = [self._shown(kind, row) for row in rows[offset : offset + limit]]
            return 200, {kind: found, "total_entries": len(rows)}
        if method == "GET":
            found = [row for row in rows if row[key] == parts[1]]
            return (200, self._shown(kind, found[0], whole=True)) if found else (404, {"detail": "not found"})
        if method == "POST":
            if any(row[key] == body[key] for row in rows):
                return 409, {"detail": "exists"}
            rows.append(dict(body))
            if kind == "variables" and self.version in ("2.7.2", "2.8.1"):
                rows[-1]["description"] = None  # answered, and not kept (its variable_endpoint.py)
            return 201, dict(body)
        if len(parts) == 1:
            entity = body["actions"][0]["entities"][0]
            next(row for row in rows if row[key] == entity[key]).update(entity)
            return 200, {"update": {"success": [entity[key]], "errors": []}}
        next(row for row in rows if row[key] == parts[1]).update(body)
        return 200, {}

    def _shown(self, kind: str, row: dict[str, Any], *, whole: bool = False) -> dict[str, Any]:
        """As Airflow's schemas show it: 3.x masks and writes JSON anew, 2.x leaves passwords out, extra from lists."""
        shown = dict(row)
        if self.version.startswith("3.") and kind == "variables":
            shown["value"] = masked(str(row["key"]), str(row["value"]))
        if kind == "connections":
            if self.version.startswith("3."):
                shown["password"] = None if row.get("password") is None else "***"
            else:
                shown.pop("password", None)
                if not whole:
                    shown.pop("extra", None)
        return shown


def masked(key: str, value: str) -> str:
    """VariableResponse.redact_val of Airflow 3 (core_api/datamodels/variables.py)."""
    hidden = any(word in key for word in ("secret", "password", "token"))
    try:
        found = json.loads(value)
    except ValueError:
        return "***" if hidden else value
    if isinstance(found, dict):
        found = {name: "***" if "password" in name else item for name, item in found.items()}
    return json.dumps(found)


def _pool(name: str, slots: int, description: str = "Default pool") -> dict[str, Any]:
    return {"name": name, "slots": slots, "description": description, "include_deferred": False}


def variable(key: str, value: str, description: str | None = None) -> dict[str, Any]:
    return {"key": key, "value": value, "description": description}


class Sides(Clients):
    """Both sides with clients of the test's own."""

    def __init__(self, clients: dict[tuple[Side, str], Any]) -> None:
        super().__init__({"source": Place("p", REGION), "target": Place("p", REGION)})
        self.given = clients

    def client(self, side: Side, service: str) -> Any:
        return self.given[side, service]
