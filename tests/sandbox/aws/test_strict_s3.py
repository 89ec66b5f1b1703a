"""S3's defaults and names; uploads in every form clients send them."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import os
import zlib
from urllib.parse import urlsplit

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mwaa_wizard.sandbox.aws.strict.s3 import valid_bucket_name

from .conftest import OTHER, World, allow, document, refusal


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("abc", True),
        ("a" * 63, True),
        ("mwaa-migration-1.x", True),
        ("ab", False),
        ("a" * 64, False),
        ("Upper", False),
        ("under_score", False),
        ("-start", False),
        ("end-", False),
        ("a..b", False),
        ("192.168.5.4", False),
        ("xn--abc", False),
        ("abc-s3alias", False),
    ],
)
def test_bucket_names(name: str, valid: bool) -> None:
    assert valid_bucket_name(name) is valid


def test_invalid_bucket_name_is_refused(world: World) -> None:
    assert refusal(world.client("s3").create_bucket, Bucket="Upper.Case")[:2] == ("InvalidBucketName", 400)


def test_new_bucket_is_private_and_encrypted(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"


def test_deleted_encryption_falls_back_to_sse_s3(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    s3.delete_bucket_encryption(Bucket=bucket)
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_removed_block_stays_removed(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    s3.delete_public_access_block(Bucket=bucket)
    assert refusal(s3.get_public_access_block, Bucket=bucket)[0] == "NoSuchPublicAccessBlockConfiguration"


def test_public_policy_is_blocked_until_the_block_is_lifted(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    statement = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal="*")
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=text)[:2] == ("AccessDenied", 403)
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=text)


def test_multipart_upload_and_metadata(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    data = os.urandom(11 * 1024 * 1024)
    config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    extra = {"Metadata": {"my_key": "v"}}
    s3.upload_fileobj(io.BytesIO(data), bucket, "big", ExtraArgs=extra, Config=config)
    answer = s3.get_object(Bucket=bucket, Key="big")
    assert answer["ETag"].endswith('-3"')
    assert answer["Metadata"] == {"my_key": "v"}
    assert hashlib.sha256(answer["Body"].read()).digest() == hashlib.sha256(data).digest()
    ranged = s3.get_object(Bucket=bucket, Key="big", Range="bytes=10-19")
    assert ranged["Body"].read() == data[10:20]


def test_multipart_by_hand_and_abort(world: World) -> None:
    bucket = world.bucket()
    s3 = world.client("s3", world.user(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*")))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    arguments = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    assert "s3:AbortMultipartUpload" in refusal(s3.abort_multipart_upload, **arguments)[2]
    assert "s3:ListMultipartUploadParts" in refusal(s3.list_parts, **arguments)[2]
    world.client("s3").abort_multipart_upload(**arguments)


@pytest.mark.parametrize("key", ["a/b", "ü ñ", "a+b=c&d", "a%2Fb", "dir/", "x" * 900])
def test_keys_of_all_kinds(world: World, key: str) -> None:
    bucket = world.bucket()
    s3 = world.client("s3", world.user(allow("s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"])))
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == 1
    s3.delete_object(Bucket=bucket, Key=key)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


@pytest.mark.parametrize("transfer_encoding", [False, True])
def test_aws_chunked_upload_with_trailing_checksum(world: World, transfer_encoding: bool) -> None:
    """The form boto3 uses over TLS and other SDKs use everywhere."""
    bucket, data = world.bucket(), os.urandom(100_000)
    checksum = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    body = b"%x\r\n%b\r\n0\r\nx-amz-checksum-crc32:%b\r\n\r\n" % (len(data), data, checksum.encode())
    key, secret, _ = world.root()
    headers = {
        "Content-Encoding": "aws-chunked",
        "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Decoded-Content-Length": str(len(data)),
        "X-Amz-Trailer": "x-amz-checksum-crc32",
    }
    signed = AWSRequest("PUT", f"{world.url}/{bucket}/k", headers=headers)
    signed.context["checksum"] = {"request_algorithm": {"algorithm": "crc32", "in": "trailer"}}
    S3SigV4Auth(Credentials(key, secret), "s3", "us-east-1").add_auth(signed)
    sent = dict(signed.headers.items())
    sent["X-Amz-Content-SHA256"] = headers["X-Amz-Content-SHA256"]
    connection = http.client.HTTPConnection(urlsplit(world.url).netloc, timeout=10)
    pieces = [body[start : start + 9_000] for start in range(0, len(body), 9_000)]
    if not transfer_encoding:
        sent["Content-Length"] = str(len(body))
    connection.request("PUT", f"/{bucket}/k", iter(pieces), sent, encode_chunked=transfer_encoding)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status == 200, text
    assert world.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == data


def test_connection_is_kept_open(world: World) -> None:
    connection = http.client.HTTPConnection(urlsplit(world.url).netloc, timeout=5)
    connection.request("GET", "/")
    first = connection.getresponse()
    first.read()
    socket = connection.sock
    connection.request("GET", "/")
    assert connection.getresponse().status == 403
    assert connection.sock is socket
    assert socket is not None
    connection.close()


def test_acls_are_off(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    code = refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x", ACL="public-read")[0]
    assert code == "AccessControlListNotSupported"
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ACL="bucket-owner-full-control")


def test_small_parts_are_refused(world: World) -> None:
    s3, bucket = world.client("s3"), world.bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    parts = []
    for number in (1, 2):
        part = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=b"x")
        parts.append({"PartNumber": number, "ETag": part["ETag"]})
    arguments = {"Bucket": bucket, "Key": "k", "UploadId": upload, "MultipartUpload": {"Parts": parts}}
    assert refusal(s3.complete_multipart_upload, **arguments)[0] == "EntityTooSmall"


def test_a_bucket_policy_names_roles_that_are_there(world: World) -> None:
    bucket, s3 = world.bucket(), world.client("s3")

    def policy(arn: str) -> str:
        return document({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject",
                         "Resource": f"arn:aws:s3:::{bucket}/*"})  # fmt: skip

    s3.put_bucket_policy(Bucket=bucket, Policy=policy(world.role(account=OTHER)))
    code, status, message = refusal(
        s3.put_bucket_policy, Bucket=bucket, Policy=policy(f"arn:aws:iam::{OTHER}:role/never-made")
    )
    assert (code, status, message) == ("MalformedPolicy", 400, "Invalid principal in policy")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(f"arn:aws:iam::{OTHER}:root"))
