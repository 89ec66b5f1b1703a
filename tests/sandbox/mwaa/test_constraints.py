"""Every constraint of CreateEnvironmentInput, just inside and just outside, against botocore's own numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa_wizard.sandbox.mwaa import shapes
from mwaa_wizard.sandbox.mwaa.errors import SerializationException, ValidationException
from tests.sandbox.mwaa.conftest import World

BASE: dict[str, Any] = {
    "Name": "prod",
    "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r",
    "SourceBucketArn": "arn:aws:s3:::b",
    "DagS3Path": "dags",
    "NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
}
UUID = "12345678-1234-1234-1234-123456789012"


def padded(prefix: str) -> Callable[[int], str]:
    return lambda length: prefix + "a" * (length - len(prefix))


# A valid string of a given length for every string shape with a pattern; whole values where the pattern fixes them.
OF_LENGTH: dict[str, Callable[[int], str]] = {
    "EnvironmentName": padded("a"),
    "IamRoleArn": padded("arn:aws:iam::123456789012:role/"),
    "S3BucketArn": padded("arn:aws:s3:::"),
    "RelativePath": padded(""),
    "S3ObjectVersion": padded(""),
    "SubnetId": padded("subnet-"),
    "SecurityGroupId": padded("sg-"),
    "ConfigKey": padded("a"),
    "ConfigValue": padded(""),
    "EnvironmentClass": padded(""),
    "AirflowVersion": padded(""),
    "KmsKey": padded("alias/"),
    "TagKey": padded(""),
    "TagValue": padded(""),
    "IdentityCenterStartUrl": padded("https://"),
    "TeamNameString": padded("a"),
}
WRONG: dict[str, list[str]] = {
    "EnvironmentName": ["1prod", "-a", "a.b", "a b", "é"],
    "IamRoleArn": ["arn:aws:iam::12345678901:role/r", "arn:aws:iam::123456789012:user/r", "role/r"],
    "S3BucketArn": ["arn:aws:s3:::Upper", "arn:aws:s3:::b/key", "s3://b"],
    "SubnetId": ["net-1", "subnet-a/b"],
    "SecurityGroupId": ["group-1", "sg-ä"],
    "ConfigKey": ["Core.x", "core.", "1core", "core x"],
    "ConfigValue": ["two\nlines", "日本", "tab\t"],
    "AirflowVersion": ["2.8.1-rc", "V2", "2,8"],
    "KmsKey": [UUID[:-1], "key/xyz", UUID.replace("1", "g")],
    "WeeklyMaintenanceWindowStart": ["SUN:24:00", "SUN:01:15", "XXX:01:00", "sun:01:00"],
    "TagKey": ["a\nb", "a!b", "a%"],
    "TagValue": ["#", "a;b"],
    "IdentityCenterStartUrl": ["http://x", "ftp://y"],
    "IdentityCenterIdentityStoreId": ["d-123", "zzz"],
    "TeamNameString": ["-ab", "a b c"],
}
RIGHT: dict[str, list[str]] = {
    "KmsKey": [UUID, f"key/{UUID}", f"arn:aws:kms:us-east-1:123456789012:key/{UUID}", "alias/x"],
    "WeeklyMaintenanceWindowStart": ["SUN:23:30", "MON:00:00"],
    "TagValue": ["日本語 値", "a@b:c/d"],
    "IamRoleArn": ["arn:aws-cn:iam::123456789012:role/service-role/x"],
    "IdentityCenterIdentityStoreId": ["d-1234567890"],
}
LISTED = {"SubnetList", "SecurityGroupList"}


def leaves(shape: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path to set, shape) of every member, descending into structures, first elements and map values."""
    yield path, shape
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from leaves(member, (*path, name))


def sample(shape: Any) -> Any:
    """Some valid value."""
    if shape.type_name == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        count = max(1, shape.metadata.get("min", 1))
        return [sample(shape.member)] * count
    if shape.type_name == "map":
        return {sample(shape.key): sample(shape.value)}
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "integer":
        return max(1, shape.metadata.get("min", 1))
    if shape.enum:
        return shape.enum[0]
    if shape.name in RIGHT:
        return RIGHT[shape.name][0]
    least = {"TeamNameString": 3}.get(shape.name, 1)
    maker = OF_LENGTH.get(shape.name, padded(""))
    return maker(max(least, len(maker(0)) + 1))


def put(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """BASE with one member set; the structures on the way get their required members."""
    params = copy.deepcopy(BASE)
    shape: Any = shapes.service_model().operation_model("CreateEnvironment").input_shape
    place: Any = params
    for name in path[:-1]:
        shape = shape.members[name]
        place = place.setdefault(name, sample(shape))
    place[path[-1]] = value
    return params


ROOT = shapes.service_model().operation_model("CreateEnvironment").input_shape
LEAVES = [(path, shape) for path, shape in leaves(ROOT) if path]


def accepted(params: dict[str, Any]) -> bool:
    try:
        shapes.check_request("CreateEnvironment", params)
    except ValidationException:
        return False
    return True


def stretched(shape: Any, count: int) -> Any:
    """A list or map of `count` members."""
    if shape.type_name == "list":
        return [sample(shape.member)] * count
    names = [f"a{index:03d}" for index in range(count)]
    return {name: sample(shape.value) for name in names}


SIZED = [
    (path, shape, bound)
    for path, shape in LEAVES
    for bound in ("min", "max")
    if bound in shape.metadata and shape.type_name in ("string", "list", "map", "integer") and shape.metadata[bound] > 0
    and (shape.type_name != "string" or shape.name in OF_LENGTH)
]  # fmt: skip


@pytest.mark.parametrize(("path", "shape", "bound"), SIZED, ids=lambda value: value if isinstance(value, str) else None)
def test_bounds(path: tuple[str, ...], shape: Any, bound: str) -> None:
    limit = int(shape.metadata[bound])
    beyond = limit + 1 if bound == "max" else limit - 1

    def value(size: int) -> Any:
        if shape.type_name == "integer":
            return size
        if shape.type_name == "string":
            return OF_LENGTH[shape.name](size) if bound == "max" else OF_LENGTH[shape.name](size)[:size]
        return stretched(shape, size)

    if bound == "max" or shape.type_name != "string":
        assert accepted(put(path, value(limit)))
    assert not accepted(put(path, value(beyond)))


def test_the_bounds_cover_what_the_model_has() -> None:
    unbounded = {
        shape.name for _path, shape in LEAVES
        if shape.type_name == "string" and {"min", "max"} & set(shape.metadata) and shape.name not in OF_LENGTH
    }  # fmt: skip
    assert unbounded <= {"WeeklyMaintenanceWindowStart", "IdentityCenterIdentityStoreId"}
    assert len(SIZED) > 25


@pytest.mark.parametrize("shape_name", sorted(WRONG))
def test_patterns(shape_name: str) -> None:
    shape = shapes.service_model().shape_for(shape_name)
    for text in WRONG[shape_name]:
        checker = shapes._Checker(answer=False)
        checker.check(shape, text, "x")
        assert checker.problems, text
    for text in [*RIGHT.get(shape_name, []), sample(shape)]:
        checker = shapes._Checker(answer=False)
        checker.check(shape, text, "x")
        assert not checker.problems, text


@pytest.mark.parametrize("path", [path for path, shape in LEAVES if shape.type_name == "string" and shape.enum])
def test_enums(path: tuple[str, ...]) -> None:
    shape = next(shape for known, shape in LEAVES if known == path)
    for word in shape.enum:
        assert accepted(put(path, word))
        assert not accepted(put(path, word.lower()))


@pytest.mark.parametrize("name", ROOT.required_members)
def test_required(name: str) -> None:
    assert accepted(BASE)
    assert not accepted({key: value for key, value in BASE.items() if key != name})
    assert not accepted({**BASE, name: None})


@pytest.mark.parametrize("path", [path for path, shape in LEAVES if shape.type_name in ("integer", "boolean", "map")])
def test_wrong_json_types(path: tuple[str, ...]) -> None:
    with pytest.raises(SerializationException):
        shapes.check_request("CreateEnvironment", put(path, "text"))


def test_secret_values_are_not_repeated_in_the_message() -> None:
    params = {**BASE, "AirflowConfigurationOptions": {"core.x": "hush\nhush"}}
    with pytest.raises(ValidationException) as info:
        shapes.check_request("CreateEnvironment", params)
    assert "hush" not in info.value.message
    assert info.value.message.startswith("1 validation error detected: Value")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ValidationException) as info:
        shapes.check_request("CreateEnvironment", {**BASE, "Name": "1", "MaxWorkers": 0})
    assert info.value.message.startswith("2 validation errors detected: ")


@given(st.text(max_size=100))
def test_names_as_the_model_says(name: str) -> None:
    import re

    wanted = bool(re.fullmatch(r"[a-zA-Z][0-9a-zA-Z\-_]*", name)) and 1 <= len(name) <= 80
    assert accepted({**BASE, "Name": name}) == wanted


def test_constraints_reach_the_wire(world: World) -> None:
    from botocore.exceptions import ClientError

    wrong: list[dict[str, Any]] = [
        {"Name": "a" * 81}, {"Schedulers": 6}, {"AirflowVersion": "2.8.1-rc"}, {"Tags": {}},
    ]  # fmt: skip
    for changes in wrong:
        with pytest.raises(ClientError) as info:
            world.client.create_environment(**world.settings(**{"name": "prod", **_named(changes)}))
        assert info.value.response["Error"]["Code"] == "ValidationException"
    assert world.service.environments() == []


def _named(changes: dict[str, Any]) -> dict[str, Any]:
    return {{"Name": "name", "AirflowVersion": "version"}.get(key, key): value for key, value in changes.items()}
