"""One request's way: authenticate, authorise, AWS's stricter rules, then moto or the MWAA API."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from mwaa_wizard.sandbox.aws import analyze, caller, delete_objects, errors, quotas
from mwaa_wizard.sandbox.aws.authenticate import authenticate
from mwaa_wizard.sandbox.aws.authorise import simulate
from mwaa_wizard.sandbox.aws.authorise.authoriser import Authoriser
from mwaa_wizard.sandbox.aws.authorise.requests import s3
from mwaa_wizard.sandbox.aws.calls import CallCounter
from mwaa_wizard.sandbox.aws.credentials import CredentialStore
from mwaa_wizard.sandbox.aws.errors import AccessDenied, AwsError
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict import rules
from mwaa_wizard.sandbox.aws.strict import s3 as strict_s3
from mwaa_wizard.sandbox.aws.strict.answer import Answer, WsgiApp, capture

log = logging.getLogger(__name__)

#: environ keys handed to the MWAA API.
PRINCIPAL = "mwaa_wizard.principal"
REGION = "mwaa_wizard.region"
AUTHORISE = "mwaa_wizard.authorise"

MWAA_SIGNING_NAME = "airflow"


class Pipeline:
    """The WSGI app behind the sandbox's AWS endpoint."""

    def __init__(self, moto: WsgiApp, store: CredentialStore, mwaa_app: WsgiApp | None) -> None:
        self._moto = moto
        self._store = store
        self._mwaa_app = mwaa_app
        self._turns: dict[str, threading.Lock] = {}
        self.calls = CallCounter()

    def _ask_moto(self, request: AwsRequest) -> Answer:
        # moto's backends are plain dictionaries, safe for one thread at a time. The body is read before the
        # turn begins, so a slow upload keeps nobody waiting.
        assert request.body is not None
        with self._turns.setdefault(request.service, threading.Lock()):
            return capture(self._moto, request.environ)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = AwsRequest(environ)
        head = request.method == "HEAD"
        try:
            return self._serve(request, start_response)
        except AwsError as error:
            return errors.respond(error, request.protocol, start_response, head=head)
        except AccessDenied as denied:
            return errors.respond(denied.error_for(request.protocol), request.protocol, start_response, head=head)
        except ConnectionError:
            raise
        except Exception as failure:
            log.exception("%s %s failed", request.service, request.operation)
            what = f"{request.service}:{request.operation} failed in the sandbox: {failure!r}"
            internal = AwsError("InternalError" if request.protocol == "s3" else "InternalFailure", what, 500)
            return errors.respond(internal, request.protocol, start_response, head=head)

    def _serve(self, request: AwsRequest, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if request.raw_path.startswith(("/moto-api", "/latest/")):
            # moto's own control pages and instance metadata would go round authentication.
            raise AwsError("AccessDenied", "Not available here.", 403)
        principal = authenticate(request, self._store)
        owner = _acting_account(request, principal)
        self.calls.note(request, principal, owner)
        authoriser = Authoriser(request, principal)
        if request.service == MWAA_SIGNING_NAME:
            return self._serve_mwaa(request, authoriser, start_response)
        if not request.operation:
            raise AwsError("InvalidAction", "The action or operation requested is invalid.")
        if request.service == "s3":
            strict_s3.check_region(request)
        authoriser.require_request()
        rules.before(request, principal)
        own = _own_answer(request, principal)
        if own is not None:
            kind = {"json": "application/x-amz-json-1.1", "rest-json": "application/json"}.get(
                request.protocol, "text/xml"
            )
            start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(own)))])
            return [own]
        # Overwritten in any case: who the caller is follows from the signature, never from this header.
        request.environ["HTTP_X_MOTO_ACCOUNT_ID"] = owner
        answer = self._captured(request, authoriser) if rules.looks_at(request) else self._ask_moto(request)
        _name_request(request, answer)
        start_response(answer.status, answer.headers)
        return [b"" if request.method == "HEAD" else answer.body]

    def _serve_mwaa(
        self, request: AwsRequest, authoriser: Authoriser, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if self._mwaa_app is None:
            raise AwsError("ServiceUnavailableException", "The MWAA API is not running.", 503)
        request.environ[PRINCIPAL] = authoriser.principal
        request.environ[REGION] = request.region
        request.environ[AUTHORISE] = authoriser.authorise
        return self._mwaa_app(request.environ, start_response)

    def _captured(self, request: AwsRequest, authoriser: Authoriser) -> Answer:
        refused: list[tuple[str, str, str]] = []
        if request.operation == "DeleteObjects":
            refused = delete_objects.refuse(request, authoriser)
        if delete_objects.all_refused(request, refused):
            answer = delete_objects.empty_answer()
        else:
            answer = self._ask_moto(request)
        delete_objects.add_errors(answer, refused)
        if request.operation in ("GetObject", "HeadObject") and answer.code == 404:
            # S3 tells that an object is missing only to those who may list the bucket.
            partition = s3.partition_of(request, authoriser.principal)
            if s3.find_bucket(request.bucket) is not None:
                authoriser.require([s3.on("ListBucket", partition, request.bucket)])
        rules.after(request, answer)
        return answer


def _own_answer(request: AwsRequest, principal: Principal) -> bytes | None:
    """The body where moto has no answer or a wrong one; None for everything moto answers."""
    if request.service == "iam" and request.operation == "SimulatePrincipalPolicy":
        return simulate.answer(request)
    if request.service == "sts" and request.operation == "GetCallerIdentity":
        return caller.answer(principal)
    if request.service == "servicequotas" and request.operation == "ListServiceQuotas":
        return quotas.answer(request)
    if request.service == "access-analyzer" and request.operation == "ValidatePolicy":
        return analyze.answer(request)
    return None


def _name_request(request: AwsRequest, answer: Answer) -> None:
    """Give the answer a request id where moto gave none: callers keep it as proof of what they did."""
    name = "x-amz-request-id" if request.service == "s3" else "x-amzn-requestid"
    if not any(header.lower() == name for header, _ in answer.headers):
        answer.headers.append((name, errors.new_request_id(request.protocol)))


def _acting_account(request: AwsRequest, principal: Principal) -> str:
    """The account whose resources moto shall use: the caller's, or the owner of a resource shared with it."""
    if request.service == "s3":
        bucket = s3.find_bucket(request.bucket) if request.operation != "CreateBucket" else None
        return str(bucket.account_id) if bucket is not None else principal.account
    if request.service in ("kms", "secretsmanager", "logs"):
        for name in ("KeyId", "SecretId", "logGroupIdentifier"):
            if owner := account_of(str(request.params.get(name, ""))):
                return owner
    return principal.account
