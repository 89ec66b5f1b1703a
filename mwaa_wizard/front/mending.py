"""The page where a failed step can be mended, by what the failure says of itself, its code, and the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import flow

if TYPE_CHECKING:
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.session.model import Session

# The permission is missing; who one is, is not known or over; as AWS and botocore name them.
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403"}
_WHO = {
    "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidClientTokenId",
    "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "AuthFailure",
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound", "NoRegionError",
    "InvalidRegionError", "UnauthorizedSSOTokenError", "SSOTokenLoadError", "TokenRetrievalError",
    "LoginRefreshRequired", "LoginTokenLoadError",
}  # fmt: skip
_OF_STEP = {
    "read-source": ("source", "connect"),
    "preflight": ("preflight", "settings"),
    "execution-role": ("settings",),
    "secrets-policy": ("policies",),
    "source-policy": ("policies",),
    "target-policy": ("policies",),
    "connections": ("entries",),
    "entries": ("entries",),
    "resources": ("settings",),
    "create-target": ("settings", "target"),
    "inventory": ("policies",),
    "key": ("policies",),
    "export": ("tables",),
    "import": ("tables", "policies"),
    "logs": ("logs",),
    "verify": ("review",),
    "cut-over": ("review",),
    "clean-up": ("policies", "review"),
    "upgrade": ("settings", "route"),
}


def page_for(error: WizardError, step: str, session: Session) -> str:
    """The first page of the session's route where this can be mended; empty where none can."""
    wanted = [error.page] if error.page else []
    if error.code in _WHO:
        wanted.append("connect")
    if error.code in _DENIED:
        wanted.append("policies")
    wanted += _OF_STEP.get(step, ())
    there = flow.shown(session)
    return next((page for page in wanted if page in there), "")
