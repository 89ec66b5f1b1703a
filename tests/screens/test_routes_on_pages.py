"""What the other pages say and leave out, by the session's route."""

from __future__ import annotations

import pytest

from mwaa_wizard import paths
from mwaa_wizard.front import engine, routing
from mwaa_wizard.front.costs import cost_words
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.widgets.identity import identity_lines

from .conftest import Opener
from .fakes import FakeEngine, ready_session

PRICED = {
    "EnvironmentClass": "mw1.small", "MinWorkers": 1, "Schedulers": 2, "MinWebservers": 2, "AirflowVersion": "2.8.1",
}  # fmt: skip


def by(route: str) -> Session:
    session = ready_session()
    routing.choose(session, route)
    session.target.environment = session.target.environment or "analytics-v2"
    return session


async def test_in_place_review_asks_for_no_cut_over_and_no_bundle(opening: Opener) -> None:
    async with opening(by("in-place"), "review", size=(120, 40)) as d:
        assert "in-place: the environment itself changes its version" in d.flat()
        assert "Cut over" not in d.flat()
        assert "bundle" not in d.flat()
        assert "type analytics-prod, then Enter" in d.flat()
        assert "only where MWAA does that" in d.flat(2)
        assert "terraform" not in d.flat()
    async with opening(by("new-environment"), "review", size=(120, 70)) as d:
        assert "Cut over" in d.flat()
        assert "Keep the exported bundle" in d.flat()
        assert "--format terraform" in d.flat()


async def test_in_place_undo_promises_no_deletion(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "export"
    fake.made = [("airflow-version", "analytics-prod 2.8.1 → 2.11.2")]
    async with opening(by("in-place"), "review") as d:
        await d.write("analytics-prod")
        await d.press("enter")
        await d.until(lambda: "Mend" in d.text())
        await d.press("u")
        await d.until(lambda: "Undo everything" in d.text())
        assert "Nothing is deleted but what it added." in d.text()
        assert "is deleted." not in d.text()


async def test_settings_show_what_it_costs_and_what_stays_as_it_is(opening: Opener) -> None:
    async with opening(ready_session(), "settings") as d:
        assert "≈ $357.70 a month" in d.flat()
        assert "Both for 24 h" in d.flat()
        assert "⚠ same" in d.flat()
        await d.press("up", "enter")
        assert "chosen with the route" in d.flat()
        assert d.page == "settings"
    async with opening(by("in-place"), "settings", size=(120, 40)) as d:
        assert "Both for" not in d.flat()
        await d.press("down", "down", "down", "enter")
        assert "KMS key cannot be changed any more" in d.flat()


async def test_two_accounts_are_on_every_page_and_close_the_way_in_place(opening: Opener) -> None:
    session = ready_session()
    routing.choose(session, "in-place")
    session.target.connection.profile, session.target.connection.region = "prod", "eu-west-1"
    session.target.connection.account = ""
    async with opening(session, "connect") as d:
        assert d.flat().count("4444-5555-6666") == 1
        await d.press("n")
        for expected in ("source", "route"):
            assert d.page == expected
            top = d.text().splitlines()[:2]
            assert "1111-2222-3333 us-east-1" in top[0]
            assert "4444-5555-6666 eu-west-1" in top[1]
            await d.press("enter") if expected == "source" else None
        assert "in-place, chosen before, is blocked now" in d.flat()
        assert "Account, region, VPC and KMS key" in d.flat()


def test_cost_follows_class_region_and_counts() -> None:
    session = ready_session()
    same = cost_words(session, PRICED)
    assert "(+$0.00)" in same
    session.target.settings["EnvironmentClass"] = "mw1.large"
    assert "(+$0.00)" not in cost_words(session, PRICED)
    session.target.settings = {"MinWorkers": 5}
    more = cost_words(session, PRICED)
    assert "(+$" in more
    assert "(+$0.00)" not in more
    session.target.settings["EnvironmentClass"] = "mw9.huge"
    assert cost_words(session, PRICED) == "No price is known for this class."
    session.target.settings, session.target.connection.region = {}, "xx-north-9"
    assert "No prices are known for xx-north-9" in cost_words(session, PRICED)


def test_in_place_the_wizard_makes_no_role_and_no_bucket() -> None:
    session = by("in-place")
    role = "arn:aws:iam::111122223333:role/other"
    assert engine.edit_setting(session, "ExecutionRoleArn", role) == []
    assert session.target.settings == {"ExecutionRoleArn": role}
    engine.reset_setting(session, "ExecutionRoleArn")
    assert engine.edit_setting(session, "SourceBucketArn", "") == []
    assert (session.target.create_role, session.target.create_bucket) == (False, False)


async def test_settings_are_written_as_code_without_secrets(opening: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "Name": "analytics-prod", "AirflowVersion": "2.8.1", "EnvironmentClass": "mw1.small", "DagS3Path": "dags",
        "NetworkConfiguration": {
            "SubnetIds": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"], "SecurityGroupIds": ["sg-0a1b2c3d"],
        },
        "AirflowConfigurationOptions": {"secrets.backend_kwargs": "canary-value"},
    }  # fmt: skip
    monkeypatch.setattr(engine, "source_environment", lambda _session: environment)
    session = ready_session()
    async with opening(session, "settings") as d:
        for key, ending, word in (("c", "yaml", "AWS::MWAA::Environment"), ("t", "tf", "aws_mwaa_environment"),
                                  ("a", "json", "ExecutionRoleArn")):  # fmt: skip
            await d.press("t")
            await d.until(lambda: "What the run would create" in d.text())
            await d.press(key)
            await d.until(lambda: "Saved to" in d.flat())
            (path,) = paths.exports_dir().glob(f"{session.id}-*.{ending}")
            assert word in path.read_text()
            assert "canary-value" not in path.read_text()
            assert path.stat().st_mode & 0o077 == 0
    async with opening(by("in-place"), "settings") as d:
        assert "as code" not in d.footer()


def test_the_identity_bar_names_the_version_that_is_reached() -> None:
    session = ready_session()
    session.target.airflow_version = "3.3.1"
    routing.choose(session, "bridge")
    assert session.target.airflow_version != "3.3.1"
    assert "analytics-v2 3.3.1" in identity_lines(session, 80, 24)[1]


@pytest.mark.parametrize(
    ("route", "said"), [("in-place", "it runs the new version"), ("bridge", "all that was chosen")]
)
async def test_the_summary_says_what_was_verified(opening: Opener, fake: FakeEngine, route: str, said: str) -> None:
    fake.finished = True
    session = ready_session()
    session.target.airflow_version = "3.3.1"
    routing.choose(session, route)
    session.target.environment = session.target.environment or "analytics-v2"
    async with opening(session, "summary") as d:
        assert said in d.text()
    assert store.load(session.id).page.done[-1] == "summary"
