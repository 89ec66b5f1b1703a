"""The planner against the table of all pairs."""

from __future__ import annotations

import pytest

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.routes import Request, plan
from mwaa_wizard.environments.routes.model import Kind
from tests.environments.routes import table

TABLES: dict[Kind, str] = {
    "in-place": table.IN_PLACE,
    "new-environment": table.NEW_ENVIRONMENT,
    "bridge": table.BRIDGE,
    "settings-only": table.SETTINGS_ONLY,
}
LETTERS: dict[Kind | None, str] = {
    "in-place": "i", "new-environment": "n", "bridge": "b", "settings-only": "s", None: "-",
}  # fmt: skip
WAYS = {".": "{target}", "2": "2.11.2 {target}", "v": "2.11.2 {target}"}


def test_the_table_has_all_known_versions() -> None:
    assert [row.version for row in reversed(versions.known())] == table.VERSIONS


@pytest.mark.parametrize("kind", TABLES)
def test_all_pairs(kind: Kind) -> None:
    wrong = []
    for (source, target), letter in table.cells(TABLES[kind]).items():
        route = plan(Request(source, target)).of(kind)
        if letter in WAYS:
            good = route.possible and bool(route.steps)
            if kind == "in-place":
                good = good and " ".join(step.after for step in route.steps) == WAYS[letter].format(target=target)
        else:
            words, origin = table.REASONS[letter]
            good = any(words in reason.text and origin in reason.source for reason in route.blocked)
            good = good and not route.possible and not route.steps
        if not good:
            wrong.append((source, target, letter, [reason.text for reason in route.blocked]))
    assert wrong == []


def test_all_recommendations() -> None:
    wrong = []
    for (source, target), letter in table.cells(table.RECOMMENDED).items():
        best = plan(Request(source, target)).recommended
        if LETTERS[best.kind if best else None] != letter:
            wrong.append((source, target, letter, best and best.kind))
    assert wrong == []


@pytest.mark.parametrize("source", [*table.VERSIONS, "1.10.15"])
def test_a_self_managed_source_is_never_changed_in_place_but_moves_as_any_other(source: str) -> None:
    for target in table.VERSIONS:
        own = plan(Request(source, target, self_managed=True))
        assert any("self-managed" in reason.text for reason in own.of("in-place").blocked)
        twin = "1.10.12" if source == "1.10.15" else source
        there = plan(Request(twin, target))
        for kind in ("new-environment", "bridge", "settings-only"):
            assert own.of(kind).possible == there.of(kind).possible, (source, target, kind)


def test_another_place_takes_a_new_environment() -> None:
    for source in table.VERSIONS:
        for target in table.VERSIONS:
            found = plan(Request(source, target, elsewhere=True))
            assert any("VPC" in reason.text for reason in found.of("in-place").blocked)


def test_every_reason_is_told_not_only_the_first() -> None:
    blocked = plan(Request("3.3.1", "3.0.6", self_managed=True, elsewhere=True)).of("in-place").blocked
    assert len(blocked) == 2
    into_3 = plan(Request("3.0.6", "3.3.1")).of("new-environment").blocked
    assert [reason.text[:7] for reason in into_3] == ["History", "Tasks o"]
