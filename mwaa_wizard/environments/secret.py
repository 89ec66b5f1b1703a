"""Which Airflow options hold a secret. Their values are never kept, shown or logged."""

from __future__ import annotations

import re

from mwaa_wizard.secrets import looks_secret

MASK = "••••••"
OPTIONS = "AirflowConfigurationOptions"

# user:password@ inside a URL, as in a broker's or a proxy's address
_URL_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def is_secret(key: str, value: object = "") -> bool:
    """Whether the option's name says so, or its value carries a password inside a URL."""
    return looks_secret(key) or bool(_URL_WITH_PASSWORD.search(str(value)))
