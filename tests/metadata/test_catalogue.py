"""What is moved, in which order, and what a choice of tables drags along."""

from __future__ import annotations

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.metadata import catalogue, schemas

BEFORE_3 = [version for version in schemas.versions() if not version.startswith("3.")]


@pytest.mark.parametrize("version", BEFORE_3)
def test_load_order_satisfies_every_foreign_key(version: str) -> None:
    order = catalogue.names()
    for name in order:
        for key in schemas.load(version)["tables"].get(name, {}).get("foreign_keys", []):
            parent = key["table"]
            if parent in order:
                assert order.index(parent) < order.index(name)
            else:
                assert parent in catalogue.REFUSED


@pytest.mark.parametrize("version", [version for version in BEFORE_3 if version >= "2.4" or version.startswith("2.1")])
def test_keys_are_columns_of_the_bundle(version: str) -> None:
    for table in catalogue.TABLES:
        there = dict.fromkeys(schemas.columns(version, table.name), "")
        assert not there or set(table.keys) <= set(schemas.exported(table.name, there))
        assert not there or table.date_column is None or table.date_column in there


def test_closure_adds_every_parent_in_load_order() -> None:
    assert catalogue.closure(["xcom"]) == ["dag_run", "task_instance", "xcom"]
    assert catalogue.closure(["log", "variable"]) == ["variable", "log"]
    assert catalogue.closure([]) == []
    assert catalogue.closure(catalogue.names()) == catalogue.names()


def test_the_default_choice_is_closed() -> None:
    assert catalogue.closure(catalogue.selected_default()) == catalogue.selected_default()


def test_a_table_left_alone_is_refused_with_its_reason() -> None:
    with pytest.raises(WizardError, match="Encrypted with the source's key"):
        catalogue.closure(["trigger"])
    with pytest.raises(WizardError, match="not moved"):
        catalogue.info("nonsense")
    assert not set(catalogue.REFUSED) & set(catalogue.names())
