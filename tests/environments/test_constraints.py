"""Every bound, pattern, enum and required member of CreateEnvironmentInput, walked from botocore's model: the
wizard's own check takes the value just inside and tells what to do about the one just outside, as the service would.
"""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.environments import shapes
from mwaa_wizard.environments.wording import pattern_words
from tests.sandbox.mwaa.test_constraints import (
    BASE,
    LEAVES,
    OF_LENGTH,
    RIGHT,
    ROOT,
    SIZED,
    WRONG,
    accepted,
    put,
    sample,
    stretched,
)

PATTERNED = [(path, shape) for path, shape in LEAVES if shape.type_name == "string" and shape.name in WRONG]


def told(request: dict[str, Any]) -> str:
    """What the wizard says against a request; it and the service must be of one mind."""
    found = shapes.request_problems(request)
    assert bool(found) != accepted(request), found
    return " ".join(found)


def value(shape: Any, size: int) -> Any:
    """A value of that size: a number, a text's length, a list's or map's count."""
    if shape.type_name == "integer":
        return size
    return OF_LENGTH[shape.name](size)[:size] if shape.type_name == "string" else stretched(shape, size)


@pytest.mark.parametrize(("path", "shape", "bound"), SIZED, ids=lambda item: item if isinstance(item, str) else None)
def test_bounds(path: tuple[str, ...], shape: Any, bound: str) -> None:
    limit = int(shape.metadata[bound])
    if bound == "max" or shape.type_name != "string":  # shorter than a pattern's own beginning is no case of its own
        assert told(put(path, value(shape, limit))) == ""
    said = told(put(path, value(shape, limit + 1 if bound == "max" else limit - 1)))
    assert ".".join(path) in said
    assert (str(limit) if limit > 1 or bound == "max" or shape.type_name != "string" else "is empty") in said, said


@pytest.mark.parametrize(("path", "shape"), PATTERNED, ids=lambda item: ".".join(item) if type(item) is tuple else "")
def test_patterns(path: tuple[str, ...], shape: Any) -> None:
    general = pattern_words("a shape that no model has")
    for text in [*RIGHT.get(shape.name, []), sample(shape)]:
        assert told(put(path, text)) == ""
    for text in WRONG[shape.name]:
        said = told(put(path, text))
        assert ".".join(path) in said
        assert general not in said  # every pattern of today's model has words of its own


def test_every_pattern_of_the_model_is_told_in_words() -> None:
    names = {shape.name for _path, shape in LEAVES if shape.metadata.get("pattern") not in (None, ".*")}
    inner = {"SubnetId", "SecurityGroupId", "ConfigKey", "ConfigValue", "TagKey", "TagValue", "TeamNameString"}
    general = pattern_words("a shape that no model has")
    assert {name for name in names | inner if pattern_words(name) == general} == set()


@pytest.mark.parametrize("path", [path for path, shape in LEAVES if shape.type_name == "string" and shape.enum])
def test_enums(path: tuple[str, ...]) -> None:
    shape = next(shape for known, shape in LEAVES if known == path)
    for word in shape.enum:
        assert told(put(path, word)) == ""
        assert ", ".join(shape.enum) in told(put(path, word.lower()))


@pytest.mark.parametrize("name", ROOT.required_members)
def test_required(name: str) -> None:
    assert told(BASE) == ""
    assert f"{name}: this is required" in told({key: item for key, item in BASE.items() if key != name})


@pytest.mark.parametrize("path", [path for path, shape in LEAVES if shape.type_name in ("integer", "boolean", "map")])
def test_wrong_types(path: tuple[str, ...]) -> None:
    found = shapes.request_problems(put(path, "text"))
    assert any("must be" in text and ".".join(path) in text for text in found), found
