"""What happened in one DAG run: states, tries and times of every task instance.

States follow Airflow's own rules for trigger rules, branching, short circuits and mapped tasks, so that a
verification by state finds the same mixture as in production.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mwaa_wizard.sandbox.seed.runs import Run
from mwaa_wizard.sandbox.seed.shape import NEVER_ON_A_WORKER, Task

_BAD = ("failed", "upstream_failed")


@dataclass(frozen=True)
class Try:
    """One attempt: times in UTC, and whether it failed."""

    queued: datetime
    start: datetime
    end: datetime
    failed: bool


@dataclass
class Instance:
    """One task instance after its run: ``tries`` is empty when no worker ever saw it."""

    task: Task
    map_index: int
    state: str
    start: datetime
    end: datetime
    tries: list[Try] = field(default_factory=list)


@dataclass
class Outcome:
    """One finished run."""

    run: Run
    state: str
    queued: datetime
    start: datetime
    end: datetime | None
    instances: list[Instance]


def _verdict(task: Task, states: list[str]) -> str | None:
    """The state a trigger rule forces on a task whose upstreams are done, or None: it runs.

    Source: Airflow docs, "Trigger Rules"; airflow/ti_deps/deps/trigger_rule_dep.py.
    """
    bad = any(state in _BAD for state in states)
    if task.rule == "all_done":
        return None
    if task.rule == "one_failed":
        return None if bad else "skipped"
    if bad:
        return "upstream_failed"
    if task.rule == "none_failed_min_one_success":
        return None if "success" in states else "skipped"
    return "skipped" if "skipped" in states else None


class _Clock:
    """Turns simulated seconds into time: squeezed when the run would otherwise end after ``limit``."""

    def __init__(self, start: datetime, limit: datetime) -> None:
        self.start, self.limit = start, limit

    def squeeze(self, longest: float) -> float:
        room = (self.limit - self.start).total_seconds()
        return 1.0 if longest <= room else max(room, 1.0) / longest

    def at(self, seconds: float, scale: float) -> datetime:
        return self.start + timedelta(seconds=seconds * scale)


@dataclass
class _Draft:
    task: Task
    map_index: int
    state: str
    begin: float
    end: float
    tries: list[tuple[float, float, float, bool]]


def _attempts(
    task: Task, rng: random.Random, ready: float
) -> tuple[str, float, list[tuple[float, float, float, bool]]]:
    tries = []
    moment = ready
    for number in range(task.retries + 1):
        queued = moment + rng.uniform(0.2, 2.0)
        start = queued + rng.uniform(0.4, 6.0)
        failed = rng.random() < (min(task.fails * 2, 0.5) if number == 0 else 0.5)
        moment = start + max(0.3, task.seconds * rng.lognormvariate(0, 0.35)) * (rng.uniform(0.2, 1) if failed else 1)
        tries.append((queued, start, moment, failed))
        if not failed:
            return "success", moment, tries
        moment += 60.0  # retry_delay of the DAG files' default_args
    return "failed", tries[-1][2], tries


def simulate(run: Run, now: datetime) -> Outcome:
    """Play ``run`` to its end, which is before ``now``; a stale run stops in its second task for ever."""
    rng = run.rng()
    states: dict[str, str] = {}
    ends: dict[str, float] = {}
    not_chosen: set[str] = set()
    drafts: list[_Draft] = []
    for task in run.dag.tasks:
        ready = max((ends[up] for up in task.upstream), default=rng.uniform(1, 5))
        verdict = "skipped" if task.task_id in not_chosen else _verdict(task, [states[up] for up in task.upstream])
        if verdict is not None or task.operator == NEVER_ON_A_WORKER:
            moment = ready + rng.uniform(0.2, 1.5)
            drafts.append(_Draft(task, -1, verdict or "success", moment, moment, []))
            states[task.task_id], ends[task.task_id] = verdict or "success", moment
            continue
        indexes = range(rng.randint(*task.mapped)) if task.mapped else (-1,)
        outcomes = []
        for index in indexes:
            state, end, tries = _attempts(task, rng, ready)
            drafts.append(_Draft(task, index, state, tries[-1][1], end, tries))
            outcomes.append((state, end))
        states[task.task_id] = "failed" if any(state == "failed" for state, _end in outcomes) else "success"
        ends[task.task_id] = max(end for _state, end in outcomes)
        if task.branches and states[task.task_id] == "success":
            not_chosen |= _not_chosen(task, rng)
    return _timed(run, rng, now, drafts, states)


def _not_chosen(task: Task, rng: random.Random) -> set[str]:
    names = [name for name, _weight in task.branches]
    if task.operator == "ShortCircuitOperator":
        return set(names) if rng.random() < task.skips else set()
    chosen = rng.choices(names, [weight for _name, weight in task.branches])[0]
    return {name for name in names if name != chosen}


def _timed(run: Run, rng: random.Random, now: datetime, drafts: list[_Draft], states: dict[str, str]) -> Outcome:
    queued = run.due + timedelta(seconds=rng.uniform(0.3, 4))
    start = queued + timedelta(seconds=rng.uniform(0.1, 2))
    clock = _Clock(start, now - timedelta(seconds=5))
    longest = max(draft.end for draft in drafts) + 2
    scale = clock.squeeze(longest)
    instances = [
        Instance(
            draft.task,
            draft.map_index,
            draft.state,
            clock.at(draft.begin, scale),
            clock.at(draft.end, scale),
            [
                Try(clock.at(q, scale), clock.at(s, scale), clock.at(e, scale), failed)
                for q, s, e, failed in draft.tries
            ],
        )
        for draft in drafts
    ]
    if run.stale:
        instances = [i for i in instances if i.tries][:2]
        for instance in instances:
            instance.state = "running"
        return Outcome(run, "running", queued, start, None, instances)
    # Airflow decides by the leaves: a run fails when a leaf failed (DagRun.update_state).
    used = {up for task in run.dag.tasks for up in task.upstream}
    leaves = [states[task.task_id] for task in run.dag.tasks if task.task_id not in used]
    state = "failed" if any(leaf in _BAD for leaf in leaves) else "success"
    return Outcome(run, state, queued, start, clock.at(longest, scale), instances)
