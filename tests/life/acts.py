"""What operators and browsers do with a migrated environment."""

from __future__ import annotations

import ast
import time
import urllib.request
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from mwaa_wizard.sandbox.mwaa import login
from tests.life import history
from tests.life.airflow import Airflow, wait
from tests.life.history import History
from tests.life.migration import LIFE_DAGS, Migrated

STALE_SECONDS = 8.0
RERUN_SECONDS = 120.0


def wake(done: Migrated, more: int = 2) -> History:
    """Unpause every DAG at once and let `more` runs of the minutely one go by; what Airflow's API then lists.

    At first with what the target knows of the DAGs since before the import, then with their files read again.
    """
    done.target.unpause(*LIFE_DAGS)
    time.sleep(STALE_SECONDS)
    (done.target.layout.dags / "life.py").touch()
    see_new_runs(done.target, done.before, more)
    return history.served(done.target)


def see_new_runs(airflow: Airflow, before: History, count: int) -> None:
    """Wait until the minutely DAG has gone on."""
    wait(
        f"{count} new runs of life_often",
        lambda: len(history.new_runs(before, history.read(airflow), "life_often")) >= count,
        180, every=1,
    )  # fmt: skip


def runs_twice(before: History, now: History, release: tuple[int, ...]) -> list[str]:
    """New runs for time that the source's history covers already, and gaps after its end; none is right.

    A cron DAG's logical date is the begin of its interval in 2.x and the moment it is due in 3.x (its default for
    `[scheduler] create_cron_data_intervals` changed), so one date in between is never used.
    """
    never = ("life_manual", "life_told", "life_broken")  # DAGs without a schedule
    found = [f"{key}" for key in now.known if key not in before.known and key[0] in never]
    for dag_id, step in (("life_daily", timedelta(days=1)), ("life_often", timedelta(minutes=1))):
        last = before.dates(dag_id)[-1]
        due = last + step if release >= (3, 0) else last
        for number, date in enumerate(history.new_runs(before, now, dag_id), 1):
            if date != due + number * step:
                found.append(f"{dag_id}: new run {number} after {last} is of {date}")
    return found


def clear(airflow: Airflow, dag_id: str, run_id: str, *task_ids: str) -> None:
    """Clear task instances of a run through the API, as the web page's button does, and see them succeed again.

    Rows from before Airflow 3 have no DAG version. 3.1 and later give them one when they are cleared to run on the
    latest version; without that a scheduler leaves them queued until `[scheduler] task_queued_timeout` has passed.
    """
    latest = {"run_on_latest_version": True} if airflow.release >= (3, 1) else {}
    names = ", ".join(f"'{task_id}'" for task_id in task_ids)
    query = (
        "SELECT count(*) FILTER (WHERE state = 'success' AND start_date > '{since}') = count(*) FROM task_instance"
        f" WHERE dag_id = '{dag_id}' AND run_id = '{run_id}' AND task_id IN ({names})"
    )
    since = airflow.sql("SELECT clock_timestamp()")
    cleared = airflow.ask(
        "POST", f"/dags/{dag_id}/clearTaskInstances",
        {"dry_run": False, "task_ids": list(task_ids), "dag_run_id": run_id, "only_failed": False,
         "reset_dag_runs": True, **latest},
    )["task_instances"]  # fmt: skip
    assert {row["task_id"] for row in cleared} == set(task_ids)
    try:
        wait(
            f"success of cleared {names} of {dag_id}", lambda: airflow.sql(query.format(since=since)) == "t",
            RERUN_SECONDS,
        )  # fmt: skip
    except AssertionError as error:
        states = airflow.rows(
            f"SELECT task_id, map_index, state, try_number FROM task_instance WHERE dag_id = '{dag_id}'"
            f" AND run_id = '{run_id}'"
        )
        logs = [managed.log_tail(30) for managed in airflow.processes]
        raise AssertionError(f"{error}; {states}", *logs) from None


def xcom(airflow: Airflow, dag_id: str, run_id: str, task_id: str, key: str) -> Any:
    """An XCom's value, read from the text the API gives for it."""
    path = f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}/xcomEntries/{key}"
    value = airflow.get(path)["value"]
    return ast.literal_eval(value) if isinstance(value, str) else value


class Browser:
    """Airflow's web pages, logged in as the administrator."""

    def __init__(self, airflow: Airflow) -> None:
        self._airflow = airflow
        self._cookie = login.open_session(airflow, airflow.release).split(";")[0]

    def page(self, path: str, **query: str) -> str:
        """The text of a page that answers 200 (after redirects) and is not the log-in form."""
        url = f"{self._airflow.webserver_url}{path}?{urlencode(query)}"
        request = urllib.request.Request(url, headers={"Cookie": self._cookie})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            assert answer.status == 200, f"{path}: {answer.status}"
            assert "/login" not in answer.geturl(), f"{path} led to {answer.geturl()}"
            return str(answer.read().decode("utf-8", "replace"))


def stay(airflow: Airflow, seconds: float) -> None:
    """Watch the processes for a while: all alive, healthy at the end, and no traceback in any of their logs."""
    pids = [managed.pid for managed in airflow.processes]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for managed in airflow.processes:
            assert managed.alive(), f"{managed.name} ended with {managed.exit_code()}:\n{managed.log_tail(60)}"
        time.sleep(1)
    assert [managed.pid for managed in airflow.processes] == pids
    assert airflow.unhealthy() == []
    assert airflow.tracebacks() == []


def bridge(target: Airflow, upgraded: Airflow) -> None:
    """Airflow's own upgrade of a copy of the stopped target's database, which is what MWAA's in-place upgrade does."""
    upgraded.take_over(target)
    for ours in upgraded.layout.dags.glob("mwz_*"):
        ours.unlink()  # the wizard takes its DAG files away at the end of a migration
    upgraded.start()
