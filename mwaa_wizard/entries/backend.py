"""An environment's secrets backend, from its Airflow options; and the one that route settings-only gives the target.

Source: MWAA user guide, connections-secrets-manager; amazon provider, secrets/secrets_manager.py and
secrets/systems_manager.py (defaults of the prefixes, separator, lookup patterns).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard.session.model import Session

BACKEND, KWARGS = "secrets.backend", "secrets.backend_kwargs"
SECRETS_MANAGER = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
Kind = Literal["", "secrets-manager", "ssm", "other"]
What = Literal["connections", "variables"]
KINDS: tuple[What, What] = ("connections", "variables")
# By the class's own name: its module moved between Airflow 1.10's contrib folder and the provider.
_CLASSES: dict[str, Kind] = {
    "SecretsManagerBackend": "secrets-manager",
    "SystemsManagerParameterStoreBackend": "ssm",
}
# Arguments that lead the backend to another account or region than the environment's own.
_ELSEWHERE = ("region_name", "role_arn", "endpoint_url", "profile_name", "aws_access_key_id", "assume_role_method")


@dataclass(frozen=True)
class Backend:
    """What Airflow asks before its database. `prefixes`: None where it does not ask for that kind.

    `elsewhere`: names of arguments that lead it out of the environment's own account or region. `readable` is False
    where the arguments cannot be understood.
    """

    kind: Kind = ""
    name: str = ""
    prefixes: dict[What, str | None] = field(default_factory=dict)
    patterns: dict[What, str] = field(default_factory=dict)
    sep: str = "/"
    elsewhere: tuple[str, ...] = ()
    readable: bool = True

    def asks(self, what: What) -> bool:
        """Whether Airflow looks for that kind there, at a place that we can look at, too."""
        return self.kind in ("secrets-manager", "ssm") and self.readable and self.prefixes.get(what) is not None

    def start(self, what: What) -> str:
        """What the names of that kind begin with, separator included."""
        prefix = self.prefixes.get(what) or ""
        return f"{prefix}{self.sep}" if prefix or self.kind == "ssm" else ""

    def path(self, what: What, entry_id: str) -> str:
        """Name of the secret (or parameter) of a connection or variable."""
        return f"{self.start(what)}{entry_id}"

    def looks_up(self, what: What, entry_id: str) -> bool:
        """Whether Airflow asks the backend for that id (`connections_lookup_pattern`)."""
        pattern = self.patterns.get(what)
        if not self.asks(what):
            return False
        try:
            return not pattern or re.match(pattern, entry_id, re.IGNORECASE) is not None
        except re.error:
            return False


def backend_of(options: Mapping[str, str | None]) -> Backend:
    """The backend that Airflow options (`section.option`) name. A hidden value (None) cannot be understood."""
    name = options.get(BACKEND) or ""
    if not name:
        return Backend()
    kind = _CLASSES.get(name.rsplit(".", 1)[-1], "other")
    if kind == "other":
        return Backend("other", name)
    given: Any = {}
    if KWARGS in options:
        try:
            given = json.loads(options[KWARGS] or "")
        except ValueError:
            given = None
    if not isinstance(given, dict):
        return Backend(kind, name, readable=False)
    sep = str(given.get("sep", "/")) if kind == "secrets-manager" else "/"
    root = "/airflow" if kind == "ssm" else "airflow"
    prefixes: dict[What, str | None] = {}
    patterns: dict[What, str] = {}
    for what in KINDS:
        prefix = given.get(f"{what}_prefix", f"{root}/{what}")
        prefixes[what] = None if prefix is None else str(prefix).rstrip(sep)
        if pattern := given.get(f"{what}_lookup_pattern"):
            patterns[what] = str(pattern)
    elsewhere = tuple(key for key in _ELSEWHERE if given.get(key))
    return Backend(kind, name, prefixes, patterns, sep, elsewhere)


def root_of(session: Session) -> str:
    """What the names of the target's secrets begin with, where its options do not say: its own, as several
    environments of an account share one Secrets Manager."""
    return session.entries.prefix.strip("/") or f"mwaa/{session.target.environment}"


def with_backend(session: Session, options: dict[str, str | None]) -> dict[str, str | None]:
    """The target's Airflow options with the backend that its connections need, on route settings-only.

    A Secrets Manager backend that comes along from the source stays as it is unless the session names a prefix, and
    so does one that leads out of the source's account or region. What the user set by hand stays, and so does
    another kind of backend, which only the user can replace.
    """
    entries, edits = session.entries, {*session.target.airflow_options, *session.target.secret_options}
    if session.route != "settings-only" or entries.connections != "secrets-manager" or edits & {BACKEND, KWARGS}:
        return options
    has = backend_of(options)
    carried = has.kind == "secrets-manager" or bool(has.elsewhere)
    if has.kind == "other" or (carried and not entries.prefix):
        return options
    root = root_of(session)
    kwargs = {
        "connections_prefix": f"{root}/connections",
        "variables_prefix": f"{root}/variables" if has.prefixes.get("variables") is not None else None,
        # Airflow asks for options that end in _secret only; none of ours is there.
        "config_prefix": None,
    }
    return {**options, BACKEND: SECRETS_MANAGER, KWARGS: json.dumps(kwargs)}


def resolved(session: Session, options: Mapping[str, str | None], environment: Mapping[str, Any]) -> dict[str, str]:
    """Options with the values that are not in the session: from the source as AWS just gave it, or from keyring."""
    from mwaa_wizard import secrets

    had = environment.get("AirflowConfigurationOptions") or {}
    found: dict[str, str] = {}
    for key, value in options.items():
        if value is None and key in session.target.secret_options:
            value = secrets.recall(session.id, key)
        found[key] = (had.get(key) if value is None else value) or ""
    return found


def of_source(environment: Mapping[str, Any]) -> Backend:
    """The source's backend, from GetEnvironment's answer."""
    return backend_of(environment.get("AirflowConfigurationOptions") or {})


def of_target(session: Session, environment: dict[str, Any]) -> Backend:
    """The backend that the target will have; `environment` is the source as AWS just gave it."""
    from mwaa_wizard.environments import effective

    return backend_of(resolved(session, effective.target_options(session, environment), environment))
