"""A second opinion on every distinct document of the combinations: parliament's own list of actions and resources."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

from mwaa_wizard.policies.facts import VERSION
from mwaa_wizard.policies.principals import Piece

from .combos import combos

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pkg_resources, which it asks where its files are
    import parliament


# What it has against MWAA's own base policy (MWAA user guide, mwaa-create-role), as (Sid, issue). The statement stays
# as AWS has it: s3:GetObject* and s3:List* also stand for a few actions on access points, access grants and the
# account, which no bucket's ARN matches; they are not granted by it.
KNOWN = {("ReadDagBucket", "RESOURCE_MISMATCH")}


def issues(document: dict[str, Any]) -> set[str]:
    """What it has against a document."""
    return {str(finding.issue) for finding in parliament.analyze_policy_string(json.dumps(document)).findings}


def found(document: dict[str, Any]) -> set[tuple[str, str]]:
    """(Sid, issue) of what it has against the whole; its findings do not name the statement, so each is asked alone."""
    against = issues(document)
    pairs = {
        (str(one["Sid"]), issue)
        for one in (document["Statement"] if against else ())
        for issue in against & issues({**document, "Statement": [one]})
    }
    return pairs | {("", issue) for issue in against - {issue for _sid, issue in pairs}}


def whole(pieces: dict[str, Piece]) -> list[dict[str, Any]]:
    """Every document; what had to be split (`operator-source-2`) in one, as the principal has all of its parts."""
    found: dict[str, dict[str, Any]] = {}
    for name, piece in pieces.items():
        there = found.setdefault(re.sub(r"-\d+$", "", name), {**piece.policy.document, "Statement": []})
        there["Statement"] = [*there["Statement"], *piece.policy.document["Statement"]]
    return list(found.values())


def test_it_has_nothing_to_say_but_of_mwaas_own_statements() -> None:
    seen: set[str] = set()
    said: set[tuple[str, str]] = set()
    for one in combos():
        for document in whole(one.found.pieces()):
            text = json.dumps(document)
            # Policies of resources have a principal, which it does not look at.
            if text in seen or '"Principal":' in text:
                continue
            seen.add(text)
            said |= found(document)
    assert len(seen) >= 200
    assert said == KNOWN


def test_it_would_find_something() -> None:
    bad = {"Sid": "Bad", "Effect": "Allow", "Action": ["s3:PutObjekt"], "Resource": "arn:aws:s3:::b/*"}
    assert found({"Version": VERSION, "Statement": [bad]})
