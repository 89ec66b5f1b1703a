"""Write the sandbox's own words (installing, startup script) to CloudWatch Logs, in MWAA's groups and streams."""

from __future__ import annotations

import logging
import socket
import time
from typing import Any

from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.text import clean

# The components that install packages and run the startup script, hence where MWAA writes these streams.
COMPONENTS = ("Scheduler", "Worker", "WebServer")
# One PutLogEvents call: 1,048,576 bytes and 10,000 events, 26 bytes counted on top of each (CloudWatch Logs quotas).
_MAX_BYTES, _MAX_EVENTS, _OVERHEAD = 1_000_000, 9_000, 26


def write_stream(role: RoleCredentials, spec: RuntimeSpec, kind: str, text: str, log: logging.Logger) -> None:
    """Put `text` as a new stream `<kind>_<host>_<epoch>.log` into each enabled component's group.

    A refusal is logged, not raised: on MWAA, too, a role without logs rights only loses the log.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    now = int(time.time() * 1000)
    lines = last_batch(text)
    if not lines:
        return
    events: list[dict[str, Any]] = [{"timestamp": now, "message": line} for line in lines]
    stream = f"{kind}_{socket.gethostname()}_{time.time():.6f}.log".replace(":", "_")
    for component in COMPONENTS:
        if spec.log_level(component) is None:
            continue
        group = spec.log_group_arn(component).split(":")[6]
        try:
            logs = role.client("logs", spec)
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        except (ClientError, BotoCoreError) as error:
            log.warning("%s/%s was not written: %s", group, stream, error)


def last_batch(text: str) -> list[str]:
    """The last non-empty lines that fit into one PutLogEvents call."""
    kept: list[str] = []
    room = _MAX_BYTES
    for line in reversed([clean(line) for line in text.splitlines() if line.strip()]):
        room -= len(line.encode()) + _OVERHEAD
        if room < 0 or len(kept) == _MAX_EVENTS:
            break
        kept.append(line)
    return kept[::-1]
