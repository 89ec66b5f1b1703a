"""Defaults and rules across members of an environment's settings, for create and update.

Sources: MWAA user guide (environment-class, mwaa-quotas, custom-keys-certs, upgrading-environment).
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.sandbox.mwaa import names
from mwaa_wizard.sandbox.mwaa.errors import ValidationException

_COUNTS = ("Schedulers", "MinWorkers", "MaxWorkers", "MinWebservers", "MaxWebservers")
_NORMAL = {"Schedulers": 2, "MinWorkers": 1, "MaxWorkers": 10, "MinWebservers": 2, "MaxWebservers": 2}


def with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    """`given` with what MWAA fills in when a member is left out."""
    settings = {
        "AirflowVersion": names.DEFAULT_VERSION, "EnvironmentClass": "mw1.small", "EndpointManagement": "SERVICE",
        "WebserverAccessMode": "PRIVATE_ONLY", "WeeklyMaintenanceWindowStart": "SUN:03:30", **given,
    }  # fmt: skip
    micro = settings["EnvironmentClass"] == "mw1.micro"
    for member in _COUNTS:
        settings.setdefault(member, 1 if micro else _NORMAL[member])
    settings["MaxWorkers"] = max(settings["MaxWorkers"], settings["MinWorkers"] if "MaxWorkers" not in given else 0)
    if "MaxWebservers" not in given:
        settings["MaxWebservers"] = max(settings["MaxWebservers"], settings["MinWebservers"])
    elif "MinWebservers" not in given and not micro:
        settings["MinWebservers"] = min(2, settings["MaxWebservers"])
    return settings


def check_counts(settings: dict[str, Any]) -> None:
    """Class known, counts within the class's and the quota's limits. Raises ValidationException."""
    kind = settings["EnvironmentClass"]
    if kind not in names.CLASSES:
        raise ValidationException(f"Unsupported environment class {kind}; use one of {', '.join(names.CLASSES)}")
    if kind == "mw1.micro":
        for member in _COUNTS:
            if settings[member] != 1:
                raise ValidationException(f"{member} must be 1 for mw1.micro")
        return
    if not 2 <= settings["Schedulers"] <= 5:
        raise ValidationException("Schedulers must be between 2 and 5")
    _range(settings, "Workers", 1, names.QUOTA_WORKERS)
    _range(settings, "Webservers", 2, names.QUOTA_WEBSERVERS)


def _range(settings: dict[str, Any], noun: str, least: int, most: int) -> None:
    low, high = settings[f"Min{noun}"], settings[f"Max{noun}"]
    if not least <= low <= high <= most:
        raise ValidationException(
            f"Min{noun} and Max{noun} must be between {least} and {most} with Min{noun} <= Max{noun}"
        )


def check_access_mode(settings: dict[str, Any]) -> None:
    """PUBLIC_AND_PRIVATE exists from 3.2.1 (MWAA user guide: configuring-networking)."""
    both = settings["WebserverAccessMode"] == "PUBLIC_AND_PRIVATE"
    if both and names.version_tuple(settings["AirflowVersion"]) < (3, 2, 1):
        raise ValidationException("WebserverAccessMode PUBLIC_AND_PRIVATE requires Apache Airflow v3.2.1 or later")


def check_kms_key(kms: Any, key: str) -> None:
    """A key id or ARN of an enabled single-Region key; aliases are not supported."""
    from botocore.exceptions import ClientError

    if "alias/" in key:
        raise ValidationException("KmsKey must be a key ARN or key id, an alias is not supported")
    try:
        found = kms.describe_key(KeyId=key.removeprefix("key/"))["KeyMetadata"]
    except ClientError as error:
        raise ValidationException(f"Unable to use KMS key {key}: {error}") from error
    if found.get("KeyState", "Enabled") != "Enabled" or found.get("MultiRegion"):
        raise ValidationException(f"KMS key {key} must be an enabled, single-Region key")


def check_creatable(version: str, extra: frozenset[str] | set[str] = frozenset()) -> None:
    """Raises ValidationException for a version MWAA does not create (any more)."""
    if version not in names.CREATABLE and version not in extra:
        offered = ", ".join(names.CREATABLE)
        raise ValidationException(f"Apache Airflow version {version} is not supported. Supported versions: {offered}")


def check_version_change(old: str, new: str) -> None:
    """In-place rules: any jump within a major; 2 -> 3 from the newest 2.11 only; 3 -> 2 to 2.11 only.

    Source: MWAA user guide: upgrading-environment.
    """
    check_creatable(new)
    before, after = names.version_tuple(old), names.version_tuple(new)
    if before[0] == after[0]:
        return
    if before[0] == 2 and after[0] == 3 and old == names.NEWEST_2:
        return
    if before[0] == 3 and after[:2] == (2, 11):
        return
    raise ValidationException(f"An environment cannot be changed in place from Apache Airflow v{old} to v{new}")
