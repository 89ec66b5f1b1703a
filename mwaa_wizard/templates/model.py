"""What a template is made from, before it is written in any language.

A value is text, a number, on or off, a list or a mapping of values, a `Ref`, or `Text`: pieces of text with references
between them. References are names of parameters, or of what the deployment itself knows (`KNOWN`, `MADE`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard.execution.steps.execution_role import BASE_POLICY

# What every language can ask the place it is deployed in.
Known = Literal["Partition", "Region", "Account", "UrlSuffix"]
KNOWN: tuple[Known, ...] = ("Partition", "Region", "Account", "UrlSuffix")
# ARN or id of what the template makes or is given.
MADE = ("BucketArn", "RoleArn", "SecurityGroupId")

# Inside documents that are built from plain text a reference travels between these two (private use, no AWS name has
# them); no text of a user goes that way.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


@dataclass(frozen=True)
class Ref:
    """A parameter, or one of `KNOWN` and `MADE`."""

    name: str


@dataclass(frozen=True)
class Text:
    """Pieces of text and references, joined without anything between."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True)
class Parameter:
    """Something the person who deploys may or must give. `default` None: must.

    `name` is in CamelCase. `kind`: `secret` is never shown, `subnets`, `groups` and `vpc` are ids of EC2, `switch` is
    yes or no. `pattern` is a regular expression of the API's own.
    """

    name: str
    description: str
    default: str | list[str] | None = None
    kind: Literal["text", "secret", "subnets", "groups", "vpc", "switch"] = "text"
    pattern: str = ""


@dataclass(frozen=True)
class Blueprint:
    """Everything that is made, in terms of the API.

    `settings` are members of CreateEnvironmentInput in the model's order, `may_be_empty` those that are left out where
    their parameter is empty. `documents` holds policies by `trust`, `base`, `secrets` and `bucket` (absent where the
    role or the bucket is not made), `why` the reason of each statement by its Sid. `two_stages`: the environment is
    made once the files are in the bucket. `steps` and `open` are told to the reader: how to deploy, and what has to be
    given.
    """

    title: str
    session_id: str
    settings: dict[str, Any]
    parameters: list[Parameter]
    tags: dict[str, str]
    documents: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    may_be_empty: frozenset[str] = frozenset()
    makes_group: bool = False
    two_stages: bool = False
    steps: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @property
    def role_policies(self) -> dict[str, str]:
        """Name of each inline policy of the role -> its key in `documents`; the names are those the steps give."""
        named = {BASE_POLICY: "base", f"mwaa-wizard-{self.session_id}-secrets": "secrets"}
        return {name: key for name, key in named.items() if key in self.documents}

    @property
    def needed_later(self) -> list[str]:
        """Parameters that may be empty in the first stage only: ids of versions that MWAA demands."""
        versions = [item.name for item in self.settings.values() if isinstance(item, Ref)]
        found = [item for item in self.parameters if item.name in versions and item.default == ""]
        return [item.name for item in found if self.two_stages and item.name not in self.may_be_empty]

    @property
    def makes_role(self) -> bool:
        """Whether the execution role is part of it."""
        return "trust" in self.documents

    @property
    def makes_bucket(self) -> bool:
        """Whether the bucket is part of it."""
        return "bucket" in self.documents

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((item for item in self.parameters if item.name == name), None)


def token(name: str) -> str:
    """A reference to travel through a builder that joins plain text; `untoken` finds it again."""
    return f"{_OPEN}{name}{_CLOSE}"


def untoken(value: Any) -> Any:
    """The document with every text that holds tokens as a `Ref` or a `Text`."""
    if isinstance(value, dict):
        return {key: untoken(item) for key, item in value.items()}
    if isinstance(value, list):
        return [untoken(item) for item in value]
    if not isinstance(value, str) or _OPEN not in value:
        return value
    pieces = _TOKEN.split(value)  # text, name, text, name, ..., text
    parts = tuple(Ref(piece) if number % 2 else piece for number, piece in enumerate(pieces) if piece)
    return parts[0] if len(parts) == 1 else Text(parts)
