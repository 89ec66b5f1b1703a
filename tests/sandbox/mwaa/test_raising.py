"""`up` for one environment, over fake runtimes; and which version the demo starts with."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox import demo
from mwaa_wizard.sandbox.airflow import versions
from mwaa_wizard.sandbox.raising import Raiser
from tests.sandbox.mwaa.conftest import World
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION


class WithMwaa:
    """The world's clients and its MWAA API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def client(self, service: str, region: str, account: str = "") -> Any:
        return self._world.client if service == "mwaa" else self._world.aws.client(service, region)


def raise_one(world: World, name: str, version: str, said: list[str] | None = None) -> None:
    raiser = Raiser(world.service, WithMwaa(world), ACCOUNT, REGION)
    raiser.raise_environment(name, version, "none", (said if said is not None else []).append)


def test_up_makes_everything_around_it(world: World) -> None:
    raise_one(world, "new", "2.8.1")
    view = world.settle("new")
    assert view["Status"] == "AVAILABLE"
    assert view["ExecutionRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/mwaa-new"
    assert view["SourceBucketArn"] == f"arn:aws:s3:::airflow-new-{ACCOUNT}-{REGION}"
    assert world.plan.made[0].credentials()["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_up_of_a_version_that_mwaa_no_longer_creates(world: World) -> None:
    old = next(version for version in versions.supported() if versions.parse(version) != (2, 8, 1))
    raise_one(world, "old", old)
    assert world.settle("old")["AirflowVersion"] == old


def test_up_keeps_what_runs(world: World) -> None:
    raise_one(world, "new", "2.8.1")
    said: list[str] = []
    raise_one(world, "new", "2.8.1", said)
    assert len(world.plan.made) == 1
    assert "left as it is" in said[0]
    with pytest.raises(WizardError, match=r"already has new, with Airflow 2\.8\.1"):
        raise_one(world, "new", "2.11.2")


def test_up_of_an_unknown_version(world: World) -> None:
    with pytest.raises(WizardError, match=r"2\.99\.0 cannot run") as info:
        raise_one(world, "new", "2.99.0")
    assert "2.8.1" in info.value.remedy
    assert world.service.environments() == []


def test_up_tells_why_creation_failed(world: World) -> None:
    world.plan.fail["create"] = OSError("disk full")
    with pytest.raises(WizardError, match="disk full") as info:
        raise_one(world, "new", "2.8.1")
    assert info.value.code == "INTERNAL_ERROR"


def test_up_makes_a_failed_environment_again(world: World) -> None:
    world.plan.fail["create"] = OSError("disk full")
    with pytest.raises(WizardError, match="disk full"):
        raise_one(world, "new", "2.8.1")
    world.plan.fail.clear()
    said: list[str] = []
    raise_one(world, "new", "2.11.2", said)
    view = world.settle("new")
    assert (view["Status"], view["AirflowVersion"]) == ("AVAILABLE", "2.11.2")
    assert "making it again" in said[0]


def test_up_makes_no_environment_when_its_airflow_cannot_be_installed(world: World) -> None:
    def prepare(version: str, progress: object) -> None:
        raise WizardError(what=f"no index for {version}", remedy="check it")

    raiser = Raiser(world.service, WithMwaa(world), ACCOUNT, REGION, prepare)
    with pytest.raises(WizardError, match=r"no index for 2\.8\.1") as info:
        raiser.raise_environment("new", "2.8.1", "none", lambda text: None)
    assert info.value.remedy == "check it"
    assert world.service.environments() == []


def test_up_of_a_name_mwaa_refuses(world: World) -> None:
    with pytest.raises(WizardError, match="refused to create") as info:
        raise_one(world, "n" * 81, "2.8.1")
    assert info.value.code == "ValidationException"


@pytest.mark.parametrize(
    ("runnable", "chosen"),
    [
        (["2.7.2", "2.8.1", "2.10.3", "2.11.2"], "2.8.1"), (["2.10.3", "2.11.0", "2.11.2"], "2.10.3"),
        (["2.7.2", "2.11.2"], "2.7.2"), (["2.6.3", "3.0.6", "2.11.2"], "2.11.2"), ([], "2.11.2"),
    ],
)  # fmt: skip
def test_the_demo_takes_the_nearest_version_this_machine_runs(
    monkeypatch: pytest.MonkeyPatch, runnable: list[str], chosen: str
) -> None:
    monkeypatch.setattr(versions, "runnable", lambda: runnable)
    assert demo.source_version() == chosen
