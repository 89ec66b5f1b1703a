"""How many times a schedule falls due in a span: cron with five fields, Airflow's presets, and plain intervals.

What is not one of these (custom timetables, `L`, `#`, seconds) is not counted: None, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Any

PRESETS = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *", "@yearly": "0 0 1 1 *",
}  # fmt: skip
_NAMES = {
    name: number
    for names, start in (("jan feb mar apr may jun jul aug sep oct nov dec", 1), ("sun mon tue wed thu fri sat", 0))
    for number, name in enumerate(names.split(), start)
}
_SPANS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
MOST_DAYS = 20_000


def count(schedule: Any, first: dt.datetime, until: dt.datetime, timezone: str = "UTC") -> int | None:
    """How often it falls due from `first` (which counts) to `until`; None where this cannot tell."""
    if first > until:
        return 0
    if isinstance(schedule, dt.timedelta):
        return 1 + int((until - first) / schedule) if schedule > dt.timedelta() else None
    fields = _fields(str(schedule))
    if fields is None:
        return None
    try:
        zone: dt.tzinfo = zoneinfo.ZoneInfo(timezone or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
    start, end = first.astimezone(zone), until.astimezone(zone)
    if (end - start).days > MOST_DAYS:
        return None
    return 1 + _between(fields, start, end)


def interval(document: dict[str, Any]) -> dt.timedelta | None:
    """The interval of Airflow 2's `{"__type": "TimeDelta", "days": 1, "seconds": 0, ...}`."""
    if document.get("__type") != "TimeDelta":
        return None
    return dt.timedelta(**{name: float(document.get(name) or 0) for name in ("days", "seconds", "microseconds")})


def _fields(text: str) -> list[set[int]] | None:
    parts = PRESETS.get(text.strip(), text).lower().split()
    if len(parts) != 5:
        return None
    fields = [_values(part, *span) for part, span in zip(parts, _SPANS, strict=True)]
    if any(found is None for found in fields):
        return None
    kept = [found for found in fields if found is not None]
    if 7 in kept[4]:
        kept[4] = (kept[4] - {7}) | {0}
    # cron: with both days given, either one is enough; `*` there means that the other decides alone.
    if parts[2][0] not in "*?" and parts[4][0] not in "*?":
        kept.append({1})
    return kept


def _values(part: str, low: int, high: int) -> set[int] | None:
    found: set[int] = set()
    for one in part.split(","):
        match = re.fullmatch(r"(\*|\?|\w+)(?:-(\w+))?(?:/(\d+))?", one)
        if match is None:
            return None
        begin, end, step = match[1], match[2], int(match[3] or 1)
        if begin in "*?":
            first, last = low, high - 1 if high == 7 else high
        else:
            numbers = [_number(begin), _number(end) if end else None]
            if numbers[0] is None or (end and numbers[1] is None):
                return None
            first = numbers[0]
            last = numbers[1] if numbers[1] is not None else (high if match[3] else first)
        if not (low <= first <= last <= high) or step < 1:
            return None
        found |= set(range(first, last + 1, step))
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else _NAMES.get(text)


def _between(fields: list[set[int]], start: dt.datetime, end: dt.datetime) -> int:
    """Times after `start` up to `end`, by wall clock, as Airflow counts cron."""
    minutes, hours, days, months, weekdays = fields[:5]
    either = len(fields) > 5
    begin, last = start.replace(tzinfo=None), end.replace(tzinfo=None)
    day, found = begin.date(), 0
    while day <= last.date():
        in_days, in_week = day.day in days, (day.isoweekday() % 7) in weekdays
        if day.month in months and ((in_days or in_week) if either else (in_days and in_week)):
            if begin.date() < day < last.date():
                found += len(minutes) * len(hours)
            else:
                moments = (dt.datetime.combine(day, dt.time(hour, minute)) for hour in hours for minute in minutes)
                found += sum(begin < moment <= last for moment in moments)
        day += dt.timedelta(days=1)
    return found
