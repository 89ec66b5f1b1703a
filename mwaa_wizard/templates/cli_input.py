"""A blueprint as input for `aws mwaa create-environment --cli-input-json`.

JSON has no comments and the command takes no unknown key, so what has to be filled in is marked in its place and told
beside the file. The command makes the environment only: role, bucket and security group have to be there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.templates.model import Blueprint, Parameter, Ref, Text


@dataclass(frozen=True)
class CliInput:
    """The file's text, and what to do before it is used: one line each."""

    text: str
    notes: list[str]


def to_cli(plan: Blueprint, session: Session) -> CliInput:
    """The request as JSON, with `<FILL IN: ...>` where only the user knows."""
    writer = _Writer(plan, session)
    request = {name: writer.value(item) for name, item in plan.settings.items()}
    for name in plan.may_be_empty:
        if request[name] == "":
            del request[name]  # the newest version of the file is taken
    for name in plan.needed_later:
        found = plan.parameter(name)
        request[name] = writer.fill(name, found.description if found else "")
    notes = [_("Use it with: aws mwaa create-environment --cli-input-json file://FILE")]
    if plan.makes_role or plan.makes_bucket or plan.makes_group:
        notes.append(
            _("It makes the environment only. Role, bucket and security group have to be there first, with the DAGs "
              "and files in the bucket; the formats cloudformation and terraform make them.")
        )  # fmt: skip
    notes += writer.notes
    return CliInput(json.dumps(request, indent=2, ensure_ascii=False) + "\n", notes)


class _Writer:
    def __init__(self, plan: Blueprint, session: Session) -> None:
        self.plan, self.notes = plan, list[str]()
        place = session.target.connection
        self.known = {"Partition": place.partition or "aws", "Region": place.region, "Account": place.account}

    def fill(self, name: str, what: str) -> str:
        """A mark in the file and a line beside it."""
        self.notes.append(_("Fill in {name}: {what}").format(name=name, what=what))
        return f"<FILL IN: {name}>"

    def value(self, item: Any) -> Any:
        if isinstance(item, dict):
            return {key: self.value(inner) for key, inner in item.items()}
        if isinstance(item, list):
            return [self.value(inner) for inner in item]
        if isinstance(item, Text):
            return "".join(part if isinstance(part, str) else str(self.value(part)) for part in item.parts)
        return self._ref(item.name) if isinstance(item, Ref) else item

    def _ref(self, name: str) -> Any:
        if name == "BucketArn":
            return self.value(Text(("arn:", Ref("Partition"), ":s3:::", Ref("BucketName"))))
        if name == "RoleArn":
            return self.value(Text(("arn:", Ref("Partition"), ":iam::", Ref("Account"), ":role/", Ref("RoleName"))))
        if name == "SecurityGroupId":
            return self.fill(name, _("the security group of the environment; it must let its own members in"))
        if name in self.known:
            return self.known[name] or self.fill(name, _("of the target"))
        found = self.plan.parameter(name)
        assert isinstance(found, Parameter), name
        if found.default is None:
            filled = self.fill(name, found.description)
            return [filled, filled] if found.kind == "subnets" else [filled] if found.kind == "groups" else filled
        return found.default
