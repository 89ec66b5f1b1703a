"""An Airflow 3 is filled through its own REST API."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.seed import CANARIES, SeedTarget, fill
from mwaa_wizard.sandbox.seed.secrets import CONNECTIONS, POOLS, VARIABLES


def _target(rest: Any) -> SeedTarget:
    return SeedTarget("new", "3.0.6", Path("python"), {}, "bucket", "dags", None, None, "group", rest)


def test_settings_go_in_as_a_user_s_would() -> None:
    made: dict[str, list[dict[str, Any]]] = {}

    def rest(method: str, path: str, query: Any, body: Any) -> Any:
        assert method == "POST"
        made.setdefault(path, []).append(body)
        return SimpleNamespace(status=201)

    done = fill(_target(rest))
    assert done.rows == {"variable": len(VARIABLES), "connection": len(CONNECTIONS), "slot_pool": len(POOLS)}
    assert {body["key"]: body["value"] for body in made["/variables"]} == {key: value for key, value, _d in VARIABLES}
    first = next(body for body in made["/connections"] if body["connection_id"] == "warehouse_postgres")
    assert first["password"] in CANARIES
    assert json.loads(first["extra"])["sslmode"] == "require"
    assert [body["slots"] for body in made["/pools"]] == [slots for _name, slots, _d in POOLS]


def test_what_is_there_stays_and_a_refusal_repeats_no_value() -> None:
    assert fill(_target(lambda *call: SimpleNamespace(status=409))).rows
    with pytest.raises(WizardError) as refused:
        fill(_target(lambda *call: SimpleNamespace(status=422, body={"input": CANARIES[0]})))
    assert CANARIES[0] not in "".join(refused.value.lines())
