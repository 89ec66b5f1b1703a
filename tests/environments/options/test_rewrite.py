"""Airflow options rewritten for another version. Facts: Airflow's configuration.py and config_command.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa_wizard.environments import facts, rules
from mwaa_wizard.environments.options import KINDS, names, pins, result, rewrite
from mwaa_wizard.environments.options.model import Change, Kind
from mwaa_wizard.environments.options.rewrite import refusal
from mwaa_wizard.environments.versions import parse

VERSIONS = [
    "1.10.12", "2.0.2", "2.2.2", "2.4.3", "2.5.1", "2.6.3", "2.7.2", "2.8.1", "2.9.2", "2.10.1", "2.10.3", "2.11.0",
    "2.11.2", "3.0.6", "3.2.1", "3.3.1",
]  # fmt: skip


def one(key: str, value: str | None, source: str, target: str) -> Change:
    return next(change for change in rewrite({key: value}, source, target) if change.key == key and change.kind
                != "default-flipped")  # fmt: skip


@pytest.mark.parametrize(
    ("key", "source", "target", "kind", "new"),
    [
        # deprecated_options of 2.x
        ("core.dag_concurrency", "2.0.2", "2.2.2", "renamed", "core.max_active_tasks_per_dag"),
        ("core.dag_concurrency", "1.10.12", "2.0.2", "kept", "core.dag_concurrency"),
        ("core.worker_precheck", "1.10.12", "2.10.3", "moved", "celery.worker_precheck"),
        ("core.log_format", "1.10.12", "2.8.1", "moved", "logging.log_format"),
        ("core.sql_alchemy_pool_size", "2.2.2", "2.5.1", "moved", "database.sql_alchemy_pool_size"),
        ("scheduler.max_threads", "1.10.12", "2.11.2", "renamed", "scheduler.parsing_processes"),
        ("scheduler.processor_poll_interval", "2.0.2", "2.11.2", "renamed", "scheduler.scheduler_idle_sleep_time"),
        ("celery.stalled_task_timeout", "2.5.1", "2.6.3", "moved", "scheduler.task_queued_timeout"),
        ("api.auth_backend", "2.2.2", "2.11.2", "renamed", "api.auth_backends"),
        # `airflow config lint` of 2.11 and 3.x
        ("scheduler.dag_dir_list_interval", "2.10.3", "3.0.6", "moved", "dag_processor.refresh_interval"),
        ("scheduler.dag_dir_list_interval", "2.10.3", "2.11.2", "kept", "scheduler.dag_dir_list_interval"),
        ("scheduler.max_threads", "1.10.12", "3.3.1", "moved", "dag_processor.parsing_processes"),
        ("scheduler.min_file_process_interval", "2.8.1", "3.3.1", "moved", "dag_processor.min_file_process_interval"),
        ("scheduler.scheduler_zombie_task_threshold", "2.8.1", "3.3.1", "renamed",
         "scheduler.task_instance_heartbeat_timeout"),
        ("triggerer.default_capacity", "2.10.3", "3.0.6", "renamed", "triggerer.capacity"),
        ("webserver.base_url", "2.10.3", "3.0.6", "moved", "api.base_url"),
        ("webserver.expose_config", "2.10.3", "3.0.6", "moved", "api.expose_config"),
        ("webserver.session_lifetime_minutes", "2.10.3", "3.0.6", "moved", "fab.session_lifetime_minutes"),
        ("webserver.instance_name", "2.10.3", "3.2.1", "moved", "api.instance_name"),
        # what 3.0 dropped and 3.2 took up again
        ("webserver.cookie_samesite", "2.10.3", "3.0.6", "removed", ""),
        ("webserver.cookie_samesite", "2.10.3", "3.3.1", "moved", "fab.cookie_samesite"),
        ("webserver.page_size", "2.10.3", "3.0.6", "kept", "webserver.page_size"),
        ("webserver.page_size", "2.10.3", "3.3.1", "moved", "api.fallback_page_limit"),
        ("webserver.default_ui_timezone", "2.10.3", "3.0.6", "removed", ""),
        ("core.check_slas", "2.10.3", "3.0.6", "removed", ""),
        ("core.enable_xcom_pickling", "2.10.3", "3.0.6", "removed", ""),
        ("smtp.smtp_user", "2.10.3", "3.0.6", "removed", ""),
        ("smart_sensor.shards", "2.2.2", "2.4.3", "removed", ""),
        ("webserver.rbac", "1.10.12", "2.0.2", "removed", ""),
        # down again
        ("dag_processor.refresh_interval", "3.3.1", "2.11.2", "moved", "scheduler.dag_dir_list_interval"),
        ("api.base_url", "3.3.1", "2.11.2", "moved", "webserver.base_url"),
        ("core.max_active_tasks_per_dag", "2.2.2", "2.0.2", "renamed", "core.dag_concurrency"),
        # sections that belong to providers, and what nobody knows
        ("kubernetes.namespace", "2.4.3", "2.5.1", "moved", "kubernetes_executor.namespace"),
        ("kubernetes.namespace", "2.4.3", "2.8.1", "moved", "kubernetes_executor.namespace"),
        ("elasticsearch.host", "2.6.3", "2.8.1", "unknown", "elasticsearch.host"),
        ("my_plugin.colour", "2.8.1", "3.3.1", "unknown", "my_plugin.colour"),
        # MWAA's own
        ("core.executor", "2.8.1", "2.11.2", "refused", ""),
        ("core.remote_logging", "1.10.12", "2.11.2", "refused", ""),
        ("celery.default_queue", "2.0.2", "2.11.2", "refused", ""),
        ("webserver.secret_key", "2.8.1", "3.3.1", "refused", ""),
        ("core.multi_team", "3.2.1", "3.3.1", "refused", ""),
    ],
)  # fmt: skip
def test_one_option(key: str, source: str, target: str, kind: Kind, new: str) -> None:
    change = one(key, "x", source, target)
    assert (change.kind, change.new_key) == (kind, new)
    assert change.reason
    assert change.source
    assert change.value == "x"


@pytest.mark.parametrize(
    ("key", "value", "target", "new", "expected"),
    [
        ("webserver.session_lifetime_days", "30", "2.11.2", "webserver.session_lifetime_minutes", "43200"),
        ("webserver.session_lifetime_days", "30", "3.3.1", "fab.session_lifetime_minutes", "43200"),
        ("webserver.force_log_out_after", "45", "2.11.2", "webserver.session_lifetime_minutes", "45"),
        ("core.hostname_callable", "socket:getfqdn", "2.2.2", "core.hostname_callable", "socket.getfqdn"),
        ("core.hostname_callable", "socket.getfqdn", "2.2.2", "core.hostname_callable", "socket.getfqdn"),
        ("email.email_backend", "airflow.contrib.utils.sendgrid.send_email", "2.8.1", "email.email_backend",
         "airflow.providers.sendgrid.utils.emailer.send_email"),
        ("webserver.dag_default_view", "tree", "2.4.3", "webserver.dag_default_view", "grid"),
        ("webserver.dag_default_view", "graph", "2.4.3", "webserver.dag_default_view", "graph"),
        ("api.auth_backend", "airflow.api.auth.backend.deny_all", "2.8.1", "api.auth_backends",
         "airflow.api.auth.backend.session"),
        ("api.auth_backends", "airflow.api.auth.backend.session, my.own.backend", "3.0.6", "fab.auth_backends",
         "airflow.providers.fab.auth_manager.api.auth.backend.session,my.own.backend"),
        ("core.parallelism", "32", "3.0.6", "core.parallelism", "32"),
        ("core.parallelism", "0", "2.11.2", "core.parallelism", "0"),
        ("core.xcom_backend", "airflow.models.xcom.BaseXCom", "3.0.6", "core.xcom_backend",
         "airflow.sdk.execution_time.xcom.BaseXCom"),
        ("core.xcom_backend", "my.Backend", "3.0.6", "core.xcom_backend", "my.Backend"),
    ],
)  # fmt: skip
def test_values(key: str, value: str, target: str, new: str, expected: str) -> None:
    change = one(key, value, "1.10.12", target)
    assert (change.new_key, change.new_value) == (new, expected)
    assert (change.kind == "value-changed") == (expected != value)


@pytest.mark.parametrize(
    ("key", "value", "target"),
    [
        ("core.parallelism", "0", "3.0.6"),
        ("logging.log_filename_template", "{{ ti.dag_id }}/{{ ti.task_id }}/{{ ts }}/{{ try_number }}.log", "3.3.1"),
        ("webserver.session_lifetime_days", "a month", "2.11.2"),
    ],
)
def test_values_no_longer_valid_go_with_a_reason(key: str, value: str, target: str) -> None:
    change = one(key, value, "2.0.2", target)
    assert (change.kind, change.new_key) == ("removed", "")
    assert change.reason


def test_backends_go_down_again() -> None:
    up = one("api.auth_backends", "airflow.api.auth.backend.basic_auth", "2.11.2", "3.3.1")
    assert up.new_value is not None
    down = one("fab.auth_backends", up.new_value, "3.3.1", "2.11.2")
    assert (down.new_key, down.new_value) == ("api.auth_backends", "airflow.api.auth.backend.basic_auth")


@pytest.mark.parametrize(
    ("source", "target", "keys"),
    [
        ("2.11.2", "3.0.6", {"scheduler.catchup_by_default", "scheduler.create_cron_data_intervals",
                             "scheduler.create_delta_data_intervals", "core.dag_ignore_file_syntax",
                             "api.fallback_page_limit", "webserver.page_size"}),
        ("3.0.6", "3.3.1", {"api.workers"}),
        ("2.7.2", "2.11.2", set()),
        ("2.5.1", "2.7.2", {"webserver.expose_hostname", "scheduler.max_tis_per_query"}),
    ],
)  # fmt: skip
def test_defaults_that_flip(source: str, target: str, keys: set[str]) -> None:
    found = [change for change in rewrite({}, source, target) if change.kind == "default-flipped"]
    assert {change.key for change in found} == keys
    assert all(change.reason and change.source and change.value != change.new_value for change in found)


@pytest.mark.parametrize("source", ["1.10.12", "2.5.1", "2.8.1", "2.11.2"])
def test_the_interval_defaults_flip_for_versions_that_had_no_such_option_yet(source: str) -> None:
    wanted = pins(rewrite({}, source, "3.3.1"))
    assert wanted["scheduler.catchup_by_default"] == "True"
    assert wanted["scheduler.create_cron_data_intervals"] == "True"
    assert wanted["core.dag_ignore_file_syntax"] == "regexp"
    back = pins(rewrite({}, "3.3.1", "2.11.2"))
    assert back["scheduler.catchup_by_default"] == "False"


def test_what_is_set_does_not_flip() -> None:
    found = rewrite({"scheduler.catchup_by_default": "True"}, "2.10.3", "3.3.1")
    assert [change.kind for change in found if change.key == "scheduler.catchup_by_default"] == ["kept"]
    moved = rewrite({"webserver.workers": "4"}, "2.10.3", "3.3.1")
    assert "api.workers" not in pins(moved)
    assert result(moved)["api.workers"] == "4"


def test_two_that_become_one() -> None:
    found = rewrite({"scheduler.max_threads": "2", "scheduler.parsing_processes": "4"}, "1.10.12", "3.3.1")
    by_key = {change.key: change for change in found}
    assert by_key["scheduler.max_threads"].kind == "collides"
    assert "scheduler.parsing_processes" in by_key["scheduler.max_threads"].reason
    assert result(found) == {"dag_processor.parsing_processes": "4"}
    pages = rewrite({"webserver.page_size": "30", "api.fallback_page_limit": "20"}, "2.10.3", "3.3.1")
    assert result(pages)["api.fallback_page_limit"] == "20"
    same = rewrite({"core.dag_concurrency": "9", "core.max_active_tasks_per_dag": "9"}, "2.2.2", "2.8.1")
    assert "same value" in same[0].reason


def test_hidden_secrets_are_carried_and_no_value_is_in_a_repr() -> None:
    found = rewrite({"smtp.smtp_password": None, "webserver.base_url": "https://u:hunter2@x"}, "2.8.1", "3.3.1")
    assert result(rewrite({"smtp.smtp_password": None}, "2.8.1", "2.11.2")) == {"smtp.smtp_password": None}
    assert "hunter2" not in repr(found)
    assert all("hunter2" not in change.reason for change in found)


def test_a_version_that_is_not_known_takes_the_next_older_one() -> None:
    assert names.nearest("3.1.0") == "3.0.6"
    assert names.nearest("9.0") == "3.3.1"
    assert names.nearest("1.10.4") == "1.10.12"
    assert one("scheduler.dag_dir_list_interval", "30", "2.8.1", "3.9.9").new_key == "dag_processor.refresh_interval"


def test_every_rename_of_the_file_leads_somewhere() -> None:
    everything = frozenset[str]().union(*(names.of(version) for version in names.versions()))
    for row in names.renames():
        assert row.source
        assert parse(row.since)
        assert row.new in everything | {other.old for other in names.renames()}, row


def test_the_page_settings_tells_the_same() -> None:
    for key in ("core.dag_concurrency", "core.check_slas", "scheduler.dag_dir_list_interval", "core.executor"):
        change = one(key, "x", "2.2.2", "3.3.1")
        (problem,) = rules.option_problems(key, "3.3.1")
        assert (change.new_key or "leave it out") in problem


_KNOWN = sorted({key for version in names.versions() for key in names.of(version)})
_keys = (
    st.sampled_from(_KNOWN)
    | st.sampled_from([row.old for row in names.renames()])
    | st.from_regex(r"[a-z][a-z_]{0,8}(\.[a-z_]{1,8}){0,2}", fullmatch=True)
)
_values = st.none() | st.sampled_from(["0", "True", "tree", ":", "a:b", "airflow.api.auth.backend.session"]) | st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20
)  # fmt: skip
_options = st.dictionaries(_keys, _values, max_size=12)
_versions = st.sampled_from(VERSIONS)


@settings(deadline=None)
@given(_options, _versions, _versions)
def test_nothing_is_lost_silently(options: dict[str, str | None], source: str, target: str) -> None:
    found = rewrite(options, source, target)
    own = [change for change in found if change.kind != "default-flipped"]
    assert [change.key for change in own] == sorted(options)
    for change in found:
        assert change.kind in KINDS
        assert change.reason
        assert change.source
        assert "{" not in change.reason.replace("{{", "")
        assert change.stays == (bool(change.new_key) and change.kind != "default-flipped")
    for change in own:
        assert change.value == options[change.key]
        if change.stays and change.kind != "value-changed":
            assert change.new_value == change.value
    there = result(found)
    assert len(there) == len([change for change in own if change.stays])
    for change in own:
        if change.kind == "collides":
            rivals = [other for other in own if other.stays and other.key in change.reason]
            assert rivals, change


@settings(deadline=None)
@given(_options, _versions, _versions)
def test_what_comes_out_is_fit_for_the_target(options: dict[str, str | None], source: str, target: str) -> None:
    found = rewrite(options, source, target)
    wanted = {**result(found), **pins(found)}
    assert not set(result(found)) & set(pins(found))
    for key in wanted:
        assert refusal(key, target) == ""
        known_to_none = not names.ever(key) and key not in {row.old for row in names.renames()}
        assert key in names.of(target) or known_to_none or names.provider_of(key), key
        if known_to_none or key in names.of(target):
            assert rules.option_problems(key, target) == []


@settings(deadline=None)
@given(_options, _versions, _versions)
def test_twice_changes_nothing_more(options: dict[str, str | None], source: str, target: str) -> None:
    once = result(rewrite(options, source, target))
    again = rewrite(once, target, target)
    assert result(again) == once
    assert {change.kind for change in again} <= {"kept", "unknown"}


def test_the_file_does_not_hold_airflows_own_sentences() -> None:
    data = facts.load("option_names")
    assert set(data) == {"as_of", "source", "versions", "provider_sections", "defaults", "renames", "options"}
    assert {key for row in data["renames"] for key in row} == {"key", "new", "since", "source"}
