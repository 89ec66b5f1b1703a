"""MWAA's errors as the service model declares them, raised by the API and written by its protocol layer.

Source: botocore mwaa 2020-07-01 error shapes; unmodelled codes (AccessDeniedException of the control plane,
SerializationException, UnknownOperationException) as AWS's rest-json front answers them.
"""

from __future__ import annotations

from typing import Any


class MwaaError(Exception):
    """An error answer: `code` goes to x-amzn-ErrorType, `status` is the HTTP status, `extra` joins the body."""

    code = "InternalServerException"
    status = 500

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra


class ValidationException(MwaaError):
    code = "ValidationException"
    status = 400


class ResourceNotFoundException(MwaaError):
    code = "ResourceNotFoundException"
    status = 404


class AccessDeniedException(MwaaError):
    code = "AccessDeniedException"
    status = 403


class InternalServerException(MwaaError):
    pass


class SerializationException(MwaaError):
    code = "SerializationException"
    status = 400


class UnknownOperationException(MwaaError):
    code = "UnknownOperationException"
    status = 404


class RestApiClientException(MwaaError):
    """Airflow answered 4xx; carries RestApiStatusCode and RestApiResponse."""

    code = "RestApiClientException"
    status = 400


class RestApiServerException(MwaaError):
    """Airflow answered 5xx (or nothing); carries RestApiStatusCode and RestApiResponse."""

    code = "RestApiServerException"
    status = 400
