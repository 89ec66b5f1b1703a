"""How long something still takes, told only where that can be known: from up to a minute of samples and a known total.

The first counts say little: a DAG that has only just begun with its smallest table seems to need an hour.
"""

from __future__ import annotations

import datetime as dt

Samples = tuple[tuple[dt.datetime, int], ...]

SPAN = 60.0  # seconds of samples that count
LEAST = 1.0  # seconds of samples without which nothing is said
ENOUGH = 10.0  # seconds of samples that say something however little was done meanwhile
PART = 0.01  # of the whole, done meanwhile: says something in less time
_EVERY = 0.5  # seconds between two samples that are kept


def sampled(samples: Samples, at: dt.datetime, done: int) -> Samples:
    """The samples with one more; a count that goes down begins anew, old samples are dropped."""
    if samples and done < samples[-1][1]:
        samples = ()
    if len(samples) > 1 and (samples[-1][0] - samples[-2][0]).total_seconds() < _EVERY:
        samples = samples[:-1]
    first = at - dt.timedelta(seconds=SPAN)
    # One from before the span stays: without it a slow count would have nothing to be compared with.
    old = sum(1 for when, _count in samples if when < first)
    return (*samples[max(0, old - 1) :], (at, done))


def seconds_left(samples: Samples, total: int | None, now: dt.datetime) -> float | None:
    """Seconds until `total` at the pace of the samples; None where that is not known."""
    if not total or len(samples) < 2:
        return None
    (first, before), (_last, done) = samples[0], samples[-1]
    # Up to now, not to the last sample: a count that stands still gets slower.
    took = (now - first).total_seconds()
    if took < LEAST or done <= before:
        return None
    if took < ENOUGH and done - before < PART * total:
        return None
    return max(0.0, (total - done) * took / (done - before))
