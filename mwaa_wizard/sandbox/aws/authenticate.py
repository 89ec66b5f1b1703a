"""Signature Version 4: who signed this request, and is the signature right.

Source: IAM user guide, "Signature Version 4 signing process". The hashing is botocore's own signer; only the
canonical request is put together here, from the raw request line, so that what was sent is what is checked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import normalize_url_path

from mwaa_wizard.sandbox.aws.credentials import CredentialStore
from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.principal import Credential, Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.mwaa.names import partition_of

#: AWS refuses a request whose date is further than this from its own clock. Sources: S3 API reference, "Error
#: responses" (RequestTimeTooSkewed); IAM user guide, "Troubleshoot Signature Version 4 requests".
S3_SKEW, MAX_SKEW = timedelta(minutes=15), timedelta(minutes=5)
ANONYMOUS = Principal(arn="anonymous", account="", user_id="anonymous", kind="anonymous", access_key="")


def authenticate(request: AwsRequest, store: CredentialStore) -> Principal:
    """The principal that signed the request. Unsigned S3 requests are anonymous.

    Raises AwsError in the service's words: unknown key, wrong signature, expired session, missing token.
    """
    if not request.signed:
        if request.authorization or request.service != "s3" or request.header("X-Amz-Target"):
            raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
        return ANONYMOUS
    credential = store.lookup(request.access_key)
    # A partition knows its own accounts' keys only. Source: IAM user guide, "Partitions" (reference-arns); AWS fault
    # isolation boundaries, "Partitions".
    if credential is None or credential.principal.partition != partition_of(request.region):
        raise _unknown_key(request)
    _check_token(request, credential)
    _check_date(request)
    if not hmac.compare_digest(_given_signature(request), _signature(request, credential)):
        raise _wrong_signature(request)
    return credential.principal


def _check_token(request: AwsRequest, credential: Credential) -> None:
    if credential.session_token is None:
        if request.session_token:
            raise _invalid_token(request)
        return
    if not hmac.compare_digest(request.session_token.encode(), credential.session_token.encode()):
        raise _unknown_key(request) if not request.session_token else _invalid_token(request)
    expires = credential.expires
    if expires is not None and _aware(expires) <= datetime.now(UTC):
        raise _expired(request)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _timestamp(request: AwsRequest) -> str:
    return (request.query.get("X-Amz-Date") or [""])[0] if request.presigned else request.header("X-Amz-Date")


def _check_date(request: AwsRequest) -> None:
    try:
        signed_at = datetime.strptime(_timestamp(request), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _wrong_signature(request) from None
    now = datetime.now(UTC)
    if request.presigned:
        given = (request.query.get("X-Amz-Expires") or [""])[0]
        seconds = int(given) if given.isdigit() else 0
        if now > signed_at + timedelta(seconds=seconds):
            raise AwsError("AccessDenied", "Request has expired", 403)
    elif request.protocol == "s3":
        if abs(now - signed_at) > S3_SKEW:
            message = "The difference between the request time and the current time is too large."
            raise AwsError("RequestTimeTooSkewed", message, 403)
    elif abs(now - signed_at) > MAX_SKEW:
        raise _out_of_time(request, signed_at, now)


def _given_signature(request: AwsRequest) -> str:
    if request.presigned:
        return (request.query.get("X-Amz-Signature") or [""])[0]
    match = re.search(r"Signature=([0-9a-f]+)", request.authorization)
    return match.group(1) if match else ""


def _signature(request: AwsRequest, credential: Credential) -> str:
    signer_class = S3SigV4Auth if request.service == "s3" else SigV4Auth
    keys = Credentials(credential.access_key, credential.secret, credential.session_token)
    signer = signer_class(keys, request.service, request.region)
    holder = AWSRequest(method=request.method, url="http://127.0.0.1/")
    holder.context["timestamp"] = _timestamp(request)
    text = signer.string_to_sign(holder, _canonical_request(request))
    return str(signer.signature(text, holder))


def _canonical_request(request: AwsRequest) -> str:
    if request.presigned:
        names = (request.query.get("X-Amz-SignedHeaders") or ["host"])[0]
    else:
        match = re.search(r"SignedHeaders=([^,\s]+)", request.authorization)
        names = match.group(1) if match else ""
    headers = "".join(f"{name}:{' '.join(request.header(name).split())}\n" for name in names.split(";"))
    path = request.raw_path or "/"
    if request.service != "s3":
        path = quote(normalize_url_path(path), safe="/~")
    pairs = [pair.partition("=") for pair in request.raw_query.split("&") if pair]
    query = "&".join(f"{name}={value}" for name, _, value in sorted(pairs) if name != "X-Amz-Signature")
    return "\n".join([request.method, path, query, headers, names, _payload_hash(request)])


def _payload_hash(request: AwsRequest) -> str:
    if given := request.header("X-Amz-Content-SHA256"):
        return given
    if request.presigned:
        return "UNSIGNED-PAYLOAD"
    return hashlib.sha256(request.body).hexdigest()


def _unknown_key(request: AwsRequest) -> AwsError:
    if request.protocol == "s3":
        return AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    if request.protocol == "ec2":
        return AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    return _by_protocol(
        request,
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def _invalid_token(request: AwsRequest) -> AwsError:
    if request.protocol == "s3":
        return AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
    return _unknown_key(request)


def _expired(request: AwsRequest) -> AwsError:
    if request.protocol == "s3":
        return AwsError("ExpiredToken", "The provided token has expired.", 400)
    if request.protocol == "ec2":
        return AwsError("RequestExpired", "Request has expired.", 400)
    return _by_protocol(
        request, "ExpiredToken", "ExpiredTokenException", "The security token included in the request is expired"
    )


def _wrong_signature(request: AwsRequest) -> AwsError:
    message = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method."
    )
    if request.protocol == "ec2":
        return AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if request.protocol == "s3":
        return AwsError("SignatureDoesNotMatch", message, 403)
    return _by_protocol(request, "SignatureDoesNotMatch", "InvalidSignatureException", message)


def _out_of_time(request: AwsRequest, signed_at: datetime, now: datetime) -> AwsError:
    """A signature of another time, in the words services have for it; EC2 calls it an expired request."""

    def written(moment: datetime) -> str:
        return moment.strftime("%Y%m%dT%H%M%SZ")

    if request.protocol == "ec2":
        return AwsError("RequestExpired", "Request has expired.", 400)
    if signed_at > now:
        edge = written(now + MAX_SKEW)
        said = f"{written(signed_at)} is still later than {edge} ({written(now)} + 5 min.)"
        message = f"Signature not yet current: {said}"
    else:
        edge = written(now - MAX_SKEW)
        message = f"Signature expired: {written(signed_at)} is now earlier than {edge} ({written(now)} - 5 min.)"
    return _by_protocol(request, "SignatureDoesNotMatch", "InvalidSignatureException", message)


def _by_protocol(request: AwsRequest, query_code: str, json_code: str, message: str) -> AwsError:
    if request.protocol == "query":
        return AwsError(query_code, message, 403)
    return AwsError(json_code, message, 403 if request.protocol == "rest-json" else 400)
