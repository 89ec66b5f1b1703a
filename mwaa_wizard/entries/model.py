"""Variables, pools and connections as Airflow's REST API lists them. What may be a secret is in no `repr`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

# What Airflow shows instead of a sensitive value (airflow secrets_masker.redact), whole or in the middle of one.
MASKED = "***"
# Airflow makes it in every database; it can be changed, but not described or removed.
DEFAULT_POOL = "default_pool"


@dataclass(frozen=True)
class Variable:
    """A variable. `value` None: it could not be read, and `why` says so.

    `exact`: the characters are those in the source. Airflow 3 parses every value that is JSON and writes it anew, so
    spacing, escapes and the digits of a number (1.10 comes as 1.1) are its own. `masked`: parts of it are hidden.
    """

    key: str
    value: str | None = field(repr=False)
    description: str | None = field(default=None, repr=False)
    exact: bool = True
    masked: bool = False
    why: str = ""


@dataclass(frozen=True)
class Pool:
    """A pool; `slots` -1 is without limit. `include_deferred` None: this Airflow does not know it (before 2.7)."""

    name: str
    slots: int
    description: str | None = None
    include_deferred: bool | None = None


Password = Literal["none", "hidden", "unknown"]


@dataclass(frozen=True)
class Connection:
    """A connection without its password. `password`: whether it has one, as far as Airflow says (2.x never does).

    `extra` is JSON text; `extra_hidden`: parts of it are masked, or it could not be read.
    """

    conn_id: str
    conn_type: str
    host: str | None = field(default=None, repr=False)
    login: str | None = field(default=None, repr=False)
    schema: str | None = field(default=None, repr=False)
    port: int | None = None
    extra: str | None = field(default=None, repr=False)
    password: Password = "unknown"
    extra_hidden: bool = False


def variable_v1(row: dict[str, Any]) -> Variable:
    """A row of /api/v1/variables: the value as it is."""
    value = row.get("value")
    return Variable(str(row.get("key", "")), None if value is None else str(value), _text(row.get("description")))


def variable_v2(row: dict[str, Any]) -> Variable:
    """A row of /api/v2/variables: masked by name or by content, and JSON written anew."""
    value = row.get("value")
    if value is None:
        return Variable(str(row.get("key", "")), None, _text(row.get("description")), exact=False)
    text = str(value)
    return Variable(
        str(row.get("key", "")), text, _text(row.get("description")), exact=not is_json(text), masked=is_masked(text)
    )


def is_json(value: str) -> bool:
    """Whether Airflow 3 would have parsed the value, other than to a whole number, which has one form only."""
    try:
        found = json.loads(value)
    except ValueError:
        return False
    return not isinstance(found, bool | int) and found is not None


def is_number(value: str) -> bool:
    """Whether the value is a number with a fraction or an exponent: of those other digits may have been written."""
    try:
        return isinstance(json.loads(value), float)
    except ValueError:
        return False


def is_masked(value: str) -> bool:
    """Whether Airflow may have hidden something; a value that really holds three stars is taken for masked, too."""
    return MASKED in value


def pool(row: dict[str, Any]) -> Pool:
    """A row of /pools of either version."""
    deferred = row.get("include_deferred")
    return Pool(
        name=str(row.get("name", "")),
        slots=int(row.get("slots") or 0),
        description=_text(row.get("description")),
        include_deferred=None if deferred is None else bool(deferred),
    )


def same_pool(one: Pool, other: Pool) -> bool:
    """Whether two pools are alike, as far as both versions know them; the default one's description is Airflow's."""
    if one.slots != other.slots:
        return False
    if None not in (one.include_deferred, other.include_deferred) and one.include_deferred != other.include_deferred:
        return False
    return one.name == DEFAULT_POOL or (one.description or "") == (other.description or "")


def connection(row: dict[str, Any], *, newer: bool) -> Connection:
    """A row of /connections; `newer`: of /api/v2, which says whether there is a password."""
    extra, port = row.get("extra"), row.get("port")
    text = extra if isinstance(extra, str) or extra is None else json.dumps(extra, ensure_ascii=False)
    password: Password = "unknown"
    if newer:
        password = "hidden" if row.get("password") is not None else "none"
    return Connection(
        conn_id=str(row.get("connection_id", "")),
        conn_type=str(row.get("conn_type") or ""),
        host=_text(row.get("host")),
        login=_text(row.get("login")),
        schema=_text(row.get("schema")),
        port=int(port) if port is not None else None,
        extra=text or None,
        password=password,
        # Host and login can hold a registered secret too, which Airflow does not mask there.
        extra_hidden=bool(text) and is_masked(text or ""),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
