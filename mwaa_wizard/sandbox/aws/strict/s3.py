"""Amazon S3. Sources: S3 user guide, "Bucket naming rules", "Default encryption" (January 2023), "Blocking public
access" and "Disabling ACLs" (April 2023): every new bucket has SSE-S3, all four blocks and no ACLs.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from mwaa_wizard.sandbox.aws.authorise.conditions import as_list
from mwaa_wizard.sandbox.aws.authorise.identity import find_role, find_user
from mwaa_wizard.sandbox.aws.authorise.policy import parse
from mwaa_wizard.sandbox.aws.authorise.requests.s3 import find_bucket
from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict import partitions
from mwaa_wizard.sandbox.aws.strict.answer import Answer

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_PUBLIC_ACLS = {"public-read", "public-read-write", "authenticated-read"}


def valid_bucket_name(name: str) -> bool:
    """Whether S3 would take this name for a general purpose bucket."""
    if not _NAME.fullmatch(name) or ".." in name:
        return False
    if name.startswith(_PREFIXES) or name.endswith(_SUFFIXES):
        return False
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return True
    return False


def default_encryption() -> dict[str, Any]:
    """SSE-S3 in moto's form."""
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


def check_region(request: AwsRequest) -> None:
    """A bucket answers in its own region only; elsewhere it says where it is, to anybody.

    Source: S3 user guide, "Making requests: request redirection and the REST API"; S3 API reference, HeadBucket.
    Raises AwsError PermanentRedirect (HTTP 301).
    """
    if request.s3_control or not request.signed or request.operation in ("CreateBucket", "GetBucketLocation"):
        return
    bucket = find_bucket(request.bucket)
    if bucket is not None and str(bucket.region_name) != request.region:
        message = (
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all "
            "future requests to this endpoint."
        )
        headers = (("x-amz-bucket-region", str(bucket.region_name)),)
        raise AwsError("PermanentRedirect", message, 301, headers)


def before(request: AwsRequest) -> None:
    """Checks of one request. Raises AwsError."""
    if request.s3_control:
        return
    if request.header("x-amz-acl") in _PUBLIC_ACLS:
        bucket = find_bucket(request.bucket)
        if bucket is not None and bucket.ownership_rule == "BucketOwnerEnforced":
            raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    if request.operation == "CreateBucket" and not valid_bucket_name(request.bucket):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
    if request.operation == "PutBucketPolicy":
        bucket = find_bucket(request.bucket)
        if bucket is not None:
            partitions.check_bucket(request.body.decode("utf-8", "replace"), str(bucket.partition))
        _refuse_public_policy(request)
        _refuse_unknown_principals(request)


def _refuse_public_policy(request: AwsRequest) -> None:
    from moto.s3.utils import bucket_policy_is_public

    bucket = find_bucket(request.bucket)
    block = getattr(bucket, "public_access_block", None)
    if block is None or str(block.block_public_policy).lower() != "true":
        return
    try:
        public = bucket_policy_is_public(request.body)
    except (ValueError, KeyError, AttributeError, TypeError):
        # Not a policy document at all: moto answers MalformedPolicy.
        return
    if public:
        raise AwsError(
            "AccessDenied",
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the "
            "BlockPublicPolicy setting in S3 Block Public Access.",
            403,
        )


def _refuse_unknown_principals(request: AwsRequest) -> None:
    """A role or user that a bucket policy names has to be there. Source: IAM user guide, "Troubleshoot Amazon S3"."""
    try:
        statements = parse(request.body.decode())
    except (ValueError, AttributeError):
        return  # moto answers MalformedPolicy
    for statement in statements:
        named = statement.principal if isinstance(statement.principal, dict) else {}
        for arn in as_list(named.get("AWS", [])):
            unknown = (":role/" in arn and find_role(arn) is None) or (":user/" in arn and find_user(arn) is None)
            if unknown:
                raise AwsError("MalformedPolicy", "Invalid principal in policy")


def after(request: AwsRequest, answer: Answer) -> None:
    """Defaults of a new bucket, and encryption falling back to SSE-S3 when its configuration is deleted."""
    if answer.code >= 300 or request.operation not in ("CreateBucket", "DeleteBucketEncryption"):
        return
    from moto.s3.models import PublicAccessBlock

    bucket = find_bucket(request.bucket)
    if bucket is None:
        return
    if bucket.encryption is None:
        bucket.encryption = default_encryption()
    if request.operation == "CreateBucket":
        if bucket.public_access_block is None:
            bucket.public_access_block = PublicAccessBlock(True, True, True, True)
        bucket.ownership_rule = bucket.ownership_rule or "BucketOwnerEnforced"
