"""Amazon S3: which actions on which ARNs an operation needs.

Source: service authorization reference, "Actions, resources, and condition keys for Amazon S3", and the S3 user
guide, "Required permissions for Amazon S3 API operations".
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.authorise.requests import kms
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest

#: Operations whose action has another name.
_ACTIONS = {
    "HeadObject": "GetObject",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CopyObject": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListBuckets": "ListAllMyBuckets",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "DeleteObjects": "DeleteObject",
}
#: Actions with a form of their own when a version id is given.
_VERSIONED = {
    "GetObject": "GetObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
}
_CONTROL_ACTIONS = {
    "GetPublicAccessBlock": "GetAccountPublicAccessBlock",
    "PutPublicAccessBlock": "PutAccountPublicAccessBlock",
    "DeletePublicAccessBlock": "PutAccountPublicAccessBlock",
}
_QUERY_CONTEXT = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys"}
_HEADER_CONTEXT = (
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-metadata-directive",
    "x-amz-content-sha256",
)


def find_bucket(name: str) -> Any | None:
    """moto's bucket of this name in whichever account owns it."""
    from moto.s3.models import s3_backends

    owner = s3_backends.bucket_accounts.get(name)
    if owner is None:
        return None
    partition, account = owner
    return s3_backends[account][partition].buckets.get(name)


def on(action: str, partition: str, bucket: str, key: str = "", context: dict[str, str] | None = None) -> Permission:
    """Permission on a bucket, or on one of its objects, with the bucket's policy."""
    found = find_bucket(bucket)
    policy = found.policy if found is not None else None
    return Permission(
        action=f"s3:{action}",
        resource=f"arn:{partition}:s3:::{bucket}" + (f"/{key}" if key else ""),
        context=context or {},
        resource_policy=policy.decode() if isinstance(policy, bytes) else policy,
        owner=str(found.account_id) if found is not None else "",
    )


def partition_of(request: AwsRequest, principal: Principal) -> str:
    """Partition of the bucket addressed; the caller's if there is no such bucket."""
    found = find_bucket(request.bucket)
    return str(found.partition) if found is not None else principal.partition


def _context(request: AwsRequest) -> dict[str, str]:
    context = {key: request.query[name][0] for name, key in _QUERY_CONTEXT.items() if name in request.query}
    for name in _HEADER_CONTEXT:
        if value := request.header(name):
            context[f"s3:{name}"] = value
    if version := request.query.get("versionId"):
        context["s3:VersionId"] = version[0]
    return context


def _copy_source(request: AwsRequest, partition: str) -> Permission:
    path, _, version = request.header("x-amz-copy-source").partition("?versionId=")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    if version:
        return on("GetObjectVersion", partition, bucket, key, {"s3:VersionId": version})
    return on("GetObject", partition, bucket, key)


def keys_to_delete(body: bytes) -> list[tuple[str, str]]:
    """(key, version id or empty) of a DeleteObjects body."""
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return []
    found = []
    for item in root:
        if re.sub(r"^\{.*\}", "", item.tag) == "Object":
            fields = {re.sub(r"^\{.*\}", "", child.tag): child.text or "" for child in item}
            found.append((fields.get("Key", ""), fields.get("VersionId", "")))
    return found


def delete_permissions(partition: str, bucket: str, key: str, version: str) -> list[Permission]:
    """What deleting one object, or one version of it, needs; for DeleteObjects AWS answers per object.

    Source: S3 API reference, DeleteObject and DeleteObjects, "Permissions": s3:DeleteObject is needed always, and for
    a version s3:DeleteObjectVersion besides; the user guide's "Required permissions" says the same.
    """
    context = {"s3:VersionId": version} if version else {}
    actions = ["DeleteObject", *(["DeleteObjectVersion"] if version else [])]
    return [on(action, partition, bucket, key, context) for action in actions]


def permissions(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions of an S3 request. DeleteObjects is decided per object, not here."""
    operation = request.operation
    if request.s3_control:
        return [Permission(f"s3:{_CONTROL_ACTIONS.get(operation, operation)}")]
    partition = partition_of(request, principal)
    if operation == "ListBuckets":
        return [Permission("s3:ListAllMyBuckets")]
    if operation == "DeleteObjects":
        return []
    if operation == "GetBucketAcl" and "policyStatus" in request.query:
        return [on("GetBucketPolicyStatus", partition, request.bucket)]
    if operation == "CreateBucket":
        # A name somebody else holds has no policy to ask: the answer is BucketAlreadyExists.
        return [Permission("s3:CreateBucket", f"arn:{principal.partition}:s3:::{request.bucket}", _context(request))]
    if operation == "DeleteObject":
        return delete_permissions(partition, request.bucket, request.key, request.query.get("versionId", [""])[0])
    action = _ACTIONS.get(operation, operation)
    context = _context(request)
    if "versionId" in request.query and request.key:
        action = _VERSIONED.get(action, action)
    wanted = [on(action, partition, request.bucket, request.key, context)]
    if operation in ("CopyObject", "UploadPartCopy"):
        wanted.append(_copy_source(request, partition))
    if operation in ("PutObject", "CreateMultipartUpload", "CopyObject"):
        if request.header("x-amz-tagging"):
            wanted.append(on("PutObjectTagging", partition, request.bucket, request.key, context))
        if request.header("x-amz-acl") not in ("", "private", "bucket-owner-full-control"):
            wanted.append(on("PutObjectAcl", partition, request.bucket, request.key, context))
    if operation == "GetObjectAttributes":
        read = "GetObjectVersion" if "versionId" in request.query else "GetObject"
        wanted.append(on(read, partition, request.bucket, request.key, context))
    return wanted + _encryption(request, principal)


def _encryption(request: AwsRequest, principal: Principal) -> list[Permission]:
    """KMS permissions of an object under a customer's key; S3 asks for them with the caller's rights."""
    bucket = find_bucket(request.bucket)
    if bucket is None or not request.key or principal.kind == "anonymous":
        return []
    return [*_decryption_of_copy(request, principal), *_own_encryption(request, principal, bucket)]


def _decryption_of_copy(request: AwsRequest, principal: Principal) -> list[Permission]:
    """S3 reads the object that is copied as the caller does."""
    if request.operation not in ("CopyObject", "UploadPartCopy"):
        return []
    name, _, key = unquote(request.header("x-amz-copy-source").partition("?")[0]).lstrip("/").partition("/")
    origin = find_bucket(name)
    if origin is None:
        return []
    key_id = str(getattr(origin.keys.get(key), "kms_key_id", None) or "")
    return _through_s3(["Decrypt"], key_id, origin, principal)


def _own_encryption(request: AwsRequest, principal: Principal, bucket: Any) -> list[Permission]:
    if request.operation in ("GetObject", "HeadObject"):
        found = bucket.keys.get(request.key)
        key_id = str(getattr(found, "kms_key_id", None) or "")
        actions = ["Decrypt"]
    elif request.operation in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        default = ((bucket.encryption or {}).get("Rule") or {}).get("ApplyServerSideEncryptionByDefault") or {}
        key_id = request.header("x-amz-server-side-encryption-aws-kms-key-id")
        if not request.header("x-amz-server-side-encryption") and default.get("SSEAlgorithm") == "aws:kms":
            key_id = str(default.get("KMSMasterKeyID") or "")
        actions = ["GenerateDataKey"]
        if request.operation == "CreateMultipartUpload":
            # The parts of a multipart upload are read again when it is completed.
            actions.append("Decrypt")
    else:
        return []
    return _through_s3(actions, key_id, bucket, principal)


def _through_s3(actions: list[str], key_id: str, bucket: Any, principal: Principal) -> list[Permission]:
    if not key_id or "alias/aws/" in key_id:
        # The AWS managed key aws/s3 lets everybody in the account use it through S3.
        return []
    return [kms.via(action, key_id, "s3", str(bucket.region_name), principal) for action in actions]
