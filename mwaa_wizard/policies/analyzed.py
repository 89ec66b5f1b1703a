"""Access Analyzer asked what it has against a document: its findings, by statement. It reads no account, only the text.

Source: IAM Access Analyzer API reference, ValidatePolicy (findings, locations); IAM user guide, policy validation check
reference (issue codes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, language
from mwaa_wizard.policies import render
from mwaa_wizard.policies.facts import Policy
from mwaa_wizard.preflight.finding import Refused, look_all
from mwaa_wizard.text import clean

Kind = Literal["ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION"]
_UNREACHED = ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError",
              "UnknownRegionError", "InvalidRegionError")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One finding. `sid`: the statement it is about, empty for the whole document; `where`: the place in it."""

    sid: str
    kind: Kind
    code: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class Analysis:
    """What Access Analyzer said. `note`: why it could not be asked, in words; empty where it was."""

    findings: tuple[Finding, ...] = ()
    note: str = ""

    @property
    def errors(self) -> bool:
        """Whether a part of the document would not work."""
        return any(one.kind == "ERROR" for one in self.findings)

    def of(self, sid: str) -> list[Finding]:
        """The findings on one statement."""
        return [one for one in self.findings if one.sid == sid]


def validate(ctx: Context, side: Side, policy: Policy) -> Analysis:
    """Ask. Never raises: this is one check beside others, and a refusal or a region without it must not hide them."""
    try:
        rows = look_all(ctx, side, "accessanalyzer", "validate_policy", "findings", **_request(policy))
    except Refused as refusal:
        said = _("Access Analyzer could not be asked: {action} is refused.")
        return Analysis(note=said.format(action=refusal.action))
    except Exception as problem:
        name = type(problem).__name__
        if name in _UNREACHED:
            region = ctx.clients.place(side).region
            return Analysis(note=_("Access Analyzer is not reached in {region}; the other checks are made all the same."
                                   ).format(region=clean(region, limit=40)))  # fmt: skip
        said = clean(code_of(problem) or name, limit=100)
        return Analysis(note=_("Access Analyzer could not be asked: {why}").format(why=said))
    found = [one for row in rows for one in _findings(row, policy.document["Statement"])]
    return Analysis(tuple(sorted(dict.fromkeys(found), key=lambda one: _ORDER.index(one.kind))))


_ORDER = ("ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION")


def _request(policy: Policy) -> dict[str, str]:
    request = {"policyDocument": render.to_json(policy), "policyType": "IDENTITY_POLICY"}
    resource = {"migration-bucket": "AWS::S3::Bucket", "kms-key": ""}.get(policy.principal)
    if resource is None and render.is_trust(policy.document):
        resource = "AWS::IAM::AssumeRolePolicyDocument"
    if resource is not None:
        request["policyType"] = "RESOURCE_POLICY"
        if resource:  # it knows no type for a key's policy, and checks it as that of any resource
            request["validatePolicyResourceType"] = resource
    if language() == "ja":
        request["locale"] = "JA"
    return request


def _findings(row: dict[str, Any], statements: list[dict[str, Any]]) -> list[Finding]:
    """A finding once for each statement that it names; without a place it is about the whole."""
    kind = row.get("findingType", "WARNING")
    places = [_place(one.get("path") or [], statements) for one in row.get("locations") or []] or [("", "")]
    return [
        Finding(sid, kind if kind in _ORDER else "WARNING", clean(row.get("issueCode", ""), limit=100),
                clean(row.get("findingDetails", ""), limit=600), where)
        for sid, where in dict(places).items()
    ]  # fmt: skip


def _place(path: list[dict[str, Any]], statements: list[dict[str, Any]]) -> tuple[str, str]:
    """(Sid, `Action[0]`) of a path: Statement, index, element, index ..."""
    sid, rest = "", path
    if len(path) > 1 and (path[0].get("value") or path[0].get("key")) == "Statement" and "index" in path[1]:
        index = int(path[1]["index"])
        sid = str(statements[index].get("Sid", "")) if 0 <= index < len(statements) else ""
        rest = path[2:]
    where = ""
    for part in rest:
        if "index" in part:
            where += f"[{part['index']}]"
        elif name := part.get("value") or part.get("key"):
            where += ("." if where else "") + str(name)
    return sid, clean(where, limit=100)
