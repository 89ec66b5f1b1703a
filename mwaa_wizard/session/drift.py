"""What changed in AWS since a session was last looked at. Pure: two pictures in, differences out.

A picture holds what GetEnvironment and STS say, as short texts. Values of options that may be secret are not in it:
those are not compared, and it says so by leaving them out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Seen, Session

# A session that was left for less than this goes on without a look at AWS.
SOON = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was; `before` or `now` is empty where it was or is not there."""

    side: str
    label: str
    before: str
    now: str


def picture(environment: Mapping[str, Any] | None, account: str, arn: str, at: dt.datetime) -> Seen:
    """A side as it is. `environment` None: there is none of that name."""
    if environment is None:
        return Seen(at=at, account=account, arn=arn, status="")
    return Seen(
        at=at,
        account=account,
        arn=arn,
        status=str(environment.get("Status", "")),
        version=str(environment.get("AirflowVersion", "")),
        environment_class=str(environment.get("EnvironmentClass", "")),
        settings=_settings(environment),
    )


def _settings(environment: Mapping[str, Any]) -> dict[str, str]:
    from mwaa_wizard.environments.fields import LOG, OBJECT_VERSIONS, fields, get
    from mwaa_wizard.environments.secret import OPTIONS, is_secret

    found: dict[str, str] = {}
    document = dict(environment)
    for field in fields():
        if field.name in ("AirflowVersion", "EnvironmentClass"):
            continue
        value = get(document, field.name)
        if field.name.startswith(f"{LOG}.") and isinstance(value, dict):
            value = value.get("LogLevel", "") if value.get("Enabled") else "off"
        found[field.name] = _text(value)
    for path, version in OBJECT_VERSIONS.items():
        if environment.get(path):
            found[version] = _text(environment.get(version))
    for key, value in dict(environment.get(OPTIONS) or {}).items():
        if not is_secret(str(key), value):
            found[f"{OPTIONS}.{key}"] = _text(value)
    return {name: text for name, text in found.items() if text}


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def remembered(session: Session, side: str) -> Seen:
    """What the session knows of a side: the last picture, or for older sessions what its pages noted."""
    last = session.last_seen.source if side == "source" else session.last_seen.target
    if last is not None:
        return last
    if side == "target":
        return Seen(account=session.target.connection.account, arn=session.target.connection.arn)
    source = session.source
    return Seen(
        account=source.connection.account,
        arn=source.connection.arn,
        version=source.airflow_version,
        environment_class=source.environment_class,
    )


def compare(side: str, before: Seen, now: Seen) -> list[Difference]:
    """What differs, the most important first. What was not known before is no difference."""
    from mwaa_wizard.environments.fields import fields
    from mwaa_wizard.environments.secret import OPTIONS

    rows: list[Difference] = []

    def add(label: str, was: str, is_now: str, *, known: bool) -> None:
        if known and was != is_now:
            rows.append(Difference(side, label, was, is_now))

    add(_("account"), before.account, now.account, known=bool(before.account))
    if before.account == now.account:
        add(_("identity"), before.arn, now.arn, known=bool(before.arn))
    looked = before.at is not None
    add(_("status"), before.status, now.status, known=looked or (bool(before.version) and not now.status))
    if not now.status:
        return rows  # it is gone: that its settings are, too, needs no lines
    if looked and not before.status:
        return rows  # it was made since
    add(_("Airflow version"), before.version, now.version, known=bool(before.version))
    add(_("class"), before.environment_class, now.environment_class, known=bool(before.environment_class))
    if looked:
        labels = {field.name: field.label for field in fields()}
        for name in [*dict.fromkeys([*before.settings, *now.settings])]:
            label = labels.get(name) or name.removeprefix(f"{OPTIONS}.")
            add(label, before.settings.get(name, ""), now.settings.get(name, ""), known=True)
    return rows


def due(session: Session, now: dt.datetime) -> bool:
    """Whether AWS should be asked before the session goes on: it was left for a while, and there is a source."""
    return bool(session.source.environment) and now - session.updated_at > SOON
