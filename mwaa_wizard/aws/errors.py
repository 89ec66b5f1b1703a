"""Turns what boto3 raises into a WizardError: AWS's own code and request id, and what to do about it."""

from __future__ import annotations

import errno
from typing import Any

from mwaa_wizard.aws import clock, login, retries
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
BAD_KEY = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "InvalidSignatureException",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403"}
THROTTLED = retries.THROTTLED
# botocore's exceptions for a session of `aws login` that is over.
SIGN_IN = {"LoginRefreshRequired", "LoginTokenLoadError", "LoginAuthorizationCodeError"}
# botocore's exceptions for an SSO login that is over or never was.
SSO = {"UnauthorizedSSOTokenError", "SSOTokenLoadError", "TokenRetrievalError", "PendingAuthorizationExpiredError"}
# What a login mends; credentials are then to be read anew (`factory.Clients.renew`).
LOGIN_NEEDED = EXPIRED | BAD_KEY | SSO | SIGN_IN | {
    "NoCredentialsError", "CredentialRetrievalError", "PartialCredentialsError",
}  # fmt: skip
# Codes that waiting does not mend: following a run ends at once with them.
HOPELESS = DENIED | LOGIN_NEEDED | clock.ALWAYS


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
    if (told := _botocore_error(problem, name)) is not None:
        what, remedy = told
        where = clean(problem, limit=600)
        return WizardError(what=what, remedy=remedy, where=where, code=name, exit_code=EXIT_RESUMABLE)
    if isinstance(problem, OSError):
        return _os_error(problem)
    return WizardError(
        what=_("Something unforeseen happened: {kind}.").format(kind=name),
        where=clean(problem, limit=600),
        remedy=_("Resume tries this step again. If it stays, save the step's log and report it."),
    )


def _profile_of(problem: BaseException) -> str:
    """The profile a failed call was made with (see `factory`), or the one an exception names; may be empty."""
    named = getattr(problem, "aws_profile", "") or (getattr(problem, "kwargs", None) or {}).get("profile", "")
    return clean(named, limit=100)


def _botocore_error(problem: BaseException, name: str) -> tuple[str, str] | None:
    """What happened and what to do, for the exceptions that botocore raises before AWS was reached."""
    profile = _profile_of(problem)
    if name == "ProfileNotFound":
        what = _("There is no AWS profile {profile}.").format(profile=profile)
        return what, _("Choose one of your AWS config's profiles, or make this one: aws configure sso")
    if name in SSO or (name == "CredentialRetrievalError" and "sso" in str(problem).lower()):
        what = _("The SSO session of profile {profile} has expired.")
        if name == "SSOTokenLoadError":
            what = _("There is no SSO session of profile {profile}.")
        session = login.sso_session(profile)
        remedy = _("Run: {command} · then resume.").format(command=login.login_command(profile))
        if session:
            remedy += " " + _("(It renews SSO session {name}, so all profiles of it.)").format(name=session)
        return what.format(profile=profile or "default"), remedy
    if name in SIGN_IN:
        what = _("The sign-in of profile {profile} has expired.").format(profile=profile or "default")
        return what, _("Run: {command} · then resume.").format(command=login.login_command(profile))
    network = _("Check the network and the region, then resume.")
    return {
        "NoCredentialsError": (
            _("No AWS credentials were found."),
            _("Choose a profile, or set up credentials (aws configure sso, or AWS_PROFILE), then resume."),
        ),
        "PartialCredentialsError": (
            _("The AWS credentials of profile {profile} are incomplete.").format(profile=profile or "default"),
            _("Give the profile an access key id and its secret, then resume."),
        ),
        "CredentialRetrievalError": (
            _("The credentials of profile {profile} could not be loaded.").format(profile=profile or "default"),
            _("Mend the profile, then resume."),
        ),
        "NoRegionError": (_("There is no AWS region."), _("Choose a region for this side, then resume.")),
        "InvalidRegionError": (
            _("That is not the name of an AWS region."),
            _("Write it like eu-central-1, then resume."),
        ),
        "EndpointConnectionError": (_("AWS cannot be reached."), network),
        "ConnectTimeoutError": (_("AWS did not answer in time."), network),
        "ReadTimeoutError": (_("AWS did not answer in time."), network),
        "ConnectionClosedError": (_("The connection to AWS broke."), network),
        "ResponseStreamingError": (_("The connection to AWS broke."), network),
        "HTTPClientError": (_("AWS cannot be reached."), network),
        "ProxyConnectionError": (_("The proxy cannot be reached."), _("Check HTTPS_PROXY, then resume.")),
        "SSLError": (
            _("The connection to AWS is not trusted."),
            _("Check the clock, AWS_CA_BUNDLE and the proxy, then resume."),
        ),
        "ParamValidationError": (
            _("A setting is not what AWS takes."),
            _("Mend the setting that is named below."),
        ),
    }.get(name)


def _os_error(problem: OSError) -> WizardError:
    """This machine's own trouble: a full disk, a folder that may not be written."""
    where = clean(" ".join(str(part) for part in (problem.filename, problem.strerror) if part) or problem, limit=600)
    code = errno.errorcode.get(problem.errno or 0, type(problem).__name__)
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what, remedy = _("There is no room left to write on this machine."), _("Make room, then resume.")
    elif problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT, errno.EISDIR):
        what = _("A file or folder of the wizard cannot be used.")
        remedy = _("Give yourself access to it, or choose another place with MWAA_WIZARD_HOME.")
    else:
        what, remedy = _("This machine refused something: {kind}.").format(kind=code), _("Mend the cause, then resume.")
    return WizardError(what=what, where=where, remedy=remedy, code=code, exit_code=EXIT_RESUMABLE)


def _client_error(problem: BaseException, response: dict[str, Any]) -> WizardError:
    code = code_of(problem)
    meta = response.get("ResponseMetadata", {})
    message = clean(response["Error"].get("Message", ""), limit=2000)
    operation = clean(getattr(problem, "operation_name", ""))
    profile = _profile_of(problem) or "default"
    off = getattr(problem, "aws_clock_skew", None)
    if clock.is_skewed(code, off):
        what, remedy = clock.said(off), clock.remedy()
    elif code in EXPIRED:
        what = _("The AWS credentials of profile {profile} have expired.").format(profile=profile)
        remedy = _("{how} · then resume.").format(how=login.how_to_renew(_profile_of(problem)).rstrip("."))
    elif code in BAD_KEY:
        what = _("AWS does not know the credentials of profile {profile}.").format(profile=profile)
        remedy = _("Choose another profile or region, or renew its keys, then resume.")
        region = clean(getattr(problem, "aws_region", ""), limit=40)
        if region.startswith("cn-"):
            # Each partition knows its own accounts only (IAM user guide, "Amazon Resource Names": partitions).
            remedy += " " + _("{region} knows accounts of AWS China only.").format(region=region)
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
