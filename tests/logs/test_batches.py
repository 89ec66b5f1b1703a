"""PutLogEvents' limits, as properties."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mwaa_wizard.logs import batches
from mwaa_wizard.logs.batches import LogEvent

DAY = batches.MAX_SPAN_MS
_events = st.lists(
    st.builds(
        LogEvent,
        st.integers(0, 5 * DAY),
        st.one_of(st.text(min_size=1, max_size=5), st.integers(1, 400_000).map(lambda size: "é" * size)),
    ),
    max_size=30,
)


@given(_events)
def test_every_batch_is_within_the_limits_and_nothing_is_lost(events: list[LogEvent]) -> None:
    made = list(batches.batches(events))
    assert Counter(event for batch in made for event in batch) == Counter(events)
    flat = [event.timestamp for batch in made for event in batch]
    assert flat == sorted(flat)
    for batch in made:
        assert 0 < len(batch) <= batches.MAX_EVENTS
        assert sum(len(event.message.encode()) + 26 for event in batch) <= 1_048_576
        assert batch[-1].timestamp - batch[0].timestamp <= DAY


def test_the_limits_are_used_to_the_last_byte_event_and_millisecond() -> None:
    full = LogEvent(0, "x" * (1_048_576 - 26))
    assert batches.takes(full)
    assert not batches.takes(LogEvent(0, full.message + "x"))
    assert not batches.takes(LogEvent(0, ""))
    half = "x" * (524_288 - 26)
    assert len(list(batches.batches([LogEvent(0, half)] * 2))) == 1
    assert len(list(batches.batches([LogEvent(0, half), LogEvent(0, half + "x")]))) == 2
    assert [len(b) for b in batches.batches([LogEvent(0, "x")] * 10_001)] == [10_000, 1]
    assert len(list(batches.batches([LogEvent(0, "a"), LogEvent(DAY, "b")]))) == 1
    assert len(list(batches.batches([LogEvent(0, "a"), LogEvent(DAY + 1, "b")]))) == 2


def test_equal_times_keep_their_order() -> None:
    events = [LogEvent(5, "c"), LogEvent(5, "a"), LogEvent(1, "z"), LogEvent(5, "b")]
    assert [event.message for batch in batches.batches(events) for event in batch] == ["z", "c", "a", "b"]


def test_lacking_counts_repeated_events() -> None:
    a, b = LogEvent(1, "a"), LogEvent(1, "b")
    assert batches.lacking([a, a, b], [a]) == [a, b]
    assert batches.lacking([a, b], [a, b, b]) == []


def test_rejections_are_told_apart() -> None:
    info = {"tooOldLogEventEndIndex": 2, "expiredLogEventEndIndex": 5, "tooNewLogEventStartIndex": 9}
    assert batches.rejections(info, 10) == {"too_old": 2, "expired": 3, "too_new": 1}
    assert batches.rejections({}, 10) == {}
    assert batches.rejections({"tooOldLogEventEndIndex": 10}, 10) == {"too_old": 10}
