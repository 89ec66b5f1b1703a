"""Cuts events into what one PutLogEvents call takes (CloudWatch Logs API reference, PutLogEvents)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAX_EVENTS = 10_000
MAX_BYTES = 1_048_576
OVERHEAD = 26  # bytes AWS counts for every event beside its UTF-8 message
MAX_SPAN_MS = 24 * 3_600_000


class LogEvent(NamedTuple):
    """One event: milliseconds since 1970 and the message, both exactly as read."""

    timestamp: int
    message: str


def size(event: LogEvent) -> int:
    """Bytes AWS counts for an event."""
    return len(event.message.encode()) + OVERHEAD


def takes(event: LogEvent) -> bool:
    """Whether PutLogEvents takes the event at all: not empty, and within one batch's bytes."""
    return bool(event.message) and size(event) <= MAX_BYTES


def batches(events: Iterable[LogEvent]) -> Iterator[list[LogEvent]]:
    """Chronological batches (equal times keep their order), each within count, bytes and 24 hours.

    Events that no batch can hold (`takes`) must be left out before.
    """
    batch: list[LogEvent] = []
    used = 0
    for event in sorted(events, key=lambda item: item.timestamp):
        full = len(batch) == MAX_EVENTS or used + size(event) > MAX_BYTES
        if batch and (full or event.timestamp - batch[0].timestamp > MAX_SPAN_MS):
            yield batch
            batch, used = [], 0
        batch.append(event)
        used += size(event)
    if batch:
        yield batch


def lacking(source: list[LogEvent], there: Iterable[LogEvent]) -> list[LogEvent]:
    """Events of `source` that are not there yet, in order; the same event twice counts twice."""
    have = Counter(there)
    found = []
    for event in source:
        if have[event] > 0:
            have[event] -= 1
        else:
            found.append(event)
    return found


def rejections(info: dict[str, int], count: int) -> dict[str, int]:
    """`rejectedLogEventsInfo` of a batch of `count` events as numbers by reason. End indexes are exclusive;
    events too old for CloudWatch are not counted again as expired by the group's retention.
    """
    too_old = info.get("tooOldLogEventEndIndex", 0)
    expired = max(0, info.get("expiredLogEventEndIndex", 0) - too_old)
    too_new = count - info["tooNewLogEventStartIndex"] if "tooNewLogEventStartIndex" in info else 0
    return {name: n for name, n in (("too_old", too_old), ("expired", expired), ("too_new", too_new)) if n}
