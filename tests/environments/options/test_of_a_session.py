"""The target's options of a session: the source's, rewritten, with the user's edits on top."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.environments import clone, effective, settings
from mwaa_wizard.environments.secret import MASK, OPTIONS
from mwaa_wizard.session.model import Session


def environment(version: str, **options: str | None) -> dict[str, Any]:
    named = {key.replace("__", "."): value for key, value in options.items()}
    return {"Name": "old", "AirflowVersion": version, "EnvironmentClass": "mw1.small", OPTIONS: named}


@pytest.fixture
def session() -> Session:
    made = Session()
    made.target.airflow_version = "2.11.2"
    made.target.environment = "new"
    return made


def test_options_take_their_new_names_and_the_page_says_why(session: Session) -> None:
    source = environment("2.0.2", core__dag_concurrency="9", core__parallelism="40", core__executor="x")
    assert effective.target_options(session, source) == {
        "core.max_active_tasks_per_dag": "9", "core.parallelism": "40",
    }  # fmt: skip
    rows = {row.label: row for row in settings.rows(session, source)}
    assert (rows["core.dag_concurrency"].source, rows["core.dag_concurrency"].target) == ("9", "(left out)")
    assert "core.max_active_tasks_per_dag" in rows["core.dag_concurrency"].help
    assert rows["core.max_active_tasks_per_dag"].target == "9"
    assert rows["core.parallelism"].state == "same"


def test_an_edit_stands_as_it_is_written(session: Session) -> None:
    source = environment("2.0.2", core__dag_concurrency="9")
    session.target.airflow_options["core.max_active_tasks_per_dag"] = "12"
    assert effective.target_options(session, source) == {"core.max_active_tasks_per_dag": "12"}
    session.target.airflow_options = {"core.dag_concurrency": "7"}
    assert effective.target_options(session, source) == {"core.dag_concurrency": "7"}
    session.target.airflow_options = {"core.dag_concurrency": None}
    assert effective.target_options(session, source) == {}


def test_a_hidden_secret_stays_hidden_under_its_new_name(session: Session) -> None:
    source = environment("2.2.2", core__sql_alchemy_schema=None)
    assert effective.target_options(session, source) == {"database.sql_alchemy_schema": None}
    rows = {row.label: row for row in settings.rows(session, source)}
    assert rows["database.sql_alchemy_schema"].target == MASK
    assert rows["database.sql_alchemy_schema"].secret
    asked = [question.name for question in clone.questions(session, source, strict=True)]
    assert f"{OPTIONS}.database.sql_alchemy_schema" in asked


@pytest.mark.parametrize("version", ["", "latest", "1", "0.9"])
def test_where_a_version_is_not_known_options_stay(session: Session, version: str) -> None:
    source = environment(version, core__dag_concurrency="9", core__executor="x")
    assert effective.option_changes(session, source) == []
    assert effective.target_options(session, source) == {"core.dag_concurrency": "9"}


def test_on_airflow_3_nothing_is_left_that_it_refuses(session: Session) -> None:
    session.target.airflow_version = "3.3.1"
    source = environment(
        "2.10.3", scheduler__dag_dir_list_interval="30", core__check_slas="True", webserver__base_url="https://x"
    )
    wanted = effective.target_options(session, source)
    assert wanted == {"dag_processor.refresh_interval": "30", "api.base_url": "https://x"}
    asked = [question for question in clone.questions(session, source) if question.name.startswith(OPTIONS)]
    assert asked == []


CATCHUP = "scheduler.catchup_by_default"


def test_a_default_that_flips_is_shown_with_its_reason_and_can_be_kept(session: Session) -> None:
    session.route, session.target.airflow_version = "settings-only", "3.3.1"
    source = environment("2.10.3")
    row = {row.label: row for row in settings.rows(session, source)}[CATCHUP]
    assert row.source.startswith("True (")
    assert row.target.startswith("False (")
    assert row.state == "changed"
    assert not row.edited
    assert "make up for missed runs" in row.help
    assert CATCHUP not in effective.target_options(session, source)  # nothing is pinned unless the user says so
    assert settings.edit(session, row.name, row.text) == []
    assert effective.target_options(session, source)[CATCHUP] == "True"
    row = {row.label: row for row in settings.rows(session, source)}[CATCHUP]
    assert (row.target, row.state, row.edited) == ("True", "same", True)
    settings.reset(session, row.name)
    assert CATCHUP not in effective.target_options(session, source)
    assert clone.questions(session, source) == [
        item for item in clone.questions(session, source) if not item.name.startswith(OPTIONS)
    ]


def test_a_bridge_offers_what_flips_where_it_ends(session: Session) -> None:
    session.route, session.target.upgrade_to = "bridge", "3.3.1"
    flipped = {item.key for item in effective.flipped_defaults(session, environment("2.10.3"))}
    assert CATCHUP in flipped
    assert "core.dag_ignore_file_syntax" in flipped
    # 2.11.2 does not know this one, so it cannot be set while the environment is made.
    assert "api.workers" not in flipped
    session.target.upgrade_to = ""
    assert effective.flipped_defaults(session, environment("2.10.3")) == []


def test_what_is_set_is_not_offered(session: Session) -> None:
    session.route, session.target.airflow_version = "settings-only", "3.3.1"
    source = environment("2.10.3", scheduler__catchup_by_default="False")
    rows = [row for row in settings.rows(session, source) if row.label == CATCHUP]
    assert [row.source for row in rows] == ["False"]


@pytest.mark.parametrize(("source", "target"), [("2.10.3", "3.3.1"), ("2.0.2", "2.11.2"), ("1.10.12", "2.7.2"),
                                                ("3.0.6", "3.3.1")])  # fmt: skip
def test_every_offer_can_be_taken(session: Session, source: str, target: str) -> None:
    session.route, session.target.airflow_version = "settings-only", target
    bare = environment(source)
    offers = effective.flipped_defaults(session, bare)
    for offer in offers:
        assert settings.edit(session, f"{OPTIONS}.{offer.key}", offer.value or "") == [], offer
    assert not [item for item in clone.questions(session, bare) if item.name.startswith(OPTIONS)]
    assert {item.key for item in offers} <= set(effective.target_options(session, bare))
