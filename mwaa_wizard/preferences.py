"""What the user prefers on this machine, whatever the session: colours, language, what counts as production.

Read at every start before the first paint, so nothing heavy is imported here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from mwaa_wizard import paths


@dataclass
class Preferences:
    """`production` and `not_production` hold accounts, profiles and environments the user said so of."""

    theme: str = ""
    language: str = ""
    production: list[str] = field(default_factory=list)
    not_production: list[str] = field(default_factory=list)


def read() -> Preferences:
    """The preferences; the defaults for what is missing, unreadable or not what it must be."""
    raw = _raw()
    found = Preferences()
    for name in ("theme", "language"):
        if isinstance(raw.get(name), str):
            setattr(found, name, raw[name])
    for name in ("production", "not_production"):
        if isinstance(raw.get(name), list):
            setattr(found, name, [one for one in raw[name] if isinstance(one, str)])
    return found


def change(**members: Any) -> Preferences:
    """Write some members and keep the others, those of a newer program among them. Raises OSError."""
    from mwaa_wizard.session.store import write_atomic

    raw = {**_raw(), **members}
    write_atomic(paths.preferences_file(), json.dumps(raw, indent=2, ensure_ascii=False) + "\n")
    return read()


def mark_production(name: str, yes: bool) -> Preferences:
    """Remember that an account, profile or environment is, or is not, production. Raises OSError."""
    now = asdict(read())
    lists = {member: [one for one in now[member] if one != name] for member in ("production", "not_production")}
    lists["production" if yes else "not_production"].append(name)
    return change(**lists)


def _raw() -> dict[str, Any]:
    try:
        found = json.loads(paths.preferences_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
