"""The report of the route: a row a kind, and by name what was not moved."""

from __future__ import annotations

import json

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.entries.result import EntriesResult, KindResult
from mwaa_wizard.report import build, render
from mwaa_wizard.session.model import Session


@pytest.fixture
def session() -> Session:
    made = Session(route="settings-only")
    made.source.environment, made.target.environment = "old", "new"
    return made


def _moved(**changes: object) -> EntriesResult:
    kinds = {
        "variable": KindResult(found=3, written=["a"], kept=["b"], not_moved={"token\x1b[31m": "masked"}),
        "connection": KindResult(found=2, not_moved={"db": "no password", "mail": "no password"}, unread=1),
        "slot_pool": KindResult(unlisted=True),
    }
    return EntriesResult.model_validate({"kinds": kinds, "dags": 4, "same": True, **changes})


def test_rows_and_names(session: Session) -> None:
    result.save(session.id, _moved())
    report = build.build(session)
    assert report.state == "verified"
    assert build.verified(session)
    text = render.to_text(report, 100)
    assert "variables" in text
    assert "connections: db, mail: no password" in text
    assert "pools: nothing lists them" in text
    assert "1 larger than" in text
    assert "\x1b" not in text + render.to_markdown(report) + render.to_html(report)
    told = {line["name"]: line for line in json.loads(render.to_json(report))["entries"]}
    assert (told["variable"]["found"], told["variable"]["written"], told["variable"]["kept"]) == (3, 1, 1)


def test_differences_and_missing_dags(session: Session) -> None:
    found = _moved(same=False, dags_missing=["late"])
    found.of("variable").differs["a"] = "its value differs"
    result.save(session.id, found)
    report = build.build(session)
    assert report.state == "differs"
    text = render.to_text(report, 100)
    assert "variables: a: its value differs" in text
    assert "late: not in the target" in text


def test_nothing_known_is_not_verified(session: Session) -> None:
    assert build.build(session).state == "not-verified"
    assert not build.verified(session)
    result.save(session.id, _moved(same=None))
    assert build.build(session).state == "not-verified"


def test_other_routes_have_none_of_it(session: Session) -> None:
    result.save(session.id, _moved())
    session.route = "new-environment"
    assert build.build(session).entries == []
    assert build.build(session).state == "not-verified"
