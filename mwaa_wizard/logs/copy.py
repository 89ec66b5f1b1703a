"""Copies task logs from the source's group to the target's, event by event with the original times.

The wizard's host reads and writes with the operator's credentials of each side, so accounts and regions may differ
and no role needs more rights. Times must stay: Airflow's UI reads a try's events only up to the end of the task
(apache-airflow-providers-amazon 8.7.1 and later, CloudwatchTaskHandler).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.logs import batches, group, streams
from mwaa_wizard.logs.batches import LogEvent
from mwaa_wizard.logs.pace import Pace
from mwaa_wizard.logs.wanted import LogResult, LogWanted

THREADS = 8
KIND = "log-stream"  # journal kind of a stream that was made
COPIED = "copied"  # journal event with the counts of a whole copy

_Run = list[LogWanted]


def copy_logs(ctx: Context, wanted: list[LogWanted]) -> LogResult:
    """Copy every try of the wanted task instances; safe to run again, also after a half-done copy.

    A stream that has all events is left alone, one that lacks some gets exactly those. Events CloudWatch Logs drops
    (older than 14 days or than the group's retention) are counted by reason. Raises WizardError if the target has no
    task log group, Cancelled when the user stops: what was copied stays and is found again.
    """
    result = LogResult(wanted=len(wanted))
    if not wanted:
        return result
    source, target = group.task_log_group(ctx, "source"), group.task_log_group(ctx, "target")
    if not group.exists(ctx, "source", source):
        ctx.log(_("The source has no log group {group}: there are no task logs to copy.").format(group=source), "WARN")
        result.missing = len(wanted)
        return result
    if not group.exists(ctx, "target", target):
        raise WizardError(
            what=_("The target has no task log group {group}.").format(group=target),
            changed=_("No log was copied."),
            remedy=_("Switch task logs on in the target's logging settings (MWAA then makes the group), then resume."),
        )
    _Copy(ctx, source, target, result).run(wanted)
    ctx.journal.write(ctx.step, COPIED, **result.as_facts())
    return result


class _Copy:
    def __init__(self, ctx: Context, source_group: str, target_group: str, result: LogResult) -> None:
        self.ctx, self.result = ctx, result
        self.groups = {"source": source_group, "target": target_group}
        self.pace = {
            "source": Pace(ctx, ctx.client("source", "logs")),
            "target": Pace(ctx, ctx.client("target", "logs")),
        }
        self.lock = threading.Lock()
        self.failed = threading.Event()
        self.journaled = {record["name"] for record in ctx.journal.live(KIND)}

    def run(self, wanted: list[LogWanted]) -> None:
        """DAG runs go to threads; each lists its streams once on either side."""
        # By prefix: two run ids that differ in ":" and "_" only share their streams, and one thread must have both.
        runs: dict[str, _Run] = {}
        for item in wanted:
            runs.setdefault(streams.run_prefix(item.dag_id, item.run_id), []).append(item)
        done = 0
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(self._one_run, run) for run in runs.values()]
            open_ones = set(futures)
            while open_ones:
                finished, open_ones = wait(open_ones, timeout=1.0, return_when=FIRST_EXCEPTION)
                done += len(finished)
                detail = ngettext("{n} event written", "{n} events written", self.result.events_written)
                self.ctx.progress(done, len(futures), _("runs"), detail.format(n=self.result.events_written))
                if any(future.exception() for future in finished):
                    self.failed.set()
                    break
            for future in open_ones:
                future.cancel()
        for future in futures:
            if not future.cancelled():
                future.result()

    def _safe_point(self) -> bool:
        """False when another thread failed; raises Cancelled when the user asked to stop."""
        self.ctx.safe_point()
        return not self.failed.is_set()

    def _one_run(self, run: _Run) -> None:
        if not self._safe_point():
            return
        first = run[0]
        prefix = streams.run_prefix(first.dag_id, first.run_id)
        if not streams.fits(prefix):
            with self.lock:
                self.result.missing += len(run)
            return
        here = self._list("source", prefix)
        there = set(self._list("target", prefix))
        seen: set[str] = set()
        for item in run:
            pairs = [pair for pair in self._pairs(item, here) if pair[1] not in seen]
            seen |= {name for _stream, name in pairs}
            with self.lock:
                self.result.streams_found += len(pairs)
                self.result.missing += 0 if pairs else 1
            for stream, name in pairs:
                if not self._safe_point():
                    return
                self._one_stream(stream, name, exists=name in there)

    def _pairs(self, item: LogWanted, here: list[str]) -> list[tuple[str, str]]:
        """(source stream, target stream) of all tries of a task instance, the oldest try first."""
        folder = streams.task_folder(item.dag_id, item.run_id, item.task_id, item.map_index)
        found = [(name, name) for name in here if streams.try_of(name, folder) is not None]
        if not found and item.logical_date is not None and item.map_index < 0:
            legacy = streams.legacy_folder(item.dag_id, item.task_id, item.logical_date)
            names = [name for name in self._list("source", legacy) if streams.try_of(name, legacy) is not None]
            return [(name, streams.modern(name, legacy, folder)) for name in names]
        return sorted(found)

    def _list(self, side: str, prefix: str) -> list[str]:
        found: list[str] = []
        request: dict[str, Any] = {"logGroupName": self.groups[side], "logStreamNamePrefix": prefix, "limit": 50}
        while True:
            answer = self.pace[side].call("describe_log_streams", **request)
            found += [stream["logStreamName"] for stream in answer["logStreams"]]
            if not answer.get("nextToken"):
                return found
            request["nextToken"] = answer["nextToken"]

    def _read(self, side: str, name: str) -> Iterator[LogEvent]:
        """All events of a stream. An empty page is not the end; the same token twice is (GetLogEvents)."""
        token: str | None = None
        while True:
            request: dict[str, Any] = {"nextToken": token} if token else {}
            answer = self.pace[side].call(
                "get_log_events", logGroupName=self.groups[side], logStreamName=name, startFromHead=True, **request
            )
            for event in answer["events"]:
                yield LogEvent(int(event["timestamp"]), str(event["message"]))
            if answer["nextForwardToken"] == token:
                return
            token = answer["nextForwardToken"]

    def _one_stream(self, stream: str, name: str, *, exists: bool) -> None:
        events = list(self._read("source", stream))
        usable = [event for event in events if batches.takes(event)]
        made = not exists and self._make(name)
        lacking = usable if made else batches.lacking(usable, self._read("target", name))
        rejected = self._put(name, lacking)
        written = len(lacking) - sum(rejected.values())
        with self.lock:
            self.result.events_read += len(events)
            self.result.events_written += written
            self.result.reject("too_large", len(events) - len(usable))
            for reason, count in rejected.items():
                self.result.reject(reason, count)
            if made or written:
                self.result.streams_copied += 1
            else:
                self.result.already_there += 1

    def _make(self, name: str) -> bool:
        # Journaled first: a kill in between leaves a record without a stream, which undo passes over.
        with self.lock:
            known = name in self.journaled
            self.journaled.add(name)
        if not known:
            self.ctx.made(KIND, name, group=self.groups["target"])
        try:
            self.pace["target"].call("create_log_stream", logGroupName=self.groups["target"], logStreamName=name)
        except Exception as problem:
            if code_of(problem) != "ResourceAlreadyExistsException":
                raise
            return False
        return True

    def _put(self, name: str, events: list[LogEvent]) -> dict[str, int]:
        """Write the events and say how many were dropped, by reason."""
        rejected: dict[str, int] = {}
        for batch in batches.batches(events):
            answer = self.pace["target"].call(
                "put_log_events",
                logGroupName=self.groups["target"],
                logStreamName=name,
                logEvents=[event._asdict() for event in batch],
            )
            for reason, count in batches.rejections(answer.get("rejectedLogEventsInfo", {}), len(batch)).items():
                rejected[reason] = rejected.get(reason, 0) + count
        return rejected


def remove_copies(ctx: Context) -> int:
    """Undo: delete the streams this session made on the target; those Airflow itself made stay. Returns how many."""
    count = 0
    client = ctx.client("target", "logs")
    for record in reversed(ctx.journal.live(KIND)):
        ctx.safe_point()
        try:
            client.delete_log_stream(logGroupName=record["group"], logStreamName=record["name"])
            count += 1
        except Exception as problem:
            if code_of(problem) != "ResourceNotFoundException":
                raise
        ctx.removed(KIND, record["name"], group=record["group"])
    return count
