"""Constraints of CreateEnvironment, read from botocore's own model and told in plain words.

botocore checks types, required members and minima only, and that at call time; maxima, patterns and enums it leaves
to the service. Source: botocore mwaa 2020-07-01 CreateEnvironmentInput. No network is used.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from mwaa_wizard.environments.wording import pattern_words
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean

_SEPARATORS = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "boolean": (bool,), "structure": (dict,), "map": (dict,), "list": (list,),
}  # fmt: skip


@functools.cache
def _input_shape(operation: str = "CreateEnvironment") -> Any:
    from botocore.session import get_session

    return get_session().get_service_model("mwaa").operation_model(operation).input_shape


@functools.cache
def _regex(expression: str) -> re.Pattern[str]:
    """A model pattern as Python's `re` reads it: `\\p{L}` and `\\p{N}` become `\\w`, `\\p{Z}` the separators."""
    for java, python in ((r"\p{L}", r"\w"), (r"\p{N}", r"\w"), (r"\p{Z}", _SEPARATORS)):
        expression = expression.replace(java, python)
    return re.compile(expression)


def members() -> tuple[str, ...]:
    """Names of all members of CreateEnvironmentInput: the allow-list of a clone."""
    return tuple(_input_shape().members)


def required() -> tuple[str, ...]:
    """Names of the members without which CreateEnvironment is refused."""
    return tuple(_input_shape().required_members)


def update_members() -> tuple[str, ...]:
    """Names of all members of UpdateEnvironmentInput."""
    return tuple(_input_shape("UpdateEnvironment").members)


def shape_of(path: str) -> Any:
    """botocore's shape at a dotted path (`NetworkConfiguration.SubnetIds`); KeyError where there is none."""
    shape = _input_shape()
    for name in path.split("."):
        shape = shape.members[name]
    return shape


def choices(path: str) -> tuple[str, ...]:
    """The values an enum member takes, empty where any text goes."""
    shape = shape_of(path)
    return tuple(getattr(shape, "enum", ()) or ())


def problems(path: str, value: object) -> list[str]:
    """What is wrong with `value` for the member at `path`, in words that say how to mend it; empty if nothing is.

    `path` is dotted; members inside maps and lists are checked with their parent.
    """
    found: list[str] = []
    _check(shape_of(path), value, path, found, secret=False)
    return found


def request_problems(request: dict[str, Any]) -> list[str]:
    """All problems of a whole CreateEnvironment request: unknown and missing members too."""
    found: list[str] = []
    unknown = [name for name in request if name not in members()]
    found += [_("{name}: CreateEnvironment has no such setting; leave it out.").format(name=n) for n in unknown]
    _check(_input_shape(), {k: v for k, v in request.items() if k not in unknown}, "", found, secret=False)
    return found


def update_problems(request: dict[str, Any]) -> list[str]:
    """The same for an UpdateEnvironment request, of which only Name is required."""
    shape, found = _input_shape("UpdateEnvironment"), []
    unknown = [name for name in request if name not in shape.members]
    found += [_("{name}: UpdateEnvironment cannot change it; leave it out.").format(name=n) for n in unknown]
    _check(shape, {k: v for k, v in request.items() if k not in unknown}, "", found, secret=False)
    return found


def _check(shape: Any, value: object, path: str, found: list[str], *, secret: bool) -> None:
    meta = shape.metadata
    secret = secret or bool(meta.get("sensitive"))
    kinds = _KINDS.get(shape.type_name, (object,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        found.append(_wrong_kind(shape, path))
        return
    if shape.type_name in ("string", "list", "map"):
        _check_size(shape, len(value), path, found)  # type: ignore[arg-type]
    if isinstance(value, int) and not isinstance(value, bool):
        _check_range(meta, value, path, found)
    if isinstance(value, str):
        _check_text(shape, value, path, found, secret=secret)
    elif isinstance(value, list):
        for item in value:
            _check(shape.member, item, path, found, secret=secret)
    elif isinstance(value, dict):
        _check_members(shape, value, path, found, secret=secret)


def _check_members(shape: Any, value: dict[Any, Any], path: str, found: list[str], *, secret: bool) -> None:
    if shape.type_name == "map":
        for key, item in value.items():
            where = f"{path}.{clean(key, limit=80)}"
            _check(shape.key, key, _("{path} (the name)").format(path=where), found, secret=False)
            _check(shape.value, item, where, found, secret=secret)
        return
    prefix = f"{path}." if path else ""
    for name in shape.required_members:
        if value.get(name) is None:
            found.append(_("{path}: this is required; give a value.").format(path=prefix + name))
    for name, item in value.items():
        if name not in shape.members:
            found.append(_("{path}: MWAA's API has no such setting; leave it out.").format(path=prefix + name))
        elif item is not None:
            _check(shape.members[name], item, prefix + name, found, secret=secret)


def _wrong_kind(shape: Any, path: str) -> str:
    words = {
        "string": _("text"), "integer": _("a whole number"), "boolean": _("on or off"), "list": _("a list"),
        "map": _("names with values"), "structure": _("a group of settings"),
    }  # fmt: skip
    kind = words.get(shape.type_name, shape.type_name)
    return _("{path}: this must be {kind}.").format(path=path, kind=kind)


def _check_size(shape: Any, size: int, path: str, found: list[str]) -> None:
    meta = shape.metadata
    low, high = meta.get("min", 0), meta.get("max")
    if high is not None and low == high and size != low:
        found.append(
            ngettext(
                "{path}: exactly {low} entry is needed, not {size}.",
                "{path}: exactly {low} entries are needed, not {size}.",
                low,
            ).format(path=path, low=low, size=size)
        )
    elif size < low:
        if shape.type_name == "string":
            found.append(
                _("{path}: this is empty; give a value.").format(path=path)
                if size == 0
                else _("{path}: too short; at least {low} characters are needed.").format(path=path, low=low)
            )
        else:
            found.append(
                _("{path}: at least {low} entry is needed; add one or leave the setting out.").format(
                    path=path, low=low
                )
            )
    elif high is not None and size > high:
        if shape.type_name == "string":
            found.append(
                _("{path}: too long ({size} characters); shorten it to {high}.").format(path=path, size=size, high=high)
            )
        else:
            found.append(
                _("{path}: too many entries ({size}); keep at most {high}.").format(path=path, size=size, high=high)
            )


def _check_range(meta: dict[str, Any], value: int, path: str, found: list[str]) -> None:
    if "min" in meta and value < meta["min"]:
        found.append(
            _("{path}: {value} is too low; the least is {low}.").format(path=path, value=value, low=meta["min"])
        )
    if "max" in meta and value > meta["max"]:
        found.append(
            _("{path}: {value} is too high; the most is {high}.").format(path=path, value=value, high=meta["max"])
        )


def _check_text(shape: Any, value: str, path: str, found: list[str], *, secret: bool) -> None:
    shown = "" if secret else f" “{clean(value, limit=80)}”"
    pattern = shape.metadata.get("pattern")
    if value and pattern and not _regex(pattern).fullmatch(value):
        found.append(_("{path}:{shown} {words}").format(path=path, shown=shown, words=pattern_words(shape.name)))
    if shape.enum and value not in shape.enum:
        found.append(
            _("{path}:{shown} is not known; choose one of {names}.").format(
                path=path, shown=shown, names=listed(shape.enum)
            )
        )
