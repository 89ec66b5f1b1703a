"""Quotas: what Service Quotas says counts, then what is documented."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError
from botocore.session import get_session
from botocore.stub import Stubber

from mwaa_wizard.preflight import quotas
from tests.execution.fakes import REGION, Rig
from tests.preflight.world import one


def environments(rig: Rig, count: int) -> None:
    for number in range(len(rig.mwaa.environments), count):
        rig.mwaa.add(f"other-{number}", "b", "r")


def applied(rig: Rig, *rows: tuple[str, float], refuse: str = "") -> None:
    """Service Quotas answers this, as an account with raised (or no) quotas would be told."""
    client = get_session().create_client(
        "service-quotas", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="y"
    )
    stub = Stubber(client)
    for _time in range(2):
        if refuse:
            stub.add_client_error("list_service_quotas", refuse)
        else:
            found = [{"QuotaName": name, "Value": value} for name, value in rows]
            stub.add_response("list_service_quotas", {"Quotas": found}, {"ServiceCode": "airflow"})
    stub.activate()
    rig.clients.overrides["target", "service-quotas"] = client


def test_an_exhausted_quota_of_environments_fails(rig: Rig) -> None:
    environments(rig, 8)
    assert "8 of 10" in one(rig, quotas.target, "pass").evidence
    environments(rig, 9)
    one(rig, quotas.target, "warn")
    environments(rig, 10)
    told = one(rig, quotas.target, "fail")
    assert "10 of 10 environments in us-east-1 (Service Quotas)" in told.evidence
    assert "Service Quotas" in told.remedy


def test_a_raised_quota_counts(rig: Rig) -> None:
    environments(rig, 12)
    applied(rig, ("Workers per environment", 50.0), ("Number of environments", 20.0))
    assert "12 of 20" in one(rig, quotas.target, "pass").evidence


def test_the_target_itself_does_not_count(rig: Rig) -> None:
    environments(rig, 9)
    rig.mwaa.add("new", "b", "r")
    one(rig, quotas.target, "fail")
    rig.context("create-target").made("environment", "new")
    one(rig, quotas.target, "warn")


@pytest.mark.parametrize("refuse", ["AccessDeniedException", "NoSuchResourceException"])
def test_the_documented_quota_is_told_where_there_is_no_answer_and_blocks_nothing(rig: Rig, refuse: str) -> None:
    environments(rig, 10)
    rig.session.target.settings["MaxWorkers"] = 26
    applied(rig, refuse=refuse)
    told = one(rig, quotas.target, "warn")
    assert "10 of 10 environments in us-east-1 (documented" in told.evidence
    assert "has been raised" in told.remedy
    assert "26 of 25 workers (documented" in one(rig, quotas.target_workers, "warn").evidence


@pytest.mark.parametrize("problem", [EndpointConnectionError, ConnectTimeoutError])
def test_the_documented_quota_is_told_where_service_quotas_is_not_reached(
    rig: Rig, problem: type[EndpointConnectionError | ConnectTimeoutError]
) -> None:
    class Unreached:
        def get_paginator(self, _method: str) -> Any:
            raise problem(endpoint_url="https://servicequotas.us-east-1.amazonaws.com/")

    environments(rig, 10)
    rig.clients.overrides["target", "service-quotas"] = Unreached()
    assert "cannot be reached" in one(rig, quotas.target, "warn").evidence
    assert "cannot be reached" in one(rig, quotas.target_workers, "pass").evidence


def test_a_quota_that_service_quotas_does_not_list_is_the_documented_one(rig: Rig) -> None:
    rig.session.target.settings["MaxWorkers"] = 26
    applied(rig, ("Environments per Region", 10.0))
    assert "26 of 25 workers (documented)" in one(rig, quotas.target_workers, "warn").evidence


@pytest.mark.parametrize(("most", "verdict"), [(25, "pass"), (26, "fail"), (None, "pass")])
def test_workers(rig: Rig, most: Any, verdict: str) -> None:
    rig.session.target.settings["MaxWorkers"] = most
    assert "of 25 workers" in one(rig, quotas.target_workers, verdict).evidence


def test_a_raised_quota_of_workers_counts(rig: Rig) -> None:
    rig.session.target.settings["MaxWorkers"] = 50
    applied(rig, ("Environments per Region", 10.0), ("Maximum workers per environment", 50.0))
    assert "50 of 50 workers (Service Quotas)" in one(rig, quotas.target_workers, "pass").evidence
