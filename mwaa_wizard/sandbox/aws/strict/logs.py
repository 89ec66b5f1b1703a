"""CloudWatch Logs. Sources: API reference of CreateLogGroup, CreateLogStream, PutLogEvents, PutRetentionPolicy,
GetLogEvents; "CloudWatch Logs quotas".
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict.answer import Answer

MAX_EVENTS = 10_000
MAX_BATCH_BYTES = 1_048_576
EVENT_OVERHEAD_BYTES = 26
MAX_SPAN_MS = 24 * 3_600_000
DAY_MS = 24 * 3_600_000
TOO_OLD_MS = 14 * DAY_MS
TOO_NEW_MS = 2 * 3_600_000
RETENTION_DAYS = frozenset(
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
)
_GROUP = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_STREAM = re.compile(r"[^:*]{1,512}")
#: Where the split of an accepted batch is remembered until moto has answered.
_REJECTED = "mwaa_wizard.rejected_log_events"


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def _constraint(value: str, member: str, pattern: str) -> AwsError:
    return _invalid(
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {pattern}"
    )


def before(request: AwsRequest, principal: Principal) -> None:
    """Checks of one request. Raises AwsError in AWS's words."""
    params = request.params
    operation = request.operation
    if operation == "CreateLogGroup" and not _GROUP.fullmatch(str(params.get("logGroupName", ""))):
        raise _constraint(str(params.get("logGroupName", "")), "logGroupName", r"[\.\-_/#A-Za-z0-9]+")
    if operation == "CreateLogStream" and not _STREAM.fullmatch(str(params.get("logStreamName", ""))):
        raise _constraint(str(params.get("logStreamName", "")), "logStreamName", "[^:*]*")
    if operation == "PutRetentionPolicy" and params.get("retentionInDays") not in RETENTION_DAYS:
        raise _invalid(
            f"1 validation error detected: Value '{params.get('retentionInDays')}' at 'retentionInDays' failed to "
            f"satisfy constraint: Member must satisfy enum value set: {sorted(RETENTION_DAYS)}"
        )
    if operation == "PutLogEvents":
        _put_log_events(request, principal)
    if operation == "GetLogEvents" and params.get("endTime") and not params.get("nextToken"):
        # AWS leaves out events at endTime itself; moto includes them.
        request.replace_body(json.dumps({**params, "endTime": int(params["endTime"]) - 1}).encode())


def _put_log_events(request: AwsRequest, principal: Principal) -> None:
    events = request.params.get("logEvents")
    if not isinstance(events, list) or not events:
        raise _invalid("1 validation error detected: Value at 'logEvents' must have length greater than or equal to 1")
    _check_batch(events)
    now = int(time.time() * 1000)
    retention = _retention_ms(request, principal)
    times = [int(event["timestamp"]) for event in events]
    too_old = sum(1 for stamp in times if stamp < now - TOO_OLD_MS)
    expired = sum(1 for stamp in times if retention and stamp < now - retention)
    newest = sum(1 for stamp in times if stamp <= now + TOO_NEW_MS)
    rejected: dict[str, int] = {}
    if too_old:
        rejected["tooOldLogEventEndIndex"] = too_old
    if expired:
        rejected["expiredLogEventEndIndex"] = expired
    if newest < len(events):
        rejected["tooNewLogEventStartIndex"] = newest
    if rejected:
        kept = events[max(too_old, expired) : newest]
        request.replace_body(json.dumps({**request.params, "logEvents": kept}).encode())
        request.environ[_REJECTED] = rejected


def _check_batch(events: list[dict[str, Any]]) -> None:
    if len(events) > MAX_EVENTS:
        raise _invalid(
            "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_EVENTS}"
        )
    size = 0
    previous: int | None = None
    for event in events:
        message = event.get("message")
        if not message:
            raise _invalid("Log event message must have length greater than or equal to 1")
        size += len(str(message).encode()) + EVENT_OVERHEAD_BYTES
        stamp = int(event["timestamp"])
        if previous is not None and stamp < previous:
            raise _invalid("Log events in a single PutLogEvents request must be in chronological order.")
        previous = stamp
    if size > MAX_BATCH_BYTES:
        raise _invalid(f"Upload too large: {size} bytes exceeds limit of {MAX_BATCH_BYTES}")
    if int(events[-1]["timestamp"]) - int(events[0]["timestamp"]) > MAX_SPAN_MS:
        raise _invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")


def _retention_ms(request: AwsRequest, principal: Principal) -> int:
    from moto.logs.models import logs_backends

    group = logs_backends[principal.account][request.region].groups.get(str(request.params.get("logGroupName")))
    return int(getattr(group, "retention_in_days", None) or 0) * DAY_MS


def after(request: AwsRequest, answer: Answer) -> None:
    """Say which events were dropped (the end indexes are exclusive, as on AWS), and end a page at its size."""
    if request.operation == "GetLogEvents" and answer.code == 200:
        _end_page(request, answer)
    rejected = request.environ.get(_REJECTED)
    if rejected and answer.code == 200:
        answer.replace(json.dumps({**json.loads(answer.body), "rejectedLogEventsInfo": rejected}).encode())


def _end_page(request: AwsRequest, answer: Answer) -> None:
    page = json.loads(answer.body)
    events = page["events"]
    sizes = [len(event["message"].encode()) + EVENT_OVERHEAD_BYTES for event in events]
    if sum(sizes) <= MAX_BATCH_BYTES:
        return
    token = str(request.params.get("nextToken") or "")
    forward = token.startswith("f/") or (not token and bool(request.params.get("startFromHead")))
    fitting = _fitting(sizes if forward else sizes[::-1])
    # moto's tokens are the indexes of a page's first (b/) and last (f/) event.
    first, last = int(page["nextBackwardToken"][2:]), int(page["nextForwardToken"][2:])
    if forward:
        page["events"], page["nextForwardToken"] = events[:fitting], f"f/{first + fitting - 1:056d}"
    else:
        page["events"], page["nextBackwardToken"] = events[-fitting:], f"b/{last - fitting + 1:056d}"
    answer.replace(json.dumps(page).encode())


def _fitting(sizes: list[int]) -> int:
    """How many of these fit into one page; at least one, as an event alone may be larger."""
    total = 0
    for number, size in enumerate(sizes):
        total += size
        if total > MAX_BATCH_BYTES:
            return max(number, 1)
    return len(sizes)
