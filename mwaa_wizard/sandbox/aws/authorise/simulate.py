"""iam:SimulatePrincipalPolicy, which moto does not have, with the evaluator that decides real requests.

Source: IAM API reference, "SimulatePrincipalPolicy" (EvalDecision allowed, explicitDeny, implicitDeny).
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from mwaa_wizard.sandbox.aws.authorise import identity
from mwaa_wizard.sandbox.aws.authorise.evaluate import Policies, evaluate
from mwaa_wizard.sandbox.aws.authorise.policy import Ask
from mwaa_wizard.sandbox.aws.errors import AwsError, new_request_id
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest

_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"


def _context(request: AwsRequest) -> dict[str, list[str]]:
    context: dict[str, list[str]] = {}
    number = 1
    while key := request.params.get(f"ContextEntries.member.{number}.ContextKeyName"):
        values = request.listed(f"ContextEntries.member.{number}.ContextKeyValues")
        context[str(key).lower()] = values
        number += 1
    return context


def _principal(arn: str) -> Principal:
    partition = arn.split(":")[1] if arn.count(":") >= 5 else "aws"
    for kind, found in (("assumed-role", identity.find_role(arn)), ("user", identity.find_user(arn))):
        if found is not None:
            return Principal(
                arn=arn,
                account=account_of(arn),
                user_id=str(found.id),
                kind="assumed-role" if kind == "assumed-role" else "user",
                access_key="",
                partition=partition,
                name=str(found.name),
                role_arn=arn if kind == "assumed-role" else None,
            )
    raise AwsError("NoSuchEntity", f"The entity {arn} cannot be found.", 404)


def answer(request: AwsRequest) -> bytes:
    """The XML answer. Raises AwsError NoSuchEntity or InvalidInput."""
    principal = _principal(str(request.params.get("PolicySourceArn", "")))
    actions = request.listed("ActionNames")
    if not actions or any(":" not in action for action in actions):
        raise AwsError("InvalidInput", "Invalid Entity Action: actions are written as service:Action.")
    policies = Policies(
        identity=[*identity.identity_documents(principal), *request.listed("PolicyInputList")],
        resource=str(request.params["ResourcePolicy"]) if "ResourcePolicy" in request.params else None,
        boundary=identity.boundary_document(principal),
    )
    context = _context(request)
    rows = []
    for action in actions:
        for resource in request.listed("ResourceArns") or ["*"]:
            decision = evaluate(policies, Ask(principal, action, resource, context))
            rows.append(
                f"<member><EvalActionName>{escape(action)}</EvalActionName>"
                f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
                f"<EvalDecision>{decision.outcome}</EvalDecision>"
                "<MatchedStatements/><MissingContextValues/></member>"
            )
    return (
        f'<SimulatePrincipalPolicyResponse xmlns="{_NAMESPACE}"><SimulatePrincipalPolicyResult>'
        f"<IsTruncated>false</IsTruncated><EvaluationResults>{''.join(rows)}</EvaluationResults>"
        "</SimulatePrincipalPolicyResult>"
        f"<ResponseMetadata><RequestId>{new_request_id()}</RequestId></ResponseMetadata>"
        "</SimulatePrincipalPolicyResponse>"
    ).encode()
