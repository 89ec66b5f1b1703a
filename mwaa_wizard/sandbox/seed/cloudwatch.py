"""Write planned streams to CloudWatch Logs, within the limits of PutLogEvents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.seed.task_logs import Stream

#: CloudWatch Logs quotas, PutLogEvents: events per call, and bytes per call counting 26 more for each event.
MOST_EVENTS = 10_000
MOST_BYTES = 1_048_576
EVENT_OVERHEAD = 26

_THREADS = 8


def ensure_group(logs: Any, group: str) -> None:
    """Create the log group; one that exists is what we want."""
    try:
        logs.create_log_group(logGroupName=group)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def batches(stream: Stream) -> list[list[dict[str, Any]]]:
    """The events of one stream cut into calls; a try of more than 24 h does not occur in the seed."""
    cut: list[list[dict[str, Any]]] = [[]]
    size = 0
    for millis, message in stream.events:
        cost = len(message.encode()) + EVENT_OVERHEAD
        if cut[-1] and (len(cut[-1]) == MOST_EVENTS or size + cost > MOST_BYTES):
            cut.append([])
            size = 0
        cut[-1].append({"timestamp": millis, "message": message})
        size += cost
    return cut


def _write(logs: Any, group: str, stream: Stream) -> int:
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream.name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
        return 0  # written by an earlier call: writing again would double the events
    for events in batches(stream):
        answer = logs.put_log_events(logGroupName=group, logStreamName=stream.name, logEvents=events)
        if answer.get("rejectedLogEventsInfo"):
            raise WizardError(
                what=f"CloudWatch Logs rejected seeded events of {stream.name}.",
                changed="Streams written before it stay in the sandbox.",
                remedy="Check this machine's clock.",
                code=str(answer["rejectedLogEventsInfo"]),
            )
    return len(stream.events)


def write_streams(logs: Any, group: str, streams: Iterable[Stream], progress: Callable[[str], None]) -> tuple[int, int]:
    """Write all streams with a few threads; returns (streams, events) newly written.

    Raises WizardError for rejected events, botocore's ClientError for refused calls.
    """
    ensure_group(logs, group)
    written = events = 0
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="seed-logs") as pool:
        for count in pool.map(lambda stream: _write(logs, group, stream), streams):
            written += count > 0
            events += count
            if count and written % 500 == 0:
                progress(_("{count} task log streams").format(count=written))
    return written, events
