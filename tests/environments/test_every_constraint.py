"""Every constraint of CreateEnvironmentInput, found in the model itself: one value just inside, one just outside.

The engine's own check and the sandbox's must agree on each; botocore checks some of them only, but it alone stops
names inside that the model has not: the service would not look at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from mwaa_wizard.environments import shapes
from mwaa_wizard.sandbox.mwaa import shapes as strict

MODEL = get_session().get_service_model("mwaa").operation_model("CreateEnvironment").input_shape
HEX = "1b2c3d4e-1111-2222-3333-444455556666"
ROLE, BUCKET = "arn:aws:iam::111122223333:role/", "arn:aws:s3:::"

# Shape -> a text of exactly that many characters that fits (or the shortest that does).
FITTING: dict[str, Callable[[int], str]] = {
    "EnvironmentName": lambda size: "a" * size,
    "IamRoleArn": lambda size: ROLE.ljust(max(size, len(ROLE) + 1), "r"),
    "S3BucketArn": lambda size: BUCKET.ljust(max(size, len(BUCKET) + 1), "b"),
    "RelativePath": lambda size: "d" * size,
    "S3ObjectVersion": lambda size: "v" * size,
    "SubnetId": lambda size: "subnet-".ljust(max(size, 8), "0"),
    "SecurityGroupId": lambda size: "sg-".ljust(max(size, 4), "0"),
    "ConfigKey": lambda size: "k" * size,
    "ConfigValue": lambda size: "~" * size,
    "EnvironmentClass": lambda size: "m" * size,
    # Of any length only as an alias, which the model takes and MWAA does not (see test_rules.py).
    "KmsKey": lambda size: HEX if size < 40 else "alias/".ljust(size, "x"),
    "AirflowVersion": lambda size: "2" * size,
    "WeeklyMaintenanceWindowStart": lambda size: "MON:00:30".ljust(size, "x"),
    "TagKey": lambda size: "タ" * size,
    "TagValue": lambda size: "グ" * size,
    "IdentityCenterStartUrl": lambda size: "https://".ljust(max(size, 9), "x"),
    "IdentityCenterIdentityStoreId": lambda size: "d-0123456789".rjust(size, "x"),
    "TeamNameString": lambda size: "t" * size,
}
# Shape -> (a text the pattern just takes, one it just does not).
PATTERNS: dict[str, list[tuple[str, str]]] = {
    "EnvironmentName": [("a9-_", "9a-_"), ("Z", "_"), ("a-", "a."), ("a_", "a b")],
    "IamRoleArn": [(ROLE, ROLE[:-1]), (f"{ROLE}a/b", f"{ROLE}a b"),
                   (f"{ROLE}x", f"{ROLE}x".replace("111122223333", "11112222333")),
                   (f"{ROLE}x".replace("aws", "aws-cn"), f"{ROLE}x".replace("aws", "aws-"))],
    "S3BucketArn": [(f"{BUCKET}a.b-1", f"{BUCKET}a_b"), (f"{BUCKET}a", BUCKET), (f"{BUCKET}a", f"{BUCKET}a/b")],
    "RelativePath": [("a b", "a\nb"), ("データ", "デ\nタ")],
    "SubnetId": [("subnet-a", "subnet-"), ("subnet-a.b", "subnet-a/b"), ("subnet-a", "sg-a")],
    "SecurityGroupId": [("sg-a", "sg-"), ("sg-a.b", "sg-a/b"), ("sg-a", "subnet-a")],
    "ConfigKey": [("core.x", "core.x."), ("a1", "1a"), ("a_", "A_"), ("a.b_", "a-b_")],
    "ConfigValue": [(" ", "\x1f"), ("~", "\x7f"), ("a b", "a\nb"), ("e", "é")],
    "KmsKey": [(HEX, HEX[:-1]), (f"key/{HEX}", f"keys/{HEX}"), (HEX, HEX.upper()),
               (f"arn:aws-cn:kms:cn-north-1:1:key/{HEX}", f"arn:aws-cn:kms:cn-north:1:key/{HEX}")],
    "AirflowVersion": [("2.11.2", "2.11-2"), ("3.0.0rc1", "3.0.0RC1")],
    "WeeklyMaintenanceWindowStart": [("SUN:23:30", "SUN:24:30"), ("MON:00:00", "MON:00:15"), ("TUE:09:30", "DIE:09:30"),
                                     ("WED:19:00", "WED:9:00")],
    "TagKey": [("a b_.:/=+-@", "a;b"), ("データ", "デ、タ"), ("٣", "!"), ("\u3000", "\t")],
    "TagValue": [("a b_.:/=+-@", "a;b"), ("データ", "デ、タ"), ("٣", "!"), ("\u3000", "\t")],
    "IdentityCenterStartUrl": [("https://x", "https://"), ("https://x", "http://x")],
    "IdentityCenterIdentityStoreId": [("d-0123456789", "d-012345678"), ("d-abcdef0123", "d-abcdef012g"),
                                      (HEX, HEX[1:])],
    "TeamNameString": [("a_-", "a.-"), ("9aa", "_aa")],
}  # fmt: skip

Path = tuple[str, ...]  # member names, "[]" for an element, "{k}" and "{v}" for a map's key and value


def leaves(shape: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every shape below the input, with the way to it."""
    if path:
        yield path, shape
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from leaves(member, (*path, name))
    elif shape.type_name == "list":
        yield from leaves(shape.member, (*path, "[]"))
    elif shape.type_name == "map":
        yield from leaves(shape.key, (*path, "{k}"))
        yield from leaves(shape.value, (*path, "{v}"))


def least(shape: Any) -> Any:
    """The smallest value that fits."""
    low = shape.metadata.get("min", 0)
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else FITTING[shape.name](max(low, 1))
    if shape.type_name == "integer":
        return max(low, 1)
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "list":
        return [least(shape.member)] * low
    if shape.type_name == "map":
        return {least(shape.key): least(shape.value)}
    return {name: least(shape.members[name]) for name in shape.required_members}


def placed(shape: Any, path: Path, value: Any) -> Any:
    """The smallest value of `shape` that holds `value` at `path`."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if head == "[]":
        found = [least(shape.member)] * max(shape.metadata.get("min", 1), 1)
        return [*found[1:], placed(shape.member, rest, value)]
    if head == "{k}":
        return {placed(shape.key, rest, value): least(shape.value)}
    if head == "{v}":
        return {least(shape.key): placed(shape.value, rest, value)}
    return {**least(shape), head: placed(shape.members[head], rest, value)}


def sized(shape: Any, size: int) -> Any:
    """A value of that many characters, elements or names, otherwise right."""
    if shape.type_name == "string":
        return FITTING[shape.name](size)
    if shape.type_name == "list":
        return [least(shape.member)] * size
    return {FITTING[shape.key.name](4) + str(number).rjust(3, "0"): least(shape.value) for number in range(size)}


def cases() -> Iterator[tuple[str, Path, Any, Any]]:
    """(which constraint, where, just inside, just outside)."""
    for path, shape in leaves(MODEL):
        meta, name = shape.metadata, ".".join(path)
        number = shape.type_name == "integer"
        if (low := meta.get("min", 0)) > 0:
            inside = low if number else sized(shape, low)
            outside = low - 1 if number else "a" * (low - 1) if shape.type_name == "string" else sized(shape, low - 1)
            yield f"{name} min {low}", path, inside, outside
        if (high := meta.get("max")) is not None:
            inside, outside = (high, high + 1) if number else (sized(shape, high), sized(shape, high + 1))
            yield f"{name} max {high}", path, inside, outside
        for count, (right, wrong) in enumerate(PATTERNS[shape.name] if meta.get("pattern") else []):
            yield f"{name} pattern {count}", path, right, wrong
        for choice in shape.enum if shape.type_name == "string" and shape.enum else []:
            yield f"{name} is {choice}", path, choice, choice.lower()
        if shape.type_name == "structure":
            full = {member: least(shape.members[member]) for member in shape.members}
            for needed in shape.required_members:
                rest = {member: item for member, item in full.items() if member != needed}
                yield f"{name} needs {needed}", path, full, rest
            yield f"{name} knows no others", path, full, {**full, "Colour": "red"}
        kinds = {"integer": "1", "boolean": "yes", "string": 1, "list": "a", "map": ["a"], "structure": ["a"]}
        if path[-1] not in ("{k}",):
            yield f"{name} is a {shape.type_name}", path, least(shape), kinds[shape.type_name]


ALL = {name: (path, inside, outside) for name, path, inside, outside in cases()}


def sandbox_refuses(request: dict[str, Any]) -> bool:
    try:
        strict.check_request("CreateEnvironment", request)
    except Exception:  # whatever it is, it is a refusal
        return True
    return False


def botocore_refuses(request: dict[str, Any]) -> str:
    return str(ParamValidator().validate(request, MODEL).generate_report())


@pytest.mark.parametrize("name", ALL)
def test_just_inside_and_just_outside(name: str) -> None:
    path, inside, outside = ALL[name]
    member, shape = path[0], MODEL.members[path[0]]
    right, wrong = (placed(shape, path[1:], value) for value in (inside, outside))
    assert shapes.problems(member, right) == []
    assert shapes.problems(member, wrong) != []
    whole = least(MODEL)
    assert not sandbox_refuses({**whole, member: right})
    assert not botocore_refuses({**whole, member: right})
    refuses = botocore_refuses if name.endswith("knows no others") else sandbox_refuses
    assert refuses({**whole, member: wrong})


@pytest.mark.parametrize("name", MODEL.required_members)
def test_a_request_without_a_required_member_is_refused(name: str) -> None:
    whole = least(MODEL)
    assert shapes.request_problems(whole) == []
    del whole[name]
    assert name in " ".join(shapes.request_problems(whole))
    assert sandbox_refuses(whole)


def test_no_constraint_of_the_model_is_forgotten() -> None:
    """Whatever a newer model adds fails here first, or in `cases`, which knows no value for it."""
    known = {"min", "max", "pattern", "enum", "required", "sensitive"}
    used = {word for _path, shape in leaves(MODEL) for word in shape.metadata}
    assert used <= known
    patterned = {shape.name for _path, shape in leaves(MODEL) if shape.metadata.get("pattern")}
    assert patterned == set(PATTERNS)
    assert len(ALL) > 200
