"""What the target will have: the source's values, without what cannot move, with the user's edits on top.

Everything is keyed by dotted API names (`NetworkConfiguration.SubnetIds`, `Tags.Team`,
`AirflowConfigurationOptions.core.parallelism`), the same keys as in `session.target.settings`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.entries.backend import with_backend
from mwaa_wizard.environments import shapes, versions
from mwaa_wizard.environments.fields import COUNTS, LOG, LOG_MODULES, OBJECT_VERSIONS, TAGS, Bound, fields, get
from mwaa_wizard.environments.options import Change, names, result, rewrite
from mwaa_wizard.environments.secret import OPTIONS
from mwaa_wizard.session.model import Session

MICRO = "mw1.micro"


@dataclass(frozen=True)
class Moved:
    """Which borders lie between source and target."""

    account: bool
    region: bool

    def breaks(self, bound: Bound) -> bool:
        """Whether a value with that bound cannot be taken over."""
        return (bound == "region" and (self.account or self.region)) or (bound == "account" and self.account)


def moved(session: Session, source_environment: dict[str, Any]) -> Moved:
    """Compares accounts and regions; GetEnvironment's ARN says where the source is if STS was not asked."""
    source, target = session.source.connection, session.target.connection
    parts = str(source_environment.get("Arn", "")).split(":")
    arn_region, arn_account = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
    here, there = source.account or arn_account, target.account
    if here and there:
        account = here != there
    else:
        account = source.profile != target.profile
    from_region = source.region or arn_region
    return Moved(account=account, region=bool(target.region) and from_region != target.region)


def empty(value: object) -> bool:
    """Whether AWS would take the value for nothing."""
    return value is None or value == "" or value == [] or value == {}


def default(name: str, environment: dict[str, Any]) -> object | None:
    """The source's value of a setting in the form CreateEnvironment takes; None where there is none."""
    value = copy.deepcopy(get(environment, name))
    if name.startswith(f"{LOG}."):
        module = value if isinstance(value, dict) else {}
        return {"Enabled": bool(module.get("Enabled", False)), "LogLevel": module.get("LogLevel") or "INFO"}
    return _without_gaps(value)


def _without_gaps(value: object) -> object | None:
    """The value without members that hold nothing, which CreateEnvironment does not take; None where none is left."""
    if isinstance(value, dict):
        inner = {key: _without_gaps(item) for key, item in value.items()}
        value = {key: item for key, item in inner.items() if item is not None}
    return None if empty(value) else value


def target_values(session: Session, source_environment: dict[str, Any]) -> dict[str, object]:
    """Every setting the target gets but Airflow options and tags; settings without a value are left out.

    Role and bucket are absent where the wizard makes them or the user still has to choose.
    """
    edits, away = session.target.settings, moved(session, source_environment)
    values: dict[str, object] = {}
    for field in fields():
        if field.name == "AirflowVersion":
            value = session.target.airflow_version or default(field.name, source_environment)
        elif (field.name == "ExecutionRoleArn" and session.target.create_role) or (
            field.name == "SourceBucketArn" and session.target.create_bucket
        ):
            continue
        elif field.name in edits:
            value = copy.deepcopy(edits[field.name])
        elif away.breaks(field.bound):
            continue
        else:
            value = default(field.name, source_environment)
        if not empty(value):
            values[field.name] = value
    for name in other_members(source_environment) + [n for n in edits if n in other_names()]:
        value = edits.get(name, None if (away.account or away.region) else _without_gaps(source_environment.get(name)))
        if not empty(value):
            values[name] = copy.deepcopy(value)
    _fit_class(values, edits)
    return values


def _fit_class(values: dict[str, object], edits: dict[str, object]) -> None:
    """Counts the class does not allow fall away where only the source asked for them (mw1.micro has one of each,
    all others at least two schedulers and web servers; MWAA user guide: environment-class).
    """
    if values.get("EnvironmentClass") == MICRO:
        for name in COUNTS:
            if name not in edits:
                values[name] = 1
        return
    for name in ("Schedulers", "MinWebservers", "MaxWebservers"):
        if name not in edits and values.get(name) == 1:
            del values[name]


def other_names() -> list[str]:
    """Members of CreateEnvironmentInput without a field of their own."""
    named = {field.name.split(".")[0] for field in fields()} | {"Name", OPTIONS, TAGS, *OBJECT_VERSIONS.values()}
    return [name for name in shapes.members() if name not in named]


def other_members(environment: dict[str, Any]) -> list[str]:
    """Members of CreateEnvironmentInput without a field of their own that the environment has."""
    return [name for name in other_names() if _without_gaps(environment.get(name)) is not None]


def source_options(environment: dict[str, Any]) -> dict[str, str | None]:
    """The source's Airflow options; None stands for a hidden secret."""
    return dict(environment.get(OPTIONS) or {})


def set_by_mwaa(key: str) -> bool:
    """Whether MWAA sets this option itself, whatever the user writes."""
    return key in versions.load("options")["set_by_mwaa"]


def option_changes(session: Session, source_environment: dict[str, Any]) -> list[Change]:
    """What becomes of the source's Airflow options in the target's version, each with its reason; the user's edits
    are not in it. Empty where a version is not known yet: then the options are taken as they are.
    """
    here = str(source_environment.get("AirflowVersion") or session.source.airflow_version)
    there = session.target.airflow_version or here
    if min(versions.parse(here), versions.parse(there)) < (1, 10):
        return []
    return rewrite(source_options(source_environment), here, there)


def flipped_defaults(session: Session, source_environment: dict[str, Any]) -> list[Change]:
    """Options nobody has set whose default is another one where the target ends (`upgrade_to` after a bridge): the
    user may keep the source's behaviour by setting the old value (`Change.value`). Those that the version made now
    does not know are not among them; neither are those that cannot be set to the old value.
    """
    here = str(source_environment.get("AirflowVersion") or session.source.airflow_version)
    made = session.target.airflow_version or here
    there = session.target.upgrade_to or made
    if min(versions.parse(version) for version in (here, made, there)) < (1, 10):
        return []
    known = names.of(made)
    changes = rewrite(source_options(source_environment), here, there)
    return [item for item in changes if item.kind == "default-flipped" and item.value and item.key in known]


def target_options(session: Session, source_environment: dict[str, Any]) -> dict[str, str | None]:
    """Airflow options of the target; None stands for a value that is a hidden secret or has to be asked for.

    The source's are rewritten for the target's version. What the user writes stands as it is written, and takes the
    place of the source's option of that name, also where that one is renamed.
    """
    changes = option_changes(session, source_environment)
    new_names = {change.key: change.new_key for change in changes if change.stays}
    options: dict[str, str | None] = (
        result(changes)
        if changes
        else {key: value for key, value in source_options(source_environment).items() if not set_by_mwaa(key)}
    )
    # All of the source's make way first: an old name that is left out must not take an edited new one along.
    edits = session.target.airflow_options
    for key in (*edits, *session.target.secret_options):
        options.pop(new_names.get(key, key), None)
    options |= {key: value for key, value in edits.items() if value is not None}
    return with_backend(session, options | dict.fromkeys(session.target.secret_options))


def target_tags(session: Session, source_environment: dict[str, Any]) -> dict[str, str]:
    """Tags of the target: AWS's own (`aws:`) and empty ones cannot be set."""
    tags = {str(k): str(v) for k, v in (source_environment.get(TAGS) or {}).items()}
    for name, value in session.target.settings.items():
        if name.startswith(f"{TAGS}."):
            tags[name.split(".", 1)[1]] = "" if value is None else str(value)
    return {key: value for key, value in tags.items() if value and not key.lower().startswith("aws:")}


def log_modules() -> tuple[str, ...]:
    """Dotted names of the five log modules."""
    return tuple(f"{LOG}.{module}" for module in LOG_MODULES)
