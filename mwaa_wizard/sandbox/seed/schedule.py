"""When a DAG's runs fall: the few schedules the seed uses, as exact UTC data intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

Kind = Literal["hours", "day", "weekday", "week", "month", "manual", "once"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """A schedule as data.

    ``minute``/``hour`` are UTC wall time; ``every`` is the step in hours for kind ``hours``;
    ``weekday`` (Monday 0) is used by kind ``week``.  ``once_at`` is the start date of an ``@once`` DAG.
    The DAG files say the same thing as cron expressions; a test compares the two through Airflow itself.
    """

    kind: Kind
    minute: int = 0
    hour: int = 0
    every: int = 1
    weekday: int = 0
    once_at: datetime | None = None

    def _matches(self, tick: datetime) -> bool:
        if self.kind == "hours":
            return tick.hour % self.every == 0
        if self.kind == "weekday":
            return tick.weekday() < 5
        if self.kind == "week":
            return tick.weekday() == self.weekday
        if self.kind == "month":
            return tick.day == 1
        return True

    def ticks(self, begin: datetime, end: datetime) -> list[datetime]:
        """All cron ticks in ``[begin, end]``, ascending; none for manual and once."""
        if self.kind in ("manual", "once"):
            return []
        begin = begin.astimezone(UTC)
        if self.kind == "hours":
            tick, step = begin.replace(minute=self.minute, second=0, microsecond=0), _HOUR
        else:
            tick = begin.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
            step = _DAY
        found = []
        while tick <= end:
            if tick >= begin and self._matches(tick):
                found.append(tick)
            tick += step
        return found

    def intervals(self, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Data intervals that are complete by ``end`` and complete at or after ``begin``.

        Airflow starts a scheduled run when its interval is over, and names it by the interval's start
        (Airflow docs: "DAG Runs", section "Data Interval").  A look-back of 40 days covers a month.
        """
        ticks = self.ticks(begin - timedelta(days=40), end)
        return [(a, b) for a, b in pairwise(ticks) if b >= begin]

    def interval_before(self, moment: datetime) -> tuple[datetime, datetime]:
        """The last complete interval before ``moment``: what Airflow gives to a manual run.

        DAGs with no periodic schedule get the empty interval at ``moment``.
        """
        ticks = self.ticks(moment - timedelta(days=80), moment)
        return (ticks[-2], ticks[-1]) if len(ticks) >= 2 else (moment, moment)


def hourly(minute: int, every: int = 1) -> Schedule:
    return Schedule("hours", minute=minute, every=every)


def daily(hour: int, minute: int = 0) -> Schedule:
    return Schedule("day", hour=hour, minute=minute)


def weekdays(hour: int, minute: int = 0) -> Schedule:
    return Schedule("weekday", hour=hour, minute=minute)


def weekly(weekday: int, hour: int, minute: int = 0) -> Schedule:
    return Schedule("week", weekday=weekday, hour=hour, minute=minute)


def monthly(hour: int, minute: int = 0) -> Schedule:
    return Schedule("month", hour=hour, minute=minute)


MANUAL = Schedule("manual")
