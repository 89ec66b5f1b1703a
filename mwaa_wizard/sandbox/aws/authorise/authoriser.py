"""Puts a principal's policies and a resource's policy together and asks for the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mwaa_wizard.sandbox.aws.authorise import identity
from mwaa_wizard.sandbox.aws.authorise.context import global_context, merged
from mwaa_wizard.sandbox.aws.authorise.derive import permissions_for
from mwaa_wizard.sandbox.aws.authorise.evaluate import Decision, Policies, evaluate
from mwaa_wizard.sandbox.aws.authorise.ledger import LEDGER
from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.authorise.policy import Ask
from mwaa_wizard.sandbox.aws.authorise.requests import kms
from mwaa_wizard.sandbox.aws.errors import AccessDenied
from mwaa_wizard.sandbox.aws.principal import Principal, account_of, service_principal
from mwaa_wizard.sandbox.aws.request import AwsRequest

Authorise = Callable[[str, str, Mapping[str, str] | None], None]


class Authoriser:
    """Decides what one principal may do in one request."""

    def __init__(self, request: AwsRequest, principal: Principal) -> None:
        self.request = request
        self.principal = principal
        self._global = global_context(request, principal)

    def decide(self, permission: Permission) -> Decision:
        """IAM's decision on one permission."""
        principal = self.principal
        owner = permission.owner or account_of(permission.resource) or principal.account
        context = merged(self._global, permission.context)
        if owner:
            context["aws:resourceaccount"] = [owner]
        policies = Policies(
            identity=identity.identity_documents(principal),
            resource=permission.resource_policy,
            boundary=identity.boundary_document(principal),
            session=principal.session_policies,
            # AWS's own policies and service-linked resources carry the account "aws".
            # Anonymous callers have no account whose policies could be asked.
            same_account=owner in ("", principal.account) or principal.kind == "anonymous",
            resource_must_allow=permission.resource_must_allow,
        )
        decision = evaluate(policies, Ask(principal, permission.action, permission.resource, context))
        LEDGER.note(principal, permission, owner, decision, self.request.header("User-Agent"))
        return decision

    def require(self, permissions: Iterable[Permission]) -> None:
        """Raises AccessDenied for the first permission that is missing."""
        for permission in permissions:
            decision = self.decide(permission)
            if not decision.allowed:
                raise AccessDenied(self.principal.arn, permission.action, permission.resource, decision.reason)

    def require_request(self) -> None:
        """Everything the request itself needs."""
        self.require(permissions_for(self.request, self.principal))

    def authorise(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> None:
        """The callable handed to the MWAA API. Raises AccessDenied."""
        if action.startswith("kms:"):
            name = action.removeprefix("kms:")
            # A key's own policy has its say, whoever asks for the key's use.
            self.require([kms.on_key(name, resource, self.request.region, self.principal, dict(context or {}))])
            return
        self.require([Permission(action, resource, context or {})])


def trusts_service(role_arn: str, service: str, context: Mapping[str, str] | None = None) -> bool:
    """Whether a role's trust policy lets an AWS service assume it (``airflow.amazonaws.com``).

    ``context`` carries what the service would send: ``aws:SourceAccount`` and ``aws:SourceArn``.
    """
    role = identity.find_role(role_arn)
    if role is None:
        return False
    policies = Policies(resource=role.assume_role_policy_document, resource_must_allow=True)
    ask = Ask(service_principal(service), "sts:AssumeRole", role_arn, merged({}, context or {}))
    return evaluate(policies, ask).allowed
