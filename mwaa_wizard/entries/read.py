"""Reads an environment's variables, pools and connections, and says what cannot be read."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from mwaa_wizard.airflow.cli_endpoint import run_cli
from mwaa_wizard.airflow.rest import MAX_PATH, RestUnavailable, tell_of
from mwaa_wizard.aws.errors import DENIED, code_of
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.entries import model
from mwaa_wizard.entries.paging import Rest, Sleep, Turns
from mwaa_wizard.environments import facts, versions
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

# `variables list --show-values` of Airflow's command line prints them all as they are (airflow cli_config, 3.2).
_LISTS_VALUES = (3, 2)
_PROBE = "mwaa-wizard-probe"


class Reader:
    """Reads one side's Airflow. `unread`: path of a list -> rows that alone are over MWAA's limits.

    `no_cli`: why the command line, which alone gives masked values, cannot be used; empty while it was not needed or
    works. `lists`: whether there is an InvokeRestApi, which alone lists pools and connections.

    Methods raise RestUnavailable, WizardError and botocore's ClientError.
    """

    def __init__(
        self, clients: Clients, side: Side, environment: str, version: str, *, sleep: Sleep, turns: Turns | None = None
    ) -> None:
        self.environment, self.version = environment, version
        self._clients, self._side = clients, side
        waiting = tell_of(clients, side)
        self.rest = Rest(self._client, environment, turns=turns, sleep=sleep, waiting=waiting)
        self.newer = versions.parse(version)[:1] >= (3,)
        self.lists = versions.parse(version) >= versions.parse(facts.load("versions")["rest"]["invoke_rest_api_from"])
        self.unread: dict[str, int] = {}
        self.no_cli = ""
        self._probed = False

    def _client(self) -> Any:
        return self._clients.client(self._side, "mwaa")

    def variables(self, *, listed_only: bool = False) -> list[model.Variable]:
        """All variables. Values that Airflow 3 masks or writes anew come from its command line, where that answers.

        `listed_only`: as they are listed, which takes a second and not minutes; values that are not are None.
        """
        if not self.lists:
            return self._by_command_line(listed_only=listed_only)
        make = model.variable_v2 if self.newer else model.variable_v1
        found = [make(row) for row in self._rows("/variables", "variables")]
        if not self.newer:
            return [v if v.value is not None else dataclasses.replace(v, why=_undecrypted()) for v in found]
        if listed_only:
            return [self._judged(v) for v in found]
        if versions.parse(self.version)[:2] >= _LISTS_VALUES and found:
            values = self._listed_values()
            if values is not None:
                return [self._exact(v, values.get(v.key)) for v in found]
        return [self._judged(self._asked(v) if _needs_cli(v) else v) for v in found]

    def _rows(self, path: str, member: str) -> Iterable[dict[str, Any]]:
        self.unread[path] = 0
        for row in self.rest.rows(path, member):
            if row is None:
                self.unread[path] += 1
            else:
                yield row

    def _by_command_line(self, *, listed_only: bool) -> list[model.Variable]:
        """All variables of an Airflow without InvokeRestApi; descriptions are not printed."""
        said = self._cli(["variables", "list", "-o", "json"]) if self.cli_answers() else None
        if said is None:
            raise RestUnavailable(self.no_cli or _("its command line lists no variables"))
        found = [model.Variable(str(row["key"]), model.MASKED, masked=True) for row in _json_rows(said)]
        return [self._judged(variable if listed_only else self._asked(variable)) for variable in found]

    def pools(self) -> list[model.Pool]:
        """All pools, the default one too; none where nothing lists them."""
        if not self.lists:
            return []
        return [model.pool(row) for row in self._rows("/pools", "pools")]

    def connections(self) -> list[model.Connection]:
        """All connections of the metadata database, without passwords; none where nothing lists them."""
        if not self.lists:
            return []
        found = [model.connection(row, newer=self.newer) for row in self._rows("/connections", "connections")]
        return found if self.newer else [self._with_extra(connection) for connection in found]

    def _with_extra(self, listed: model.Connection) -> model.Connection:
        """2.x lists connections without `extra`: that one is asked for one by one, where MWAA's path limit lets us."""
        path = f"/connections/{quote(listed.conn_id, safe='')}"
        if len(path) > MAX_PATH:
            return dataclasses.replace(listed, extra_hidden=True)
        answer = self.rest.call("GET", path)
        if answer.status >= 400:
            return dataclasses.replace(listed, extra_hidden=True)
        return model.connection({**answer.body, "connection_id": listed.conn_id}, newer=False)

    def _judged(self, variable: model.Variable) -> model.Variable:
        """Without its value where that is not the whole one."""
        if variable.value is None:
            return dataclasses.replace(variable, why=variable.why or _undecrypted())
        if variable.masked:
            return dataclasses.replace(variable, value=None, why=_masked(self.no_cli))
        if not variable.exact and model.is_number(variable.value):
            return dataclasses.replace(variable, why=_("Airflow 3 writes numbers anew: 1.10 is given as 1.1"))
        return variable

    def _exact(self, variable: model.Variable, value: str | None) -> model.Variable:
        if value is None:
            return self._judged(variable)
        return dataclasses.replace(variable, value=value, exact=True, masked=False)

    def _asked(self, variable: model.Variable) -> model.Variable:
        """The variable with the value that `variables get` prints."""
        words = ["variables", "get", *(["--"] if variable.key.startswith("-") else []), variable.key]
        if not self.cli_answers():
            return variable
        said = self._cli(words)
        if said is None or not said.endswith("\n"):
            return variable
        value = said[:-1]
        return self._exact(variable, value) if _fits(variable, value) else variable

    def _listed_values(self) -> dict[str, str] | None:
        said = self._cli(["variables", "list", "--show-values", "-o", "json"])
        if said is None:
            return None
        rows = _json_rows(said)
        return {str(row["key"]): str(row["val"]) for row in rows if "key" in row and "val" in row}

    def cli_answers(self) -> bool:
        """Whether the command line prints a value and nothing else: a plugin that prints too would be in each value."""
        if not self._probed:
            self._probed = True
            said = self._cli(["variables", "get", "--default", _PROBE, f"{_PROBE}-no-such-key"])
            if said is not None and said != f"{_PROBE}\n":
                self.no_cli = _("its command line prints more than the value")
        return not self.no_cli

    def _cli(self, words: list[str]) -> str | None:
        """What a command prints; None where it cannot be run, and then `no_cli` says why."""
        if self.no_cli:
            return None
        try:
            answer = run_cli(self._client(), self.environment, words)
        except WizardError as problem:
            self.no_cli = problem.what
            return None
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            self.no_cli = _("you may not use its command line (airflow:CreateCliToken)")
            return None
        return answer.stdout if answer.ok else None


def _needs_cli(variable: model.Variable) -> bool:
    return variable.value is not None and (variable.masked or model.is_number(variable.value))


def _fits(variable: model.Variable, value: str) -> bool:
    """Whether what the command line printed can be what the REST API showed: no log line took its place."""
    shown = variable.value or ""
    if not model.is_json(shown):
        pattern = ".*".join(re.escape(part) for part in shown.split(model.MASKED))
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    try:
        return _same_shape(json.loads(shown), json.loads(value))
    except ValueError:
        return False


def _same_shape(shown: Any, real: Any) -> bool:
    if isinstance(shown, str) and model.MASKED in shown:
        return True
    if isinstance(shown, dict):
        return isinstance(real, dict) and shown.keys() == real.keys() and all(
            _same_shape(shown[key], real[key]) for key in shown
        )  # fmt: skip
    if isinstance(shown, list):
        return isinstance(real, list) and len(shown) == len(real) and all(
            _same_shape(one, other) for one, other in zip(shown, real, strict=True)
        )  # fmt: skip
    return bool(shown == real)


def _json_rows(text: str) -> list[dict[str, Any]]:
    """The JSON list that `-o json` printed last; log lines may stand before it."""
    for start, char in enumerate(text):
        if char == "[":
            try:
                found, _end = json.JSONDecoder(strict=False).raw_decode(text[start:])
            except ValueError:
                continue
            if isinstance(found, list) and all(isinstance(row, dict) and "key" in row for row in found):
                return found
    return []


def _masked(no_cli: str) -> str:
    said = _("Airflow does not show its value")
    return f"{said}; {no_cli}" if no_cli else said


def _undecrypted() -> str:
    return _("Airflow gives no value: it cannot be decrypted, or it is empty")
