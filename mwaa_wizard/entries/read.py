"""Reads an environment's variables, pools and connections, and says what cannot be read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from mwaa_wizard.airflow.rest import MAX_PATH, RestUnavailable, tell_of
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.entries import model
from mwaa_wizard.entries.command_line import CommandLine, fits
from mwaa_wizard.entries.paging import Rest, Sleep, Turns
from mwaa_wizard.environments import facts, versions
from mwaa_wizard.i18n import _, strung

_LISTS_VALUES = (3, 2)  # from here on one command prints all variables as they are


class Reader:
    """Reads one side's Airflow. `unread`: path of a list -> rows that alone are over MWAA's limits.

    `lists`: whether there is an InvokeRestApi, which alone lists pools and connections. Methods raise
    RestUnavailable, WizardError and botocore's ClientError.
    """

    def __init__(
        self, clients: Clients, side: Side, environment: str, version: str, *, sleep: Sleep, turns: Turns | None = None
    ) -> None:
        self.environment, self.version = environment, version
        self._clients, self._side = clients, side
        waiting = tell_of(clients, side)
        self.rest = Rest(self._client, environment, turns=turns, sleep=sleep, waiting=waiting)
        self.command_line = CommandLine(self._client, environment)
        self.newer = versions.parse(version)[:1] >= (3,)
        self.lists = versions.parse(version) >= versions.parse(facts.load("versions")["rest"]["invoke_rest_api_from"])
        self.unread: dict[str, int] = {}

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
        if listed_only or not self.newer:
            return [self._judged(variable) for variable in found]
        if versions.parse(self.version)[:2] >= _LISTS_VALUES and found:
            values = self.command_line.values()
            if values is not None:
                return [self._judged(_exact(variable, values.get(variable.key))) for variable in found]
        return [self._judged(self._asked(variable) if _needs_asking(variable) else variable) for variable in found]

    def _by_command_line(self, *, listed_only: bool) -> list[model.Variable]:
        """All variables of an Airflow without InvokeRestApi; descriptions are not printed."""
        keys = self.command_line.keys()
        if keys is None:
            raise RestUnavailable(self.command_line.refusal or _("its command line lists no variables"))
        found = [model.Variable(key, model.MASKED, masked=True) for key in keys]
        return [self._judged(variable if listed_only else self._asked(variable)) for variable in found]

    def _rows(self, path: str, member: str) -> Iterable[dict[str, Any]]:
        self.unread[path] = 0
        for row in self.rest.rows(path, member):
            if row is None:
                self.unread[path] += 1
            else:
                yield row

    def pools(self) -> list[model.Pool]:
        """All pools, the default one too; none where nothing lists them."""
        return [model.pool(row) for row in self._rows("/pools", "pools")] if self.lists else []

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

    def _asked(self, variable: model.Variable) -> model.Variable:
        """The variable with the value that the command line prints, if that can be its value."""
        value = self.command_line.value(variable.key)
        return _exact(variable, value if value is not None and fits(variable.value or "", value) else None)

    def _judged(self, variable: model.Variable) -> model.Variable:
        """Without its value where that is not the whole one, and with a word where it may be another one."""
        if variable.value is None:
            why = _("Airflow gives no value: it cannot be decrypted, or it is empty")
            return dataclasses.replace(variable, why=why)
        if variable.masked:
            why = _("Airflow does not show its value")
            refusal = self.command_line.refusal
            return dataclasses.replace(variable, value=None, why=strung((why, refusal)) if refusal else why)
        if not variable.exact and model.is_number(variable.value):
            return dataclasses.replace(variable, why=_("Airflow 3 writes numbers anew: 1.10 is given as 1.1"))
        return variable


def _exact(variable: model.Variable, value: str | None) -> model.Variable:
    if value is None:
        return variable
    return dataclasses.replace(variable, value=value, exact=True, masked=False)


def _needs_asking(variable: model.Variable) -> bool:
    return variable.value is not None and (variable.masked or model.is_number(variable.value))
