"""AWS errors in the caller's own protocol, so that boto3 reads the same code as from AWS."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Literal
from xml.sax.saxutils import escape

Protocol = Literal["s3", "ec2", "query", "json", "rest-json"]
StartResponse = Callable[..., Any]


class AwsError(Exception):
    """A request AWS would refuse. ``status`` is the HTTP status, ``headers`` come on top of the usual ones."""

    def __init__(
        self, code: str, message: str, status: int = 400, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers


class AccessDenied(Exception):
    """IAM's answer is no. ``reason`` completes AWS's sentence ("no identity-based policy allows ...")."""

    def __init__(self, principal: str, action: str, resource: str, reason: str) -> None:
        self.principal = principal
        self.action = action
        self.resource = resource
        self.reason = reason
        self.message = (
            f'User: {principal} is not authorized to perform: {action} on resource: "{resource}" because {reason}'
        )
        super().__init__(self.message)

    def error_for(self, protocol: Protocol) -> AwsError:
        """The error with the code and status each protocol uses for a refusal."""
        if protocol == "ec2":
            return AwsError(
                "UnauthorizedOperation", f"You are not authorized to perform this operation. {self.message}", 403
            )
        if protocol in ("s3", "query"):
            return AwsError("AccessDenied", self.message, 403)
        return AwsError("AccessDeniedException", self.message, 403 if protocol == "rest-json" else 400)


def new_request_id(protocol: Protocol = "json") -> str:
    """A request id in the form of the protocol (S3: 16 hex digits in capitals, others: UUID)."""
    return uuid.uuid4().hex[:16].upper() if protocol == "s3" else str(uuid.uuid4())


def render(error: AwsError, protocol: Protocol, *, head: bool = False) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body of an error."""
    request_id = new_request_id(protocol)
    code, message = escape(error.code), escape(error.message)
    headers: list[tuple[str, str]]
    if protocol == "s3":
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
            f"<RequestId>{request_id}</RequestId><HostId>sandbox</HostId></Error>"
        )
        headers = [("Content-Type", "application/xml"), ("x-amz-request-id", request_id)]
    elif protocol == "ec2":
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
            f"<Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
        headers = [("Content-Type", "text/xml;charset=UTF-8"), ("x-amzn-requestid", request_id)]
    elif protocol == "query":
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        headers = [("Content-Type", "text/xml"), ("x-amzn-requestid", request_id)]
    else:
        # AWS writes the text as "Message" in refusals made before the service sees them, as "message" inside
        # the service; botocore reads either.
        text = json.dumps({"__type": error.code, "message": error.message})
        content_type = "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"
        headers = [
            ("Content-Type", content_type),
            ("x-amzn-requestid", request_id),
            ("x-amzn-ErrorType", error.code),
        ]
    body = b"" if head else text.encode()
    headers += error.headers
    headers.append(("Content-Length", str(len(body))))
    return f"{error.status} {_reason(error.status)}", headers, body


def respond(error: AwsError, protocol: Protocol, start_response: StartResponse, *, head: bool) -> Iterable[bytes]:
    """Send an error as a WSGI answer."""
    status, headers, body = render(error, protocol, head=head)
    start_response(status, headers)
    return [body]


def _reason(status: int) -> str:
    from http import HTTPStatus

    return HTTPStatus(status).phrase
