"""Secrets sealed to a key pair of the target."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.metadata.inline import functions

INSIDE: Any = functions("mwz_export")
ITEMS = [{"key": "CANARY-name", "val": "CANARY \U0001f511 \x00"}, {"key": "none", "val": None}]


@pytest.fixture(scope="module")
def private() -> Any:
    return INSIDE.load_private_key(INSIDE.new_private_key())


def test_only_the_private_half_opens_it(private: Any) -> None:
    sealed = INSIDE.seal(ITEMS, INSIDE.public_pem(private), "variable", "mw-1")
    assert b"CANARY" not in sealed
    assert INSIDE.unseal(sealed, private, "variable", "mw-1") == ITEMS
    other = INSIDE.load_private_key(INSIDE.new_private_key())
    with pytest.raises(INSIDE.Refused, match="not made for this environment"):
        INSIDE.unseal(sealed, other, "variable", "mw-1")


def test_it_cannot_stand_in_for_another_table_or_run(private: Any) -> None:
    sealed = INSIDE.seal(ITEMS, INSIDE.public_pem(private), "variable", "mw-1")
    for table, run_id in (("connection", "mw-1"), ("variable", "mw-2")):
        with pytest.raises(INSIDE.Refused):
            INSIDE.unseal(sealed, private, table, run_id)


def test_a_changed_byte_is_seen(private: Any) -> None:
    document = json.loads(INSIDE.seal(ITEMS, INSIDE.public_pem(private), "variable", "mw-1"))
    document["data"] = ("A" if document["data"][0] != "A" else "B") + document["data"][1:]
    with pytest.raises(INSIDE.Refused):
        INSIDE.unseal(json.dumps(document).encode(), private, "variable", "mw-1")


def test_a_short_key_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(INSIDE.Refused, match="3072"):
        INSIDE.seal(ITEMS, INSIDE.public_pem(weak), "variable", "mw-1")


def test_two_seals_of_the_same_look_different(private: Any) -> None:
    pem = INSIDE.public_pem(private)
    assert INSIDE.seal(ITEMS, pem, "variable", "mw-1") != INSIDE.seal(ITEMS, pem, "variable", "mw-1")
