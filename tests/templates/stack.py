"""A CloudFormation template read back as CloudFormation reads it: functions resolved with given parameters."""

from __future__ import annotations

import re
from typing import Any

import yaml


class Loader(yaml.SafeLoader):  # type: ignore[misc]
    """`!Name x` becomes {"Name": x}."""


def _function(loader: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"!{suffix}": loader.construct_scalar(node)}


Loader.add_multi_constructor("!", _function)


def read(text: str) -> dict[str, Any]:
    """The template's data."""
    found: dict[str, Any] = yaml.load(text, Loader)
    return found


class Stack:
    """One deployment: parameters by name (defaults where none is given), and attributes of what was made."""

    def __init__(self, template: dict[str, Any], given: dict[str, Any], attributes: dict[str, str]) -> None:
        self.template, self.attributes = template, attributes
        self.values = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012",
                       "AWS::URLSuffix": "amazonaws.com"}  # fmt: skip
        for name, parameter in template["Parameters"].items():
            value = given.get(name, parameter.get("Default"))
            assert value is not None, f"{name} has to be given"
            if parameter["Type"].startswith("List<") and isinstance(value, str):
                value = value.split(",")
            self.values[name] = value

    def environment(self) -> dict[str, Any]:
        """The environment's properties as the service gets them."""
        found: dict[str, Any] = self.resolve(self.template["Resources"]["Environment"]["Properties"])
        return found

    def holds(self, condition: Any) -> bool:
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        if "!Not" in condition:
            return not self.holds(condition["!Not"][0])
        one, other = (self.resolve(item) for item in condition["!Equals"])
        return bool(one == other)

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and next(iter(value)).startswith("!"):
            return self._call(*next(iter(value.items())))
        found = {key: self.resolve(item) for key, item in value.items() if item != {"!Ref": "AWS::NoValue"}}
        return {key: item for key, item in found.items() if item is not None}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "!Ref":
            return None if argument == "AWS::NoValue" else self.values[argument]
        if name == "!GetAtt":
            return self.attributes[argument]
        if name == "!If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if name == "!Join":
            return str(argument[0]).join(self.resolve(argument[1]))
        assert name == "!Sub", name
        return re.sub(r"\$\{(!?)([^}]*)\}", lambda found: "${" + found[2] + "}" if found[1] else
                      str(self.values.get(found[2], self.attributes.get(found[2]))), argument)  # fmt: skip
