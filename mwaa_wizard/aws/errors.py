"""Turns what boto3 raises into a WizardError: AWS's own code and request id, and what to do about it."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
BAD_KEY = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "InvalidSignatureException",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403"}
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
}


def code_of(problem: BaseException) -> str:
    """AWS's error code of a ClientError, else an empty string."""
    response = getattr(problem, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def is_missing(problem: BaseException) -> bool:
    """Whether AWS said that the thing does not exist."""
    return code_of(problem) in {
        "404",
        "NoSuchKey",
        "NoSuchBucket",
        "NoSuchEntity",
        "NotFound",
        "ResourceNotFoundException",
        "NoSuchBucketPolicy",
        "NoSuchVersion",
    }


def translate(problem: BaseException) -> WizardError:
    """The WizardError for any exception; one that already is a WizardError comes back as it is."""
    if isinstance(problem, WizardError):
        return problem
    response = getattr(problem, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return _client_error(problem, response)
    name = type(problem).__name__
    text = clean(problem, limit=600)
    known = {
        "ProfileNotFound": (
            _("There is no AWS profile of that name."),
            _("Choose one of your AWS config's profiles."),
        ),
        "NoCredentialsError": (
            _("No AWS credentials were found."),
            _("Choose a profile, or set up credentials."),
        ),
        "PartialCredentialsError": (_("The AWS credentials are incomplete."), _("Mend the profile.")),
        "UnauthorizedSSOTokenError": (
            _("The SSO session has expired."),
            _("Run: aws sso login --profile PROFILE"),
        ),
        "SSOTokenLoadError": (_("There is no SSO session."), _("Run: aws sso login --profile PROFILE")),
        "TokenRetrievalError": (_("The SSO session has expired."), _("Run: aws sso login --profile PROFILE")),
        "EndpointConnectionError": (_("AWS cannot be reached."), _("Check the network, then resume.")),
        "ConnectTimeoutError": (_("AWS did not answer in time."), _("Check the network, then resume.")),
        "ReadTimeoutError": (_("AWS did not answer in time."), _("Check the network, then resume.")),
        "ConnectionClosedError": (_("The connection to AWS broke."), _("Check the network, then resume.")),
        "ParamValidationError": (
            _("A setting is not what AWS takes."),
            _("Mend the setting that is named below."),
        ),
    }
    if name in known:
        what, remedy = known[name]
        return WizardError(what=what, remedy=remedy, where=text, code=name, exit_code=EXIT_RESUMABLE)
    return WizardError(
        what=_("Something unforeseen happened: {kind}.").format(kind=name),
        where=text,
        remedy=_("Resume tries this step again. If it stays, save the step's log and report it."),
    )


def _client_error(problem: BaseException, response: dict[str, Any]) -> WizardError:
    code = code_of(problem)
    meta = response.get("ResponseMetadata", {})
    message = clean(response["Error"].get("Message", ""), limit=2000)
    operation = clean(getattr(problem, "operation_name", ""))
    if code in EXPIRED:
        what, remedy = _("The AWS credentials have expired."), _("Log in again (aws sso login), then resume.")
    elif code in BAD_KEY:
        what, remedy = (
            _("AWS does not know these credentials."),
            _("Choose another profile, or renew its keys."),
        )
    elif code in DENIED:
        what = _("AWS refused {operation}: the permission is missing.").format(operation=operation)
        remedy = _("Grant it (page Policies shows what is needed), then resume.")
    elif code in THROTTLED:
        what, remedy = _("AWS is throttling these calls."), _("Wait a minute, then resume.")
    else:
        what, remedy = (
            _("AWS refused {operation}.").format(operation=operation),
            _("Mend the cause, then resume."),
        )
    return WizardError(
        what=what,
        where=f"{operation}: {message}",
        remedy=remedy,
        code=code,
        request_id=str(meta.get("RequestId") or meta.get("HostId") or ""),
        exit_code=EXIT_RESUMABLE,
    )
