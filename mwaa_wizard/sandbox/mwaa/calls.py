"""Who calls, from where, and whether IAM lets them: what the endpoint hands to the MWAA API per request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from mwaa_wizard.sandbox.mwaa.errors import AccessDeniedException


class PrincipalLike(Protocol):
    """The members of the endpoint's Principal that the API reads."""

    @property
    def arn(self) -> str: ...
    @property
    def account(self) -> str: ...


@dataclass(frozen=True)
class Caller:
    """A principal for in-process use (tests, provisioning)."""

    arn: str
    account: str
    kind: str = "user"


Authorise = Callable[..., None]


@dataclass(frozen=True)
class Call:
    """One request's identity and place."""

    principal: PrincipalLike
    region: str
    authorise: Authorise

    @property
    def account(self) -> str:
        return self.principal.account

    def require(self, action: str, resource: str, context: dict[str, str] | None = None) -> None:
        """Raises AccessDeniedException in AWS's words when IAM does not allow `action`."""
        from mwaa_wizard.sandbox.aws.errors import AccessDenied

        try:
            self.authorise(action, resource, context or {})
        except AccessDenied as error:
            raise AccessDeniedException(error.message) from error


class AwsAccess(Protocol):
    """The sandbox's AWS as the MWAA service itself reaches it, in the account of whoever it works for."""

    def client(self, service: str, region: str, account: str) -> Any: ...
