"""The measurements that run inside the program; each returns what JSON can hold."""

from __future__ import annotations

import gc
import os
import statistics
import time
from pathlib import Path
from typing import Any

from mwaa_wizard.execution.events import Line, RunFinished, RunStarted, StepChanged
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import flow
from tests.captures.world import CaptureEngine, a_run, a_session
from tests.screens.fakes import FakeRunner

from .watched import Watched

TURNS = 5
TEXT = "{number:09d} task_instance part 4: 125,000 rows, 7.9 MiB to s3://mwaa-migration-5f2c9a10/run-1/task_instance"


async def switch(app: Watched, engine: CaptureEngine) -> dict[str, float]:
    """Every page after another one, medians of some turns; the first turn loads the modules and does not count."""
    session = a_session()
    app.open(session, "connect")
    assert app.opened is not None
    app.opened.runs["full"] = a_run(session, "done", "")
    found: dict[str, list[float]] = {}
    first: dict[str, float] = {}
    cpu: dict[str, list[float]] = {}
    for turn in range(TURNS + 1):
        for page in flow.shown(session):
            await app.quiet()
            took = await app.switch(page)
            if turn:
                found.setdefault(page, []).append(took)
                cpu.setdefault(page, []).append(app.switch_cpu)
            else:
                first[page] = took
    return {
        **{page: statistics.median(times) for page, times in found.items()}, "first:worst": max(first.values()),
        "cpu": max(statistics.median(times) for times in cpu.values()),
    }  # fmt: skip


class Talker(FakeRunner):
    """A run whose step says so many lines a second for so many seconds (0: as fast as it can)."""

    rate, count = 1000, 10_000
    said = 0
    took = 0.0

    def run(self) -> None:
        self._emit(RunStarted(steps=tuple(step.id for step in self.steps)))
        step = self.steps[0].id
        self._emit(StepChanged(step=step, state="running"))
        began = time.perf_counter()
        batch = max(1, self.rate // 100) if self.rate else 1000
        while self.said < self.count and not self.cancel.is_set():
            for _turn in range(min(batch, self.count - self.said)):
                self.said += 1
                self._emit(Line(step=step, level="INFO", text=TEXT.format(number=self.said)))
            if self.rate:
                ahead = began + self.said / self.rate - time.perf_counter()
                if ahead > 0:
                    time.sleep(ahead)
        self.took = time.perf_counter() - began
        self._emit(RunFinished(outcome="stopped", failed_step=step))


async def _talk(app: Watched, engine: CaptureEngine, rate: int, count: int) -> Talker:
    session = a_session()
    app.open(session, "run")
    assert app.opened is not None
    await app.until(lambda: getattr(app.screen, "PAGE", "") == "run")
    await app.quiet()
    made: list[Talker] = []

    def make_runner(session_: Any, _kind: str, listener: Any) -> Talker:
        runner = Talker(engine, session_, engine_steps, listener)
        runner.rate, runner.count = rate, count
        made.append(runner)
        return runner

    from mwaa_wizard.front import engine as seam

    engine_steps: Any = seam.plan(session)
    run = app.opened.run("full")
    run.start(lambda listener: make_runner(session, "full", listener))
    await app.until(lambda: bool(made))
    return made[0]


async def lag(app: Watched, engine: CaptureEngine, rate: str, seconds: str) -> dict[str, float]:
    """The worst lateness of the event loop while the run page receives lines."""
    still = max(await app.watch_lag(3))
    talker = await _talk(app, engine, int(rate), int(rate) * int(seconds))
    lags = sorted(await app.watch_lag(float(seconds)))
    shown = "\n".join("".join(part.text for part in strip) for strip in app.screen._compositor.render_strips())
    said = talker.said
    newest = max((int(word) for word in shown.split() if word.isdigit() and len(word) == 9), default=0)
    talker.cancel.set()
    return {
        "still": still, "worst": lags[-1], "p99": lags[int(len(lags) * 0.99)], "said": said, "behind": said - newest,
        "rate": said / max(0.001, talker.took or float(seconds)),
    }  # fmt: skip


async def memory(app: Watched, engine: CaptureEngine, lines: str) -> dict[str, float]:
    """Resident memory once the run page has received so many lines, and the most there was."""
    before = _resident()
    talker = await _talk(app, engine, 0, int(lines))
    lags = []
    while talker.took == 0:
        lags += await app.watch_lag(0.5)
    await app.quiet()
    found = {"before": before, "after": _resident(), "peak": _status("VmHWM")}
    return {**found, "seconds": talker.took, "worst": max(lags)}


def _resident() -> float:
    gc.collect()
    return _status("VmRSS")


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def environments(app: Watched, engine: CaptureEngine, count: str) -> dict[str, float]:
    """Keys on page Source with that many environments."""
    engine.many = int(count) - 4
    app.open(a_session(), "source")
    await app.until(lambda: len(getattr(app.screen, "_shown", ())) == int(count))
    return await _keys(app, "e00042")


async def dags(app: Watched, engine: CaptureEngine, count: str) -> dict[str, float]:
    """Keys on the cut-over board with that many DAGs, picks of all of them among them."""
    from screens.widgets.row_list import RowList

    engine.many = int(count) - 7
    engine.dressed()
    app.open(a_session(), "cutover")
    assert app.opened is not None
    app.opened.runs["full"] = a_run(app.opened.session, "done", "")
    await app.until(lambda: any(found.virtual_size.height >= int(count) for found in app.screen.query(RowList)))
    await app.quiet()
    picks = {f"pick ({key})": await app.key(key) for key in ("space", "a", "i", "0")}
    return {**picks, **await _keys(app, "m_0042")}


async def streams(app: Watched, _engine: CaptureEngine, count: str) -> dict[str, float]:
    """No page lists log streams one by one; this is the widget that would, with a filter over their names."""
    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widgets import Input

    from screens.widgets.long_list import LongList

    name = "dag_id=etl_{dag:04d}/run_id=scheduled__{n:07d}/task_id=load/attempt=1.log"
    names = [name.format(dag=n % 997, n=n) for n in range(int(count))]

    class Streams(Screen[None]):
        BINDINGS = [("slash", "filter")]

        def compose(self) -> ComposeResult:
            yield Input(compact=True)
            yield LongList()

        def on_mount(self) -> None:
            self.query_one(LongList).columns([("Stream", 0)])
            self.query_one(LongList).focus()
            self.narrow("")

        def narrow(self, word: str) -> None:
            shown = [name for name in names if word in name]
            self.query_one(LongList).rows(len(shown), lambda row: [shown[row]])

        def on_input_changed(self, event: Input.Changed) -> None:
            self.narrow(event.value)

        def action_filter(self) -> None:
            self.query_one(Input).focus()

    await app.push_screen(Streams())
    return await _keys(app, "h__0042")


async def _keys(app: Watched, typed: str) -> dict[str, float]:
    """Down, page down, end, home, and each letter of a filter."""
    from textual.widgets import Input

    await app.quiet()
    found = {"down": await app.keys("down", 7), "page down": await app.keys("pagedown", 7)}
    found["end"], found["home"] = await app.keys("end", 3), await app.keys("home", 3)
    await app.key("slash")
    for field in app.screen.query(Input):
        field.cursor_blink = False
    await app.quiet()
    letters = [await app.key(letter) for letter in typed]
    found |= {"filter, worst letter": max(letters), "filter, median letter": statistics.median(letters)}
    return {**found, "cpu": app.most_cpu}


def big_log(path: Path, size: int) -> int:
    """A log of `size` bytes; how many lines it has."""
    lines = [f"12:{n // 60 % 60:02d}:{n % 60:02d} {'WARN ' if n % 97 == 0 else 'INFO '} " + TEXT.format(number=n)
             for n in range(80_000)]  # fmt: skip
    block = ("\n".join(lines) + "\n").encode()
    with open(path, "wb") as file:
        written = 0
        while written < size:
            file.write(block)
            written += len(block)
        file.write(b"12:00:00 INFO  the-last-line-of-the-log\n")
    return written // len(block) * len(lines) + 1


async def large_log(app: Watched, engine: CaptureEngine, megabytes: str, key: str) -> dict[str, float]:
    """From the key to the first screen of lines of a log of that size, and a search that reads all of it."""
    session = a_session()
    app.open(session, "connect")
    run = a_run(session, "done", "")
    assert app.opened is not None
    app.opened.runs["full"] = run
    path = StepLogs(session.id).path("clean-up")
    lines = big_log(path, int(megabytes) << 20)
    os.sync()
    await app.switch("run")
    await app.quiet()

    def seen(word: str) -> bool:
        return any(word in "".join(part.text for part in strip) for strip in app.screen._compositor.render_strips())

    from textual import events

    screen, started = app.screen, time.perf_counter()
    app.post_message(events.Key(key, key))
    await app.until(lambda: app.screen is not screen and (seen("part 4: 125,000") or seen("the-last-line")), 30)
    opened = (time.perf_counter() - started) * 1000
    await app.quiet()
    moves = {name: await app.keys(name, 5) for name in ("pageup", "home", "end", "down")}
    return {"open": opened, "lines": lines, **moves}


