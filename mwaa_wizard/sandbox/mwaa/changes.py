"""Small rules of the control plane: what an update merges, when it is allowed, tags, and paging."""

from __future__ import annotations

import base64
from typing import Any

from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.errors import ValidationException

_OF_CLASS = ("Schedulers", "MinWorkers", "MaxWorkers", "MinWebservers", "MaxWebservers")
_VERSION_OF = {
    "PluginsS3Path": "PluginsS3ObjectVersion",
    "RequirementsS3Path": "RequirementsS3ObjectVersion",
    "StartupScriptS3Path": "StartupScriptS3ObjectVersion",
}


def merged(current: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The settings after an update: a new path without a version takes the object's current one."""
    out = {**current, **given}
    for path, version in _VERSION_OF.items():
        if given.get(path) and version not in given:
            out.pop(version, None)
    net = {**current["NetworkConfiguration"], **given.get("NetworkConfiguration", {})}
    out["NetworkConfiguration"] = net
    if "LoggingConfiguration" in given:
        out["LoggingConfiguration"] = {**current.get("LoggingConfiguration", {}), **given["LoggingConfiguration"]}
    to_micro = out["EnvironmentClass"] == "mw1.micro"
    if to_micro != (current["EnvironmentClass"] == "mw1.micro"):
        normal = {"Schedulers": 2, "MinWorkers": 1, "MaxWorkers": 10, "MinWebservers": 2, "MaxWebservers": 2}
        out |= {member: 1 if to_micro else normal[member] for member in _OF_CLASS if member not in given}
    return out


def check_updatable(environment: Environment) -> None:
    if environment.status not in ("AVAILABLE", "UPDATE_FAILED"):
        raise ValidationException(
            f"Environment {environment.name} cannot be updated while its status is {environment.status}"
        )


def check_deletable(environment: Environment) -> None:
    if environment.status not in ("AVAILABLE", "UPDATE_FAILED", "CREATE_FAILED", "UNAVAILABLE", "PENDING"):
        raise ValidationException(
            f"Environment {environment.name} cannot be deleted while its status is {environment.status}"
        )


def check_tags(tags: dict[str, str]) -> None:
    """At most 50, and no key of AWS's own prefix (tagging rules of the AWS General Reference)."""
    if len(tags) > 50:
        raise ValidationException("An environment can have at most 50 tags")
    if reserved := [key for key in tags if key.lower().startswith("aws:")]:
        raise ValidationException(f"Tag keys must not start with aws: ({', '.join(reserved)})")


def tag_context(tags: dict[str, str]) -> dict[str, str]:
    """Condition keys of a request that sets tags."""
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()}


def page(mine: list[str], token: str | None, size: int) -> dict[str, Any]:
    """One page of ListEnvironments; the token is the last name given, so that it survives changes in between."""
    after = ""
    if token:
        try:
            after = base64.urlsafe_b64decode(token.encode()).decode()
        except ValueError as error:
            raise ValidationException("Invalid NextToken") from error
    rest = [name for name in mine if name > after]
    out: dict[str, Any] = {"Environments": rest[:size]}
    if len(rest) > size:
        out["NextToken"] = base64.urlsafe_b64encode(rest[size - 1].encode()).decode()
    return out
