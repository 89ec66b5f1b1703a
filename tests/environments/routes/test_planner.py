"""What survives, how long, at what cost; and what must hold for any request."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa_wizard.environments import facts, versions
from mwaa_wizard.environments.routes import ASSETS, KEEPABLE, KINDS, Request, plan
from mwaa_wizard.environments.routes.model import Asset, Kind
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from tests.environments.routes.table import VERSIONS
from tests.environments.test_facts import own

requests = st.builds(
    Request,
    source=st.sampled_from(VERSIONS),
    target=st.sampled_from(VERSIONS),
    self_managed=st.booleans(),
    elsewhere=st.booleans(),
    keep=st.frozensets(st.sampled_from(KEEPABLE)),
    region=st.sampled_from(["us-east-1", "sa-east-1", "eu-west-1"]),
    source_class=st.sampled_from(["mw1.micro", "mw1.medium", "mw9.own"]),
    target_class=st.sampled_from(["", "mw1.large"]),
    hours=st.none() | st.integers(0, 500),
)


@pytest.mark.parametrize(
    ("kind", "source", "target", "degrees"),
    [
        # history, logs, name, url, variables, connections, pools
        ("in-place", "2.8.1", "2.11.2", "yes yes yes yes yes yes yes"),
        ("in-place", "2.8.1", "3.3.1", "yes yes yes yes yes yes yes"),
        ("in-place", "2.2.2", "2.11.2", "yes partly yes yes yes yes yes"),
        ("in-place", "3.3.1", "2.11.2", "partly yes yes yes yes yes yes"),
        ("new-environment", "2.8.1", "2.11.2", "yes partly no no yes yes yes"),
        ("bridge", "1.10.12", "3.3.1", "yes partly no no yes yes yes"),
        ("settings-only", "2.10.3", "3.3.1", "no no no no yes partly yes"),
        ("settings-only", "3.0.6", "3.3.1", "no no no no partly partly yes"),
        ("settings-only", "2.2.2", "3.3.1", "no no no no yes partly no"),
    ],
)
def test_what_survives(kind: Kind, source: str, target: str, degrees: str) -> None:
    route = plan(Request(source, target)).of(kind)
    assert [item.asset for item in route.survives] == list(ASSETS)
    assert " ".join(item.degree for item in route.survives) == degrees


def test_logs_of_a_self_managed_source_stay_and_a_name_is_free_elsewhere() -> None:
    own_airflow = {i.asset: i.degree for i in plan(Request("2.8.1", "2.11.2", self_managed=True)).of(
        "new-environment").survives}  # fmt: skip
    away = {i.asset: i.degree for i in plan(Request("2.8.1", "2.11.2", elsewhere=True)).of("new-environment").survives}
    assert (own_airflow["logs"], own_airflow["name"]) == ("no", "no")
    assert (away["logs"], away["name"], away["url"]) == ("partly", "partly", "no")


@pytest.mark.parametrize(
    ("source", "target", "keep", "best"),
    [
        ("2.8.1", "3.3.1", "", "bridge"),
        ("2.8.1", "3.3.1", "history", "bridge"),
        ("2.8.1", "3.3.1", "logs", "in-place"),
        ("2.8.1", "3.3.1", "name url", "in-place"),
        ("1.10.12", "3.3.1", "history logs name url", "bridge"),
        ("2.5.1", "2.10.3", "history", "in-place"),
        ("3.0.6", "3.3.1", "history", "in-place"),
    ],
)
def test_what_must_be_kept_decides(source: str, target: str, keep: str, best: Kind) -> None:
    wishes: frozenset[Asset] = frozenset(name for name in KEEPABLE if name in keep.split())
    found = plan(Request(source, target, keep=wishes)).recommended
    assert found is not None
    assert found.kind == best


def test_wishes_that_are_not_met_are_named() -> None:
    route = plan(Request("1.10.12", "3.3.1", keep=frozenset({"name", "logs", "history"}))).of("bridge")
    assert (route.lost, route.cut) == (("name",), ("logs",))


def test_steps_of_a_bridge_and_their_pythons() -> None:
    steps = plan(Request("1.10.12", "3.3.1")).of("bridge").steps
    assert [(step.work, step.before, step.after, step.python) for step in steps] == [
        ("create", "", "2.11.2", "3.7 → 3.12"),
        ("history", "1.10.12", "2.11.2", ""),
        ("upgrade", "2.11.2", "3.3.1", ""),
    ]
    down = plan(Request("3.3.1", "2.9.2")).of("in-place").steps
    assert [(step.work, step.after) for step in down] == [("downgrade", "2.11.2"), ("downgrade", "2.9.2")]


def test_time_is_the_sum_of_the_steps() -> None:
    minutes = {row["name"]: (row["low"], row["high"]) for row in facts.load("durations")["minutes"]}
    found = plan(Request("2.8.1", "3.3.1"))
    twice = found.of("in-place").time
    bridge = found.of("bridge").time
    assert twice is not None
    assert bridge is not None
    assert (twice.low, twice.high) == (2 * minutes["upgrade"][0], 2 * minutes["upgrade"][1])
    assert bridge.high == minutes["create"][1] + minutes["history"][1] + minutes["upgrade"][1]
    assert bridge.basis


def test_cost_of_both() -> None:
    found = plan(Request("2.8.1", "2.11.2", source_class="mw1.small", target_class="mw1.medium", hours=48))
    over = found.of("new-environment").overlap
    assert over is not None
    assert (over.target_hour, over.extra, over.both) == (0.74, 35.52, 1.23)
    assert found.of("in-place").overlap is None
    alone = plan(Request("2.8.1", "2.11.2", self_managed=True)).of("new-environment").overlap
    assert alone is not None
    assert alone.both is None


def test_conflicting_documents_are_told() -> None:
    texts = [note.text for note in plan(Request("2.11.2", "3.3.1")).of("in-place").notes]
    assert any("contradict" in text for text in texts)
    assert not any("contradict" in note.text for note in plan(Request("2.8.1", "2.9.2")).of("in-place").notes)
    settings_notes = [note.text for note in plan(Request("2.2.2", "3.3.1")).of("settings-only").notes]
    assert any("InvokeRestApi needs 2.4.3" in text for text in settings_notes)


@pytest.mark.parametrize("version", ["", "three", "2", "2.9.2\x1b[31m", "0.9", "2.10.3; rm", "-1.2", "2.8.1rc1"])
def test_what_is_no_version_is_refused(version: str) -> None:
    for request in (
        Request(version, "2.11.2", listed_only=False),
        Request("2.8.1", version, listed_only=False),
    ):
        with pytest.raises(WizardError) as caught:
            plan(request)
        assert "not an Airflow version" in caught.value.what
        assert "\x1b" not in caught.value.what
        assert caught.value.exit_code == EXIT_USAGE


def test_unknown_versions_are_refused_plainly_or_taken_with_a_warning() -> None:
    with pytest.raises(WizardError) as caught:
        plan(Request("2.8.1", "3.4.0"))
    assert "3.4.0" in caught.value.what
    assert "3.3.1" in caught.value.remedy
    assert "--other" in caught.value.remedy
    with pytest.raises(WizardError):
        plan(Request("1.10.15", "2.11.2"))
    found = plan(Request("2.3.4", "3.4.0", listed_only=False, self_managed=True))
    assert len(found.warnings) == 2
    best = found.recommended
    assert best is not None
    assert best.kind == "bridge"


def test_rules_that_the_user_overrides_count() -> None:
    own("versions", {"versions": [{"version": "2.11.4", "python": "3.12"}, {"version": "3.4.0", "python": "3.13"}]})
    steps = plan(Request("2.11.2", "3.4.0")).of("in-place").steps
    assert [(step.before, step.after, step.python) for step in steps] == [
        ("2.11.2", "2.11.4", ""),
        ("2.11.4", "3.4.0", "3.12 → 3.13"),
    ]


def test_no_stepping_stone_no_way_to_3() -> None:
    own("versions", {"versions": [{"version": v, "creatable": False} for v in ("2.11.0", "2.11.2")]})
    found = plan(Request("2.10.3", "3.3.1"))
    assert not found.of("in-place").possible
    assert not found.of("bridge").possible
    best = found.recommended
    assert best is not None
    assert best.kind == "settings-only"


@settings(deadline=None)
@given(requests)
def test_what_holds_for_any_request(request: Request) -> None:
    found = plan(request)
    assert sorted(route.kind for route in found.routes) == sorted(KINDS)
    possible = [route.possible for route in found.routes]
    assert possible == sorted(possible, reverse=True)
    assert [route.recommended for route in found.routes] == [possible[0], False, False, False]
    for route in found.routes:
        assert all(reason.text and reason.source for reason in (*route.blocked, *route.notes))
        if not route.possible:
            assert not route.steps
            assert not route.survives
            continue
        assert {item.asset for item in route.survives} == set(ASSETS)
        assert all(item.why and item.source for item in route.survives)
        assert {*route.lost, *route.cut} <= request.keep
        assert route.steps[-1].after == request.target
        assert (route.steps[0].work == "create") == (route.kind != "in-place")
        assert route.time is not None
        assert 0 < route.time.low <= route.time.high
        assert (route.overlap is None) == (route.kind == "in-place" or (request.target_class or request.source_class)
                                           == "mw9.own")  # fmt: skip


@settings(deadline=None)
@given(requests)
def test_no_step_breaks_a_rule_of_mwaa(request: Request) -> None:
    creatable = versions.creatable()
    for route in plan(request).routes:
        at = request.source
        for step in route.steps:
            assert step.after in creatable
            if step.work in ("upgrade", "downgrade"):
                assert step.before == at
                here, there = versions.parse(step.before), versions.parse(step.after)
                assert (step.work == "upgrade") == (there > here)
                assert here[0] >= 2
                if here[0] < there[0]:
                    assert step.before == "2.11.2"
                if here[0] > there[0]:
                    assert step.after.startswith("2.11.")
            if step.work == "history":
                assert versions.parse(step.before) < (3,)
                assert versions.parse(step.before) <= versions.parse(step.after) < (3,)
            at = step.after


@settings(deadline=None)
@given(requests, st.sampled_from(KEEPABLE))
def test_a_wish_more_never_makes_a_way_possible_or_a_better_one_worse(request: Request, wish: Asset) -> None:
    import dataclasses

    more = dataclasses.replace(request, keep=request.keep | {wish})
    before, after = plan(request), plan(more)
    for kind in KINDS:
        assert before.of(kind).possible == after.of(kind).possible
        assert set(before.of(kind).lost) <= set(after.of(kind).lost)
    best = after.recommended
    if best is not None:
        assert all(len(best.lost) <= len(route.lost) for route in after.routes if route.possible)
