"""A session as a file for others: everything that explains a question, nothing that must not leave this machine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mwaa_wizard import __version__, paths
from mwaa_wizard.session.model import Session
from mwaa_wizard.session.store import write_atomic

# Account numbers alone or inside ARNs, bucket names and the like; the last four digits tell two accounts apart.
_ACCOUNT = re.compile(r"(?<![0-9a-fA-F])(\d{8})(\d{4})(?![0-9a-fA-F])")
# The last part of an assumed role's ARN is who is logged in, often a person's address.
_CALLER = re.compile(r"(assumed-role/[^/\s\"]+/)[^\s\"]+|(:user/)[^\s\"]+|(:federated-user/)[^\s\"]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
HIDDEN = "[hidden]"


def redacted(session: Session) -> dict[str, Any]:
    """The session's document without account numbers, callers, and values of options that may be secret."""
    raw: dict[str, Any] = session.model_dump(mode="json")
    target = raw["target"]
    target["airflow_options"] = {
        key: _option(key, value) for key, value in target["airflow_options"].items()
    }  # fmt: skip
    found = _hide(raw)
    assert isinstance(found, dict)
    return {"exported_by": f"mwaa-wizard {__version__}", "redacted": True, **found}


def write(session: Session, path: Path | None = None) -> Path:
    """Write the redacted document (0600) and return where it is. Raises OSError."""
    where = path or paths.exports_dir() / f"session-{session.id}.json"
    write_atomic(where.absolute(), json.dumps(redacted(session), indent=2, ensure_ascii=False) + "\n")
    return where


def _option(key: str, value: object) -> object:
    from mwaa_wizard.environments.secret import is_secret

    return HIDDEN if value is not None and is_secret(key, value) else value


def _hide(value: object) -> object:
    if isinstance(value, dict):
        return {key: _hide(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_hide(one) for one in value]
    if not isinstance(value, str):
        return value
    from mwaa_wizard.commands.crash import redact

    text = _ACCOUNT.sub(r"********\2", value)
    text = _CALLER.sub(lambda found: (found[1] or found[2] or found[3]) + HIDDEN, text)
    return redact(_MAIL.sub(HIDDEN, text))
