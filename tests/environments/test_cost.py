"""Costs from the dated price table. Prices: AWS Price List, AmazonMWAA, us-east-1, read 2026-08."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa_wizard.environments import cost, versions

CLASSES = ["mw1.micro", "mw1.small", "mw1.medium", "mw1.large", "mw1.xlarge", "mw1.2xlarge"]


@pytest.mark.parametrize(
    ("name", "hour", "month"),
    [
        ("mw1.micro", 0.29, 211.70),
        ("mw1.small", 0.49, 357.70),
        ("mw1.medium", 0.74, 540.20),
        ("mw1.large", 0.99, 722.70),
        ("mw1.xlarge", 1.98, 1445.40),
        ("mw1.2xlarge", 3.96, 2890.80),
    ],
)
def test_a_month_of_730_hours(name: str, hour: float, month: float) -> None:
    found = cost.cost(name, "us-east-1")
    assert found is not None
    assert (found.hour, found.month, found.notes) == (hour, month, ())
    assert versions.price_per_month(name) == month


def test_what_is_in_the_base_price_costs_nothing_more() -> None:
    base = cost.cost("mw1.medium", "us-east-1")
    assert cost.cost("mw1.medium", "us-east-1", workers=1, schedulers=2, webservers=2) == base
    more = cost.cost("mw1.medium", "us-east-1", workers=3, schedulers=3, webservers=3, storage_gb=10)
    assert base is not None
    assert more is not None
    assert more.hour == pytest.approx(0.74 + 2 * 0.11 + 0.11 + 0.055)
    assert more.month == pytest.approx(more.hour * 730 + 1.0)


def test_micro_includes_one_of_each() -> None:
    assert cost.cost("mw1.micro", "us-east-1", workers=1, schedulers=1, webservers=1) == cost.cost(
        "mw1.micro", "us-east-1"
    )


def test_weak_sources_are_marked() -> None:
    small = cost.cost("mw1.small", "us-east-1", webservers=3)
    huge = cost.cost("mw1.2xlarge", "us-east-1", workers=2, webservers=3)
    assert small is not None
    assert huge is not None
    assert any("web servers is poorly documented" in note for note in small.notes)
    assert any("workers is poorly documented" in note for note in huge.notes)
    assert any("no price is known" in note for note in huge.notes)


def test_regions() -> None:
    base, brazil, nowhere = (cost.cost("mw1.small", name) for name in ("us-east-1", "sa-east-1", "eu-nowhere-9"))
    assert base is not None
    assert brazil is not None
    assert nowhere is not None
    assert brazil.hour == pytest.approx(0.49 * 1.72, abs=1e-4)
    assert "poorly documented" in brazil.notes[0]
    assert nowhere.hour == base.hour
    assert "us-east-1" in nowhere.notes[0]


def test_a_class_without_a_price_has_no_cost() -> None:
    assert cost.cost("mw2.huge", "us-east-1") is None


def test_a_day_of_both() -> None:
    target, source = cost.cost("mw1.medium", "us-east-1"), cost.cost("mw1.small", "us-east-1")
    assert target is not None
    both = cost.overlap(target, source)
    assert (both.hours, both.target_hour, both.extra, both.both) == (24, 0.74, 17.76, 1.23)
    assert both.notes == ()
    alone = cost.overlap(target, None, hours=0)
    assert (alone.extra, alone.both) == (0, None)
    assert "not known" in alone.notes[0]
    with pytest.raises(ValueError):
        cost.overlap(target, hours=-1)


def test_beside() -> None:
    target, source = cost.cost("mw1.medium", "us-east-1"), cost.cost("mw1.small", "us-east-1")
    assert target is not None
    assert cost.beside(source, target).difference == 182.50
    assert cost.beside(None, target).difference is None


@pytest.mark.parametrize(
    ("amount", "text"),
    [(1445.4, "$1,445.40"), (0.49, "$0.49"), (0, "$0.00"), (-3.5, "-$3.50"), (-0.001, "$0.00")],
)
def test_money(amount: float, text: str) -> None:
    assert cost.money(amount) == text


@given(
    name=st.sampled_from(CLASSES),
    region=st.sampled_from(["us-east-1", "us-west-2", "sa-east-1", "eu-west-1", "", "x y\x1b[2J"]),
    workers=st.none() | st.integers(0, 50),
    webservers=st.none() | st.integers(0, 5),
    storage=st.floats(0, 10_000),
)
def test_more_never_costs_less(
    name: str, region: str, workers: int | None, webservers: int | None, storage: float
) -> None:
    found = cost.cost(name, region, workers=workers, webservers=webservers, storage_gb=storage)
    base = cost.cost(name, region)
    assert found is not None
    assert base is not None
    assert found.hour >= base.hour > 0
    assert found.month >= base.month
    assert "\x1b" not in "".join(found.notes)
