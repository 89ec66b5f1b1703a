"""Each check asks its own side only: the other account may not even have heard of what is looked at."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.aws.factory import Identity, Side
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import buckets, roles, subnets
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight.world import keep_role_and_bucket, one, tell

ALLOWED = {"source": {("source", "*")}, "target": {("target", "*"), ("source", "mwaa")}}


@pytest.fixture
def asked(furnished: Rig, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """(side, service) of every client that is made."""
    seen: set[tuple[str, str]] = set()
    real = furnished.clients.client

    def client(side: Side, service: str) -> Any:
        seen.add((side, service))
        return real(side, service)

    monkeypatch.setattr(furnished.clients, "client", client)
    return seen


def test_no_check_asks_the_other_side(furnished: Rig, asked: set[tuple[str, str]]) -> None:
    for own_role in (True, False):
        furnished.session.target.create_role = furnished.session.target.create_bucket = own_role
        for name, check in preflight.checks(furnished.session):
            side = name.split()[0]
            if side not in ALLOWED:
                continue  # credentials and tables are of both or none
            asked.clear()
            tell(furnished, check)
            strays = {(s, svc) for s, svc in asked if not {(s, svc), (s, "*")} & ALLOWED[side]}
            assert strays == set(), name


def test_what_the_source_has_is_not_taken_for_the_targets(furnished: Rig) -> None:
    """A session into another account that keeps the source's role: told plainly, whatever that account has."""
    keep_role_and_bucket(furnished)
    furnished.clients._identities["source"] = Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "aws", REGION)
    furnished.clients._identities["target"] = Identity("999900001111", "arn:aws:iam::999900001111:root", "aws", REGION)
    assert "is not of account 999900001111" in one(furnished, roles.target_trust, "fail").evidence
    one(furnished, roles.source_trust, "pass")
    one(furnished, buckets.source, "pass")
    told = one(furnished, subnets.target, "fail")  # another account's subnets, shared at best
    assert f"shared by account {ACCOUNT}" in told.evidence
    furnished.session.target.settings["EndpointManagement"] = "CUSTOMER"
    one(furnished, subnets.target, "pass")
