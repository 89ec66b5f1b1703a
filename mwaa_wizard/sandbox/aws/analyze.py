"""access-analyzer:ValidatePolicy, which moto does not have: the commonest of its errors and security warnings.

Source: IAM Access Analyzer API reference, ValidatePolicy; IAM user guide, access-analyzer-reference-policy-checks. What
it says nothing of is not checked here; it is no judgement of a document on AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mwaa_wizard.policies import actions
from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.request import AwsRequest

PAGE = 20  # findings a page, few enough that the second page is met
_ELEMENTS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
             "Condition"}  # fmt: skip
_ARN = re.compile(r"\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
_DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
Path = list[dict[str, Any]]
Found = tuple[str, str, str, Path]


def answer(request: AwsRequest) -> bytes:
    """The JSON answer. Raises AwsError ValidationException."""
    asked = json.loads(request.body or b"{}")
    kind, resource = asked.get("policyType"), asked.get("validatePolicyResourceType")
    if kind not in ("IDENTITY_POLICY", "RESOURCE_POLICY", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        raise AwsError("ValidationException", "Invalid policy type", 400)
    if resource and kind != "RESOURCE_POLICY":
        raise AwsError("ValidationException", "validatePolicyResourceType is for resource policies only", 400)
    try:
        document = json.loads(asked.get("policyDocument", ""))
    except ValueError as problem:
        found: list[Found] = [("ERROR", "JSON_SYNTAX_ERROR", f"Fix the JSON syntax error: {problem}", [])]
    else:
        found = list(_document(document, kind, resource or ""))
    start = int((request.query.get("nextToken") or ["0"])[0] or 0)
    rows = [_row(*one) for one in found[start : start + PAGE]]
    more = {"nextToken": str(start + PAGE)} if start + PAGE < len(found) else {}
    return json.dumps({"findings": rows, **more}).encode()


def _row(kind: str, code: str, text: str, path: Path) -> dict[str, Any]:
    start = {"line": 1, "column": 0, "offset": 0}
    place = {"path": path, "span": {"start": start, "end": start}}
    link = f"{_DOCS}#access-analyzer-reference-policy-checks-{code.lower().replace('_', '-')}"
    return {"findingType": kind, "issueCode": code, "findingDetails": text, "learnMoreLink": link, "locations": [place]}


def _document(document: Any, kind: str, resource: str) -> Iterator[Found]:
    if not isinstance(document, dict) or not document.get("Statement"):
        yield "ERROR", "MISSING_STATEMENT", "Add a statement to the policy", []
        return
    if "Version" not in document:
        yield "WARNING", "MISSING_VERSION", "We recommend that you specify the Version element", []
    elif document["Version"] not in ("2012-10-17", "2008-10-17"):
        text = "The version in the policy is not valid"
        yield "ERROR", "INVALID_VERSION", text, [{"value": "Version"}]
    listed = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    sids: set[str] = set()
    for index, one in enumerate(listed):
        path: Path = [{"value": "Statement"}, {"index": index}]
        sid = str(one.get("Sid", ""))
        if sid and sid in sids:
            yield "ERROR", "UNIQUE_SIDS_REQUIRED", f"Duplicate statement IDs are not supported: {sid}", [
                *path, {"value": "Sid"}]  # fmt: skip
        sids.add(sid)
        yield from _statement(one, path, kind, resource)


def _statement(one: dict[str, Any], path: Path, kind: str, resource: str) -> Iterator[Found]:
    for name in one.keys() - _ELEMENTS:
        yield "ERROR", "INVALID_POLICY_ELEMENT", f"The policy element {name} is not valid", [*path, {"value": name}]
    if one.get("Effect") not in ("Allow", "Deny"):
        code = "INVALID_EFFECT" if "Effect" in one else "MISSING_EFFECT"
        yield "ERROR", code, "Effect must be Allow or Deny", path
    if not one.keys() & {"Action", "NotAction"}:
        yield "ERROR", "MISSING_ACTION", "Add an Action or NotAction element to the policy statement", path
    principal = bool(one.keys() & {"Principal", "NotPrincipal"})
    if kind == "IDENTITY_POLICY" and principal:
        place = [*path, {"value": "Principal"}]
        yield "ERROR", "UNSUPPORTED_PRINCIPAL", "The policy type does not support Principal", place
    if kind == "RESOURCE_POLICY" and not principal:
        yield "ERROR", "MISSING_PRINCIPAL", "Add a Principal element to the policy statement", path
    trust = resource == "AWS::IAM::AssumeRolePolicyDocument"
    if not trust and not one.keys() & {"Resource", "NotResource"}:
        yield "ERROR", "MISSING_RESOURCE", "Add a Resource or NotResource element to the policy statement", path
    yield from _actions(one, path)
    for index, arn in enumerate(_listed(one.get("Resource", []))):
        if not _ARN.fullmatch(arn):
            place = [*path, {"value": "Resource"}, {"index": index}]
            yield "ERROR", "MISSING_ARN_FIELD", f"Resource ARNs must include at least 6 fields: {arn}", place


def _actions(one: dict[str, Any], path: Path) -> Iterator[Found]:
    for index, action in enumerate(_listed(one.get("Action", []))):
        place = [*path, {"value": "Action"}, {"index": index}]
        known = actions.matching(action)
        if known is not None and not known:
            yield "ERROR", "INVALID_ACTION", f"The action {action} does not exist", place
        if action == "iam:PassRole" and one.get("Effect") == "Allow" and "*" in _listed(one.get("Resource", [])):
            text = "Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive"
            yield "SECURITY_WARNING", "PASS_ROLE_WITH_STAR_IN_RESOURCE", text, place


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
