"""A second opinion, where it is installed: parliament on every distinct document of the combinations.

It is no dependency (it needs an old setuptools): pip install parliament, and this file is not skipped.
"""

from __future__ import annotations

import json

import pytest

from .combos import combos

parliament = pytest.importorskip("parliament")

# MWAA's own base policy grants s3:GetObject* and s3:List*; a few of these are about access points and access grants.
KNOWN = {("execution-role", "RESOURCE_MISMATCH")}


def test_it_has_nothing_to_say() -> None:
    seen: set[str] = set()
    found = set()
    for one in combos():
        for name, piece in one.found.pieces().items():
            text = json.dumps(piece.policy.document)
            # Policies of resources have a principal, which it does not look at.
            if text in seen or '"Principal":' in text:
                continue
            seen.add(text)
            found |= {(name, finding.issue) for finding in parliament.analyze_policy_string(text).findings}
    assert len(seen) >= 200
    assert found <= KNOWN
