"""Which Airflow options hold a secret. Their values are never kept, shown or logged."""

from __future__ import annotations

import json
import re

from mwaa_wizard.secrets import looks_secret

MASK = "••••••"
OPTIONS = "AirflowConfigurationOptions"

# user:password@ inside a URL, as in a broker's or a proxy's address
_URL_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


# Named after the section, but a class's path and switches.
_OPEN = frozenset({"secrets.backend", "secrets.use_cache", "secrets.cache_ttl_seconds", "workers.secrets_backend"})
# Arguments of a secrets backend that say where it looks, not with what (amazon provider, secrets/).
_BACKEND_ARGUMENTS = ("secrets.backend_kwargs", "workers.secrets_backend_kwargs")
_PLACE = re.compile(r"(connections|variables|config)_(prefix|lookup_pattern)|sep|full_url_mode|region_name")


def is_secret(key: str, value: object = "") -> bool:
    """Whether the option's name says so, or its value carries a password inside a URL.

    A backend's arguments are none where they hold prefixes and patterns only; without a value they are.
    """
    if _URL_WITH_PASSWORD.search(str(value)):
        return True
    if key in _BACKEND_ARGUMENTS and value:
        return not _only_places(str(value))
    return key not in _OPEN and looks_secret(key)


def _only_places(value: str) -> bool:
    try:
        found = json.loads(value)
    except ValueError:
        return False
    return isinstance(found, dict) and all(_PLACE.fullmatch(str(name)) for name in found)
