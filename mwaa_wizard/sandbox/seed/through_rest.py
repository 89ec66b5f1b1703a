"""Settings of an Airflow 3: its tables are out of reach for scripts of ours, so they go in as a user's would, by REST.

There is no history: tasks of Airflow 3 cannot write the metadata database, and neither do we.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.seed.secrets import CONNECTIONS, POOLS, VARIABLES

Rest = Callable[[str, str, Any, Any], Any]


def write_settings(rest: Rest) -> dict[str, int]:
    """Make variables, connections and pools; what is there already stays. Rows by table.

    Raises WizardError where Airflow refuses one, with its status only: its words would repeat the value.
    """
    for key, value, description in VARIABLES:
        _post(rest, "/variables", {"key": key, "value": value, "description": description})
    for fields in CONNECTIONS:
        _post(rest, "/connections", _connection(fields))
    for name, slots, description in POOLS:
        _post(rest, "/pools", {"name": name, "slots": slots, "description": description, "include_deferred": False})
    return {"variable": len(VARIABLES), "connection": len(CONNECTIONS), "slot_pool": len(POOLS)}


def _connection(fields: dict[str, Any]) -> dict[str, Any]:
    """The model's arguments in the API's words."""
    body = {name: value for name, value in fields.items() if name not in ("conn_id", "extra") and value is not None}
    extra = fields.get("extra")
    if extra is not None:
        body["extra"] = json.dumps(extra, ensure_ascii=False)
    return {"connection_id": fields["conn_id"], **body}


def _post(rest: Rest, path: str, body: dict[str, Any]) -> None:
    status = int(rest("POST", path, None, body).status)
    if status >= 400 and status != 409:
        raise WizardError(
            what=_("The sandbox's Airflow did not take its seeded settings: {path} answered {status}.").format(
                path=path, status=status
            ),
            changed=_("What was written before stays in the sandbox's database."),
            remedy=_("Run `mwaa-wizard sandbox down --wipe`, then `sandbox up` again."),
            code=f"HTTP {status}",
        )
