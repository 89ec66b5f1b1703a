"""The MWAA API as a WSGI application, behind the endpoint that has authenticated the caller.

Every request and every answer is held against botocore's own service model (`shapes`).
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from mwaa_wizard.sandbox.mwaa import protocol, shapes
from mwaa_wizard.sandbox.mwaa.calls import Call
from mwaa_wizard.sandbox.mwaa.errors import InternalServerException, MwaaError, UnknownOperationException
from mwaa_wizard.sandbox.mwaa.service import Service

log = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


def _method_name(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


class MwaaApp:
    """WSGI. Reads `mwaa_wizard.principal`, `.region` and `.authorise` from the environ."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            status, body = 200, self._answer(environ)
            headers = []
        except MwaaError as error:
            status, body = error.status, dict(error.extra)
            if error.message:
                body["message"] = error.message
            headers = [("x-amzn-ErrorType", error.code)]
        payload = protocol.dump(body)
        headers += [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(payload))),
            ("x-amzn-RequestId", str(uuid.uuid4())),
        ]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [payload]

    def _answer(self, environ: Environ) -> dict[str, Any]:
        operation, labels = protocol.route(environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"))
        handler = getattr(self.service, _method_name(operation), None)
        if handler is None:
            raise UnknownOperationException(f"{operation} is the service's own and not for customers")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(min(length, protocol.MAX_BODY)) if length else b""
        params = protocol.parse(operation, labels, environ.get("QUERY_STRING", ""), body)
        params = shapes.check_request(operation, params)
        call = Call(
            principal=environ["mwaa_wizard.principal"],
            region=environ["mwaa_wizard.region"],
            authorise=environ["mwaa_wizard.authorise"],
        )
        try:
            answer: dict[str, Any] = handler(call, params)
            return shapes.check_answer(shapes.service_model().operation_model(operation).output_shape, answer)
        except MwaaError as error:
            if isinstance(error, InternalServerException):
                log.error("%s: %s", operation, error.message)
            raise
        except Exception as error:
            log.exception("%s failed", operation)
            raise InternalServerException(f"{type(error).__name__} in {operation}") from error


def mwaa_app(service: Service) -> MwaaApp:
    """The application to hand to the endpoint."""
    return MwaaApp(service)
