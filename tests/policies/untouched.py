"""Everything that says who may do what, byte for byte: taken before and after, and compared.

IAM's and S3's answers are read as they are stored: boto3 would hand over a parsed policy, in which white space and the
order of keys are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

Snapshot = dict[str, str]


def take(iam: Any, *, s3: Any = None, kms: Any = None) -> Snapshot:
    """What one account's roles, customer managed policies, buckets and keys have; one line of text each."""
    found: Snapshot = {}
    raw = _undecoded(iam)
    for role in _all(raw, "list_roles", "Roles"):
        found |= _role(raw, str(role["RoleName"]))
    for policy in _all(raw, "list_policies", "Policies", Scope="Local"):
        version = raw.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        found[f"policy {policy['Arn']}"] = unquote(version["PolicyVersion"]["Document"])
    for bucket in s3.list_buckets()["Buckets"] if s3 is not None else []:
        found[f"bucket {bucket['Name']}"] = _bucket(s3, bucket["Name"])
    for key in kms.list_keys()["Keys"] if kms is not None else []:
        found[f"key {key['KeyId']}"] = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    return found


def _all(iam: Any, method: str, member: str, **request: Any) -> Iterator[Any]:
    """IAM gives a hundred at a time."""
    while True:
        answer = getattr(iam, method)(**request)
        yield from answer[member]
        if not answer["IsTruncated"]:
            return
        request["Marker"] = answer["Marker"]


def changed(before: Snapshot, after: Snapshot) -> dict[str, tuple[str | None, str | None]]:
    """What is not as it was: name -> (before, after); None where it was or is not there."""
    return {
        name: (before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }


def _role(iam: Any, name: str) -> Snapshot:
    role = iam.get_role(RoleName=name)["Role"]
    plain = ("Path", "Description", "MaxSessionDuration", "PermissionsBoundary", "RoleId")
    kept = {key: role.get(key) for key in plain}
    found = {
        f"role {name}": repr(kept),
        f"role {name} trust": unquote(role["AssumeRolePolicyDocument"]),
        f"role {name} tags": repr(sorted(role.get("Tags") or [], key=repr)),
        f"role {name} attached": repr(iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]),
    }
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        answer = iam.get_role_policy(RoleName=name, PolicyName=policy)
        found[f"role {name} inline {policy}"] = unquote(answer["PolicyDocument"])
    return found


def _bucket(s3: Any, name: str) -> str:
    try:
        return str(s3.get_bucket_policy(Bucket=name)["Policy"])
    except s3.exceptions.ClientError as problem:
        if problem.response["Error"]["Code"] != "NoSuchBucketPolicy":
            raise
        return "no policy"


class _undecoded:
    """An IAM client that leaves policies as they came over the wire."""

    def __init__(self, iam: Any) -> None:
        self._iam = iam

    def __getattr__(self, name: str) -> Any:
        from botocore.handlers import json_decode_policies

        method = getattr(self._iam, name)

        def call(**request: Any) -> Any:
            events = self._iam.meta.events
            events.unregister("after-call.iam", json_decode_policies)
            try:
                return method(**request)
            finally:
                events.register("after-call.iam", json_decode_policies)

        return call
