"""What stands in a connection's secret: Airflow's JSON form, from what REST lists and what the user gives.

Source: Airflow `Connection.from_json` (2.3 and newer) and the amazon provider's Secrets Manager backend, which passes
on these members only.
"""

from __future__ import annotations

import json
import re
from typing import Any

from mwaa_wizard.entries.model import Connection
from mwaa_wizard.i18n import _

MEMBERS = ("conn_type", "host", "login", "password", "schema", "port", "extra")
LARGEST = 65_536  # bytes of a secret's value (Secrets Manager quotas)
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+_.-]*://")
# What a secret's name may hold, and how long it may be (Secrets Manager: CreateSecret, Name).
_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}", re.ASCII)


class NotEnough(ValueError):
    """What is known of a connection does not make a whole one; the message says what is missing, and no value."""


def name_problem(name: str) -> str:
    """Why Secrets Manager takes no secret of that name; empty where it does."""
    if _NAME.fullmatch(name):
        return ""
    return _("Secrets Manager takes only letters, digits and /_+=.@- in a secret's name")


def secret_of(listed: Connection, given: str | None) -> str:
    """The secret's value. Raises NotEnough.

    `given`: None (nothing), a connection as JSON object or as URI, or else its password. A JSON object stands in
    front of what is listed, member by member; a URI stands for the whole.
    """
    if given is not None and _URI.match(given.strip()):
        return _measured(given.strip())
    found: dict[str, Any] = {
        "conn_type": listed.conn_type,
        "host": listed.host,
        "login": listed.login,
        "schema": listed.schema,
        "port": listed.port,
        "extra": _extra(listed.extra),
    }
    members = None if given is None else as_members(given)
    hidden = set()
    if listed.extra_hidden:
        hidden.add("extra")
    if listed.password != "none":
        hidden.add("password")
    if members is not None:
        found |= members
        hidden -= set(members)
    elif given is not None:
        found["password"] = given
        hidden.discard("password")
    if hidden == {"password"}:
        raise NotEnough(_("its password is not known"))
    if hidden:
        raise NotEnough(_("parts of its extra are not known: give it as JSON with “extra”"))
    if not found.get("conn_type"):
        raise NotEnough(_("its type is not known: give it as JSON with “conn_type”"))
    return _measured(json.dumps({name: value for name, value in found.items() if value not in (None, "")},
                                ensure_ascii=False))  # fmt: skip


def as_members(given: str) -> dict[str, Any] | None:
    """The members of a connection given as JSON; None where the text is a password."""
    if not given.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(given)
    except ValueError:
        return None
    if not isinstance(found, dict) or not found or set(found) - {*MEMBERS, "description"}:
        return None
    return {name: value for name, value in found.items() if name in MEMBERS}


def parses(value: str) -> bool:
    """Whether Airflow makes a connection of a secret's value: a JSON object or a URI."""
    text = value.strip()
    if text.startswith("{"):
        try:
            return isinstance(json.loads(text), dict)
        except ValueError:
            return False
    return _URI.match(text) is not None


def _extra(text: str | None) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _measured(text: str) -> str:
    if len(text.encode()) > LARGEST:
        raise NotEnough(_("it is larger than the 64 KB that a secret can hold"))
    return text
