"""ARNs of another partition in a policy: AWS takes none, as nothing of one partition can be reached from another.

Sources: IAM user guide, "Amazon Resource Names (ARNs)" (partitions); the words are IAM's own, as people quote them
(github.com/aws/serverless-application-model, issue 1954) and S3's for a policy that names what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from mwaa_wizard.sandbox.aws.authorise.conditions import as_list
from mwaa_wizard.sandbox.aws.authorise.policy import Statement, parse
from mwaa_wizard.sandbox.aws.errors import AwsError


def check_identity(document: str, partition: str) -> None:
    """A policy of a role, a user or a group, or a managed one. Raises AwsError MalformedPolicyDocument."""
    for statement in _statements(document):
        for arn in (*(statement.resources or ()), *(statement.not_resources or ())):
            if (other := _other(arn, partition)):
                message = f'Partition "{other}" is not valid for resource "{arn}".'
                raise AwsError("MalformedPolicyDocument", message)


def check_trust(document: str, partition: str) -> None:
    """Who may assume a role. Raises AwsError MalformedPolicyDocument."""
    for statement in _statements(document):
        for arn in _principals(statement):
            if _other(arn, partition):
                raise AwsError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"')


def check_bucket(document: str, partition: str) -> None:
    """A bucket's policy. Raises AwsError MalformedPolicy."""
    for statement in _statements(document):
        if any(_other(arn, partition) for arn in (*(statement.resources or ()), *(statement.not_resources or ()))):
            raise AwsError("MalformedPolicy", "Policy has invalid resource")
        if any(_other(arn, partition) for arn in _principals(statement)):
            raise AwsError("MalformedPolicy", "Invalid principal in policy")


def _statements(document: str) -> tuple[Statement, ...]:
    try:
        return parse(document)
    except (ValueError, AttributeError, TypeError):
        return ()  # no policy document at all: told by who looks at its grammar


def _principals(statement: Statement) -> Iterator[str]:
    for element in (statement.principal, statement.not_principal):
        if isinstance(element, dict):
            yield from as_list(element.get("AWS", []))


def _other(arn: str, partition: str) -> str:
    """The partition that an ARN names, where it names another one by its plain name; else nothing."""
    parts = arn.split(":", 2)
    named = parts[1] if len(parts) == 3 and parts[0] == "arn" else partition
    return "" if named == partition or set(named) & set("*?$") else named
