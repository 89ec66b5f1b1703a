"""What happens when a DAG is unpaused on the target, from what its Airflow says: schedule, catchup, next run.

`DagModel.next_dagrun_create_after` is when the scheduler makes the next run (Airflow: DagModel.dags_needing_dagruns).
With catchup it then makes one run for every time that has passed since; without, one at most.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mwaa_wizard.airflow import totals
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.unpausing import ticks
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean

_UNSCHEDULED = ("", "none", "null")


@dataclass(frozen=True)
class Forecast:
    """`at_once`: runs that are due now, None where that is not known; `again`: how many of them the source has made too
    since its history was exported, None where not known. Times are ISO texts of the target's Airflow, empty where none.
    """

    dag_id: str
    schedule: str = ""
    catchup: bool | None = None
    last: str = ""
    next: str = ""
    due: str = ""
    at_once: int | None = None
    again: int | None = None
    together: int | None = None
    why: str = ""

    def brief(self) -> str:
        """A few words for a table's column."""
        if self.why:
            return _("not known")
        if not self.next and self.at_once == 0:
            return _("waits for a trigger")
        if self.at_once is None:
            return _("runs at once: not known how many")
        if self.at_once:
            return ngettext("{n} run at once", "{n} runs at once", self.at_once).format(n=f"{self.at_once:,}")
        return _("next {when}").format(when=_minute(self.due))

    def sentences(self) -> list[str]:
        """All of it, in plain words."""
        if self.why:
            return [_("What happens then is not known: {why}").format(why=self.why)]
        told = [_("Schedule: {schedule}").format(schedule=self.schedule or _("none"))]
        if self.catchup is not None:
            told[0] += ", " + (_("catches up") if self.catchup else _("does not catch up"))
        told.append(_("Last run in the target: {when}").format(when=_minute(self.last) or _("none")))
        if not self.next:
            told.append(_("No run is planned: it waits for a trigger or for its assets."))
            return told
        if self.at_once == 0:
            told.append(_("Unpaused now, it runs next at {when}.").format(when=_minute(self.due)))
            return told
        if self.at_once is None:
            told.append(_("Unpaused now, it runs at once from {when} on; how often cannot be told from this schedule.")
                        .format(when=_minute(self.next)))  # fmt: skip
        else:
            text = ngettext("Unpaused now, it makes {n} run at once, for {when}.",
                            "Unpaused now, it makes {n} runs at once, from {when} on.", self.at_once)  # fmt: skip
            told.append(text.format(n=f"{self.at_once:,}", when=_minute(self.next)))
        if self.at_once != 1 and self.together:
            told.append(_("At most {n} at a time.").format(n=self.together))
        if self.again:
            told.append(
                ngettext(
                    "The source has made {n} run of this span since the export: the target makes it again.",
                    "The source has made {n} runs of this span since the export: the target makes them again.",
                    self.again,
                ).format(n=f"{self.again:,}")
            )
        return told


def many(ctx: Context, dag_ids: Iterable[str]) -> Iterator[Forecast]:
    """One forecast after another; ends where the user asked to stop."""
    for dag_id in dag_ids:
        if ctx.cancel.is_set():
            return
        yield of(ctx, dag_id)


def of(ctx: Context, dag_id: str, now: dt.datetime | None = None) -> Forecast:
    """What the target's Airflow says of one DAG. Never raises for what Airflow refuses: `why` tells it."""
    api, moment = sides.api(ctx, "target"), now or dt.datetime.now(dt.UTC)
    try:
        found = api.ask("GET", f"/dags/{quote(dag_id, safe='')}/details")
        newest = _newest(ctx, dag_id)
    except RestUnavailable as problem:
        return Forecast(dag_id, why=_("this Airflow's REST API cannot be asked ({why})").format(
            why=clean(problem, limit=120)))  # fmt: skip
    except WizardError as problem:
        return Forecast(dag_id, why=clean(problem.where or problem.what, limit=200))
    if api.major < 3 and "next_dagrun" not in found:
        # The details of Airflow 2 come from the DAG's file, its next run from its row.
        try:
            found = {**api.ask("GET", f"/dags/{quote(dag_id, safe='')}"), **found}
        except (RestUnavailable, WizardError) as problem:
            return Forecast(dag_id, why=clean(problem, limit=200))
    return _read(ctx, dag_id, found, newest, moment)


def _read(ctx: Context, dag_id: str, found: dict[str, Any], newest: str, now: dt.datetime) -> Forecast:
    schedule, counted = _schedule(found)
    catchup = found.get("catchup")
    after = str(found.get("next_dagrun_create_after") or found.get("next_dagrun_run_after") or "")
    starts = str(found.get("next_dagrun") or found.get("next_dagrun_logical_date") or after)
    due = _time(after)
    together = found.get("max_active_runs")
    at_once: int | None = 0
    if due is None:
        starts = ""
        if schedule.lower() not in _UNSCHEDULED and not _of_assets(schedule) and not newest:
            return Forecast(dag_id, schedule, catchup, why=_("the target has not worked out its next run yet"))
    elif due <= now:
        ends = _time(str(found.get("end_date") or ""))
        at_once = 1
        if catchup is not False:
            at_once = ticks.count(counted, due, min(now, ends) if ends else now, str(found.get("timezone") or "UTC"))
            if catchup is None:
                at_once = None
    again = _made_since(ctx, dag_id, starts) if at_once != 0 and starts else 0
    return Forecast(
        dag_id, schedule, catchup if isinstance(catchup, bool) else None, newest, starts, after if due else "", at_once,
        again, int(together) if together else None,
    )  # fmt: skip


def _schedule(found: dict[str, Any]) -> tuple[str, Any]:
    """The schedule in Airflow's words, and as what `ticks.count` takes."""
    given = found.get("schedule_interval")
    if isinstance(given, dict):
        length = ticks.interval(given)
        if length is not None:
            return str(length), length
        text = str(given.get("value") or given.get("__type") or "")
    else:
        text = str(given or found.get("timetable_summary") or "")
    text = "" if text.lower() in _UNSCHEDULED else clean(text, limit=80)
    return text, _length(text) or text


def _length(text: str) -> dt.timedelta | None:
    """Airflow 3 tells an interval as Python's text of it: `1 day, 0:30:00`."""
    days, _comma, clock = text.rpartition(",") if "day" in text else ("0", "", text)
    parts = clock.strip().split(":")
    if len(parts) != 3 or not all(part.replace(".", "").isdigit() for part in parts):
        return None
    hours, minutes, seconds = (float(part) for part in parts)
    return dt.timedelta(days=float(days.split()[0] or 0), hours=hours, minutes=minutes, seconds=seconds)


def _of_assets(schedule: str) -> bool:
    return schedule.lower().startswith(("dataset", "asset", "@continuous", "@once"))


def _newest(ctx: Context, dag_id: str) -> str:
    """Logical date of the DAG's newest run in the target."""
    api = sides.api(ctx, "target")
    name = "execution_date" if api.major < 3 else "logical_date"
    body = {"dag_ids": [dag_id], "page_limit": 1, "order_by": f"-{name}"}
    rows = api.ask("POST", totals.RUNS, body=body).get("dag_runs") or []
    return str(rows[0].get("logical_date") or rows[0].get("execution_date") or "") if rows else ""


def _made_since(ctx: Context, dag_id: str, starts: str) -> int | None:
    """How many runs the source has from a logical date on; None where it does not say."""
    api = sides.api(ctx, "source")
    name = "execution_date_gte" if api.major < 3 else "logical_date_gte"
    try:
        answer = api.ask("POST", totals.RUNS, body={"dag_ids": [dag_id], "page_limit": 1, name: starts})
        return int(answer["total_entries"])
    except (RestUnavailable, WizardError, KeyError, ValueError):
        return None


def _time(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _minute(text: str) -> str:
    """`2026-11-23 04:00 UTC`."""
    found = _time(text)
    return found.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC") if found else clean(text, limit=40)
