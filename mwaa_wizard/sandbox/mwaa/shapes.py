"""Checks a value against a shape of botocore's MWAA model: type, required, length, range, pattern, enum.

botocore itself checks only types, required members and minima, and only in the client; the service checks all of
it. Messages follow the wording of AWS's shared validation layer ("N validation errors detected: ...").
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Any

from botocore.model import ServiceModel
from botocore.session import get_session

from mwaa_wizard.sandbox.mwaa.errors import InternalServerException, SerializationException, ValidationException

# Answers that a loopback host cannot give in the model's form: the model says "https://..." for WebserverUrl while
# the service answers the bare host name, and a host name has no port.
ANSWER_EXCEPTIONS = {"WebserverUrl": r"[A-Za-z0-9.\-]+(:\d+)?", "Hostname": r"[A-Za-z0-9.\-]+(:\d+)?"}
_SEPARATORS = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "long": (int,), "boolean": (bool,), "double": (int, float),
    "structure": (dict,), "map": (dict,), "list": (list, tuple), "timestamp": (dt.datetime, int, float),
}  # fmt: skip


@functools.cache
def service_model() -> ServiceModel:
    """botocore's own MWAA model."""
    return get_session().get_service_model("mwaa")


@functools.cache
def pattern(expression: str) -> re.Pattern[str]:
    """A model pattern as a Python one: `\\w` stands for the letters and numbers of `\\p{L}` and `\\p{N}`."""
    for java, python in ((r"\p{L}", r"\w"), (r"\p{N}", r"\w"), (r"\p{Z}", _SEPARATORS)):
        expression = expression.replace(java, python)
    return re.compile(expression)


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


class _Checker:
    def __init__(self, *, answer: bool) -> None:
        self.answer = answer
        self.problems: list[str] = []

    def fail(self, shape: Any, path: str, value: Any, rule: str, *, secret: bool) -> None:
        hidden = secret or isinstance(value, dict | list | tuple)
        shown = "" if hidden else f" '{value}'" if value is not None else " null"
        self.problems.append(f"Value{shown} at '{path}' failed to satisfy constraint: Member must {rule}")

    def check(self, shape: Any, value: Any, path: str, *, secret: bool = False) -> None:
        meta = shape.metadata
        secret = secret or bool(meta.get("sensitive"))
        if getattr(shape, "is_document_type", False):
            return
        wanted = _TYPES.get(shape.type_name, (object,))
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise SerializationException(f"Value at '{path}' is not a {shape.type_name}")
        if shape.type_name in ("structure", "map", "list"):
            getattr(self, f"_{shape.type_name}")(shape, value, path, secret)
        self._limits(shape, value, path, secret)

    def _limits(self, shape: Any, value: Any, path: str, secret: bool) -> None:
        meta = shape.metadata
        sized = shape.type_name in ("string", "list", "map")
        amount: Any = len(value) if sized else value
        what = "have length " if sized else "have value "
        if shape.type_name in ("string", "list", "map", "integer", "long"):
            if "min" in meta and amount < meta["min"]:
                self.fail(shape, path, value, f"{what}greater than or equal to {meta['min']}", secret=secret)
            if "max" in meta and amount > meta["max"]:
                self.fail(shape, path, value, f"{what}less than or equal to {meta['max']}", secret=secret)
        if shape.type_name != "string":
            return
        rule = meta.get("pattern")
        if self.answer:
            rule = ANSWER_EXCEPTIONS.get(shape.name, rule)
        if rule and not pattern(rule).fullmatch(value):
            self.fail(shape, path, value, f"satisfy regular expression pattern: {rule}", secret=secret)
        if shape.enum and value not in shape.enum:
            self.fail(shape, path, value, f"satisfy enum value set: [{', '.join(shape.enum)}]", secret=secret)

    def _structure(self, shape: Any, value: dict[str, Any], path: str, secret: bool) -> None:
        for name in shape.required_members:
            if value.get(name) is None:
                where = f"{path}.{_camel(name)}".lstrip(".")
                self.problems.append(f"Value null at '{where}' failed to satisfy constraint: Member must not be null")
        for name, item in value.items():
            member = shape.members.get(name)
            if member is None:
                if self.answer:
                    self.problems.append(f"Unknown member '{name}' at '{path}'")
            elif item is not None:
                self.check(member, item, f"{path}.{_camel(name)}".lstrip("."), secret=secret)

    def _map(self, shape: Any, value: dict[str, Any], path: str, secret: bool) -> None:
        for key, item in value.items():
            self.check(shape.key, key, f"{path}.{'key' if secret else key}", secret=False)
            self.check(shape.value, item, f"{path}.{key}", secret=secret)

    def _list(self, shape: Any, value: list[Any], path: str, secret: bool) -> None:
        for index, item in enumerate(value):
            self.check(shape.member, item, f"{path}.{index + 1}.member", secret=secret)


def check_request(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """`params` without what the model does not know and without nulls.

    Raises ValidationException with every broken constraint, SerializationException for a wrong JSON type.
    """
    shape = service_model().operation_model(operation).input_shape
    checker = _Checker(answer=False)
    checker.check(shape, params, "")
    if checker.problems:
        count = len(checker.problems)
        noun = "error" if count == 1 else "errors"
        raise ValidationException(f"{count} validation {noun} detected: {'; '.join(checker.problems)}")
    return {name: value for name, value in params.items() if name in shape.members and value is not None}


def check_answer(shape: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` unchanged when the model allows it; raises InternalServerException naming what does not fit."""
    checker = _Checker(answer=True)
    try:
        checker.check(shape, answer, "")
    except SerializationException as error:
        raise InternalServerException(f"{shape.name}: {error.message}") from error
    if checker.problems:
        raise InternalServerException(f"{shape.name}: {'; '.join(checker.problems)}")
    return answer
