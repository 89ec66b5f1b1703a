"""The bucket and the objects an environment points at, looked at as the MWAA service does on create and update.

Sources: MWAA user guide (mwaa-s3-bucket, configuring-dag-folder, using-startup-script); mwaa-dr FAQ for the words of
a missing object version.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.mwaa.errors import ValidationException

# Path member -> its version member.
OBJECTS = {
    "PluginsS3Path": "PluginsS3ObjectVersion",
    "RequirementsS3Path": "RequirementsS3ObjectVersion",
    "StartupScriptS3Path": "StartupScriptS3ObjectVersion",
}
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def check_bucket(s3: Any, bucket: str, region: str) -> None:
    """The bucket exists, in the environment's region, versioned, with public access blocked."""
    try:
        placed = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
        versioning = s3.get_bucket_versioning(Bucket=bucket).get("Status")
    except ClientError as error:
        raise ValidationException(f"Unable to access bucket {bucket}: {code_of(error)}") from error
    if placed != region:
        raise ValidationException(f"Bucket {bucket} is in {placed}, not in the environment's region {region}")
    if versioning != "Enabled":
        raise ValidationException(f"Bucket {bucket} must have versioning enabled")
    try:
        blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if code_of(error) != "NoSuchPublicAccessBlockConfiguration":
            raise ValidationException(f"Unable to access bucket {bucket}: {code_of(error)}") from error
        blocked = {}
    if not all(blocked.get(switch) for switch in _PUBLIC_ACCESS):
        raise ValidationException(f"Bucket {bucket} must block all public access")


def check_paths(settings: dict[str, Any]) -> None:
    """Paths are relative to the bucket; a version needs its path, the startup script's path its version."""
    dag_path = settings.get("DagS3Path", "")
    if not dag_path:
        raise ValidationException("DagS3Path must not be empty")
    for member in ("DagS3Path", *OBJECTS):
        value = settings.get(member) or ""
        if value.startswith(("/", "s3://")) or value.endswith("/"):
            raise ValidationException(f"{member} must be a path relative to the bucket, without a trailing slash")
    for path, version in OBJECTS.items():
        if settings.get(version) and not settings.get(path):
            raise ValidationException(f"{version} is given without {path}")
    if settings.get("StartupScriptS3Path") and not settings.get("StartupScriptS3ObjectVersion"):
        raise ValidationException("StartupScriptS3ObjectVersion is required with StartupScriptS3Path")


def pin_objects(s3: Any, bucket: str, settings: dict[str, Any]) -> None:
    """Every object exists in its version; a missing version becomes the object's current one, in `settings`."""
    for path, version in OBJECTS.items():
        key, wanted = settings.get(path), settings.get(version)
        if not key:
            continue
        asked = {"Bucket": bucket, "Key": key, **({"VersionId": wanted} if wanted else {})}
        try:
            head = s3.head_object(**asked)
        except ClientError as error:
            what = f"version {wanted} of {bucket}/{key}" if wanted else f"{bucket}/{key}"
            raise ValidationException(f"Unable to access {what}") from error
        settings[version] = wanted or head.get("VersionId", "null")
