"""One environment's Airflow as the wizard needs it: DAGs, pause states, runs, import errors, variables.

Everything goes through InvokeRestApi; where that is refused, too old or its path limit is in the way, the same
operation runs over the CLI endpoint if it exists there. Bodies and paths follow the Airflow version (API v1 up to
2.x, v2 from 3.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from mwaa_wizard.airflow.cli_airflow import CliAirflow, Dag, refused
from mwaa_wizard.airflow.rest import RestAnswer, RestUnavailable, invoke, tell_of
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.text import clean

__all__ = ["AirflowApi", "Dag"]

PAGE = 100  # Airflow's api.maximum_page_limit default


class AirflowApi:
    """Airflow of one side's environment. Every method raises WizardError or botocore's ClientError."""

    def __init__(self, clients: Clients, side: Side, environment: str, version: str) -> None:
        self.side, self.environment, self.version = side, environment, version
        self._clients = clients
        self.major = int(version.split(".")[0]) if version[:1].isdigit() else 2

    @property
    def _client(self) -> Any:
        """Asked for at each call: after a login it is another one (`Clients.renew`)."""
        return self._clients.client(self.side, "mwaa")

    def ping(self) -> str:
        """The version Airflow itself reports; proves that it can be reached."""
        try:
            return str(self._rest("GET", "/version").body.get("version", ""))
        except RestUnavailable as problem:
            return self._cli(problem).version()

    def scheduler_health(self) -> tuple[str, str]:
        """(`healthy` or `unhealthy`, time of its last heartbeat); empty texts where Airflow does not say."""
        answer = self._rest("GET", "/health" if self.major < 3 else "/monitor/health", missing_ok=True)
        found = answer.body.get("scheduler") or {}
        return str(found.get("status") or ""), clean(found.get("latest_scheduler_heartbeat") or "", limit=60)

    def dags(self) -> Iterator[Dag]:
        """All DAGs, 100 a page, inactive ones left out."""
        try:
            for row in self._pages("/dags", "dags"):
                yield _dag(row)
        except RestUnavailable as problem:
            yield from self._cli(problem).dags()

    def dag(self, dag_id: str) -> Dag | None:
        """One DAG, or None where Airflow does not know it (yet)."""
        try:
            answer = self._rest("GET", f"/dags/{quote(dag_id, safe='')}", missing_ok=True)
            return None if answer.status == 404 else _dag(answer.body)
        except RestUnavailable as problem:
            return self._cli(problem).dag(dag_id)

    def set_paused(self, dag_id: str, paused: bool) -> bool | None:
        """Pause or unpause one DAG. False where Airflow does not know it, None where 1.10 cannot read its file."""
        try:
            body = {"is_paused": paused}
            return self._rest("PATCH", f"/dags/{quote(dag_id, safe='')}", body=body, missing_ok=True).status != 404
        except RestUnavailable as problem:
            return self._cli(problem).set_paused(dag_id, paused)

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a run under our own id; a run of that id that is already there is left alone (409)."""
        body: dict[str, Any] = {"dag_run_id": run_id, "conf": conf}
        if self.major >= 3:
            body["logical_date"] = None
        try:
            answer = self._rest("POST", f"/dags/{quote(dag_id, safe='')}/dagRuns", body=body, missing_ok=True)
            if answer.status == 404:
                raise refused(self.environment, f"POST /dags/{dag_id}/dagRuns", answer.said)
        except RestUnavailable as problem:
            self._cli(problem).trigger(dag_id, run_id, conf)

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        """`queued`, `running`, `success`, `failed`, or None where Airflow says that there is no such run."""
        try:
            path = f"/dags/{quote(dag_id, safe='')}/dagRuns/{quote(run_id, safe='')}"
            answer = self._rest("GET", path, missing_ok=True)
            return None if answer.status == 404 else str(answer.body.get("state", ""))
        except RestUnavailable as problem:
            return self._cli(problem).run_state(dag_id, run_id)

    def stop_run(self, dag_id: str, run_id: str) -> None:
        """Mark a run failed, which ends its tasks; no such run is fine. REST only: the CLI has no word for it."""
        path = f"/dags/{quote(dag_id, safe='')}/dagRuns/{quote(run_id, safe='')}"
        self._rest("PATCH", path, body={"state": "failed"}, missing_ok=True)

    def runs(self, dag_id: str, since: str | None = None) -> Iterator[dict[str, Any]]:
        """A DAG's runs, `~` for all DAGs; `since` (ISO) limits by start date."""
        query = {"start_date_gte": since} if since else {}
        yield from self._pages(f"/dags/{quote(dag_id, safe='~')}/dagRuns", "dag_runs", query)

    def unfinished_runs(self, dag_id: str) -> list[str]:
        """Ids of a DAG's queued and running runs, by the command line: what is left where REST cannot be used."""
        return self._cli(RestUnavailable("REST")).unfinished_runs(dag_id)

    def task_instances(self, dag_id: str, run_id: str) -> Iterator[dict[str, Any]]:
        """The task instances of a run; RestUnavailable where the ids are too long for MWAA's path limit."""
        path = f"/dags/{quote(dag_id, safe='')}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        yield from self._pages(path, "task_instances")

    def import_errors(self) -> list[tuple[str, str]]:
        """(file name, stack trace) of the DAG files that Airflow could not import."""
        try:
            rows = list(self._pages("/importErrors", "import_errors"))
        except RestUnavailable as problem:
            return self._cli(problem).import_errors()
        return [(str(row.get("filename", "")), str(row.get("stack_trace", ""))) for row in rows]

    def delete_dag(self, dag_id: str) -> bool:
        """Delete a DAG's rows (not its file). False where there is none, or where a task of it still runs (409)."""
        try:
            return self._rest("DELETE", f"/dags/{quote(dag_id, safe='')}", missing_ok=True).status < 400
        except RestUnavailable as problem:
            return self._cli(problem).delete_dag(dag_id)

    def has_variable(self, key: str) -> bool:
        """Whether a variable exists; its value is not kept."""
        try:
            return self._rest("GET", f"/variables/{quote(key, safe='')}", missing_ok=True).status != 404
        except RestUnavailable as problem:
            return self._cli(problem).has_variable(key)

    def delete_variable(self, key: str) -> bool:
        """Delete a variable. False where there is none."""
        try:
            return self._rest("DELETE", f"/variables/{quote(key, safe='')}", missing_ok=True).status != 404
        except RestUnavailable as problem:
            return self._cli(problem).delete_variable(key)

    def ask(
        self, method: str, path: str, *, query: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """One REST call's document, for what has no method here. Raises RestUnavailable where REST cannot be used."""
        return self._rest(method, path, query=query, body=body).body

    def listed(self, path: str, member: str, query: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every row of a REST collection. Raises RestUnavailable where REST cannot be used."""
        yield from self._pages(path, member, query)

    def _pages(self, path: str, member: str, query: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            answer = self._rest("GET", path, query={**(query or {}), "limit": PAGE, "offset": offset})
            rows = answer.body.get(member) or []
            yield from rows
            offset += len(rows)
            if not rows or offset >= int(answer.body.get("total_entries", 0)):
                return

    def _rest(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        missing_ok: bool = False,
    ) -> RestAnswer:
        waiting = tell_of(self._clients, self.side)
        answer = invoke(self._client, self.environment, method, path, query=query, body=body, waiting=waiting)
        if answer.status < 400 or (answer.status == 404 and missing_ok):
            return answer
        if answer.status == 409 and method in ("POST", "DELETE"):
            return answer
        if answer.status in (401, 403):
            raise RestUnavailable(answer.said)
        raise refused(self.environment, f"{method} {path}", f"{answer.status} {answer.said}")

    def _cli(self, problem: RestUnavailable) -> CliAirflow:
        return CliAirflow(self._client, self.environment, self.version, str(problem))


def _dag(row: dict[str, Any]) -> Dag:
    active = row.get("is_active", not row.get("is_stale", False))
    parsed = str(row.get("last_parsed_time") or "")
    return Dag(str(row.get("dag_id", "")), bool(row.get("is_paused")), bool(active), parsed)
