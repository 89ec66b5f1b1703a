"""Amazon CloudWatch Logs: log groups and streams.

Source: service authorization reference, "CloudWatch Logs", and the ARNs AWS writes into its refusals: actions on
a group are asked on ``log-group:NAME:log-stream:``, so a statement for ``log-group:NAME:*`` covers them and one
for ``log-group:NAME`` does not; actions on a stream are asked on ``log-group:NAME:log-stream:STREAM``.
"""

from __future__ import annotations

from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest

_ON_STREAM = {"CreateLogStream", "DeleteLogStream", "GetLogEvents", "PutLogEvents"}
#: No resource type in the reference: only ``*`` grants these.
_ON_ALL = {
    "DescribeExportTasks",
    "CancelExportTask",
    "DescribeQueries",
    "DescribeResourcePolicies",
    "PutResourcePolicy",
    "DeleteResourcePolicy",
    "DescribeQueryDefinitions",
    "GetLogRecord",
    "GetQueryResults",
    "StopQuery",
    "TestMetricFilter",
}


def _group_arn(name: str, request: AwsRequest, principal: Principal) -> str:
    if name.startswith("arn:"):
        return name.removesuffix(":*")
    return f"arn:{principal.partition}:logs:{request.region}:{principal.account}:log-group:{name}"


def _groups(params: dict[str, object]) -> list[str]:
    for name in ("logGroupName", "logGroupIdentifier", "resourceArn"):
        if value := params.get(name):
            return [str(value)]
    for name in ("logGroupNames", "logGroupIdentifiers"):
        if isinstance(values := params.get(name), list) and values:
            return [str(value) for value in values]
    return []


def permissions(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions of a CloudWatch Logs request."""
    action = f"logs:{request.operation}"
    if request.operation in _ON_ALL:
        return [Permission(action)]
    if request.operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        return [Permission(action, str(request.params.get("resourceArn", "*")))]
    wanted = []
    for group in _groups(request.params) or [""]:
        arn = _group_arn(group, request, principal)
        stream = str(request.params.get("logStreamName") or "") if request.operation in _ON_STREAM else ""
        wanted.append(Permission(action, f"{arn}:log-stream:{stream}", owner=account_of(arn)))
    return wanted
