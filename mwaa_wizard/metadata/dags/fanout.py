"""Several tasks of one DAG run share the work: the lead plans, the others do their share, the bucket is between them.

The lead holds the snapshot, does what nobody else does, and ends the run. What a task leaves is the same whoever does
it, so a share may be taken over at any time: two of them doing the same unit is a waste and no harm.
"""

import functools
import json
import threading
import time
import uuid

POLL = 1.0
PATIENCE = 60.0  # seconds another task waits for a lead that has not begun
LIVES = ("running", "restarting")
BEGINS = ("scheduled", "queued", "up_for_retry")
OVER = ("success", "failed", "upstream_failed", "skipped", "removed", "shutdown")


def shares(items, tasks):
    """Who does what: a list per task, item i with task i modulo `tasks`."""
    return [items[number::tasks] for number in range(tasks)]


def task_states(job):
    """{task id: state} of this DAG run in the metadata database; {} where this is not a run of the scheduler's."""
    connection, cursor = open_database()
    try:
        mine = reflect(cursor, ("task_instance", "dag_run"))
        link = "run_id" if "run_id" in mine["task_instance"] else "execution_date"
        cursor.execute("SELECT t.task_id, t.state FROM task_instance t JOIN dag_run r ON r.dag_id = t.dag_id"
                       " AND r.%s = t.%s WHERE t.dag_id = %%s AND r.run_id = %%s" % (link, link),
                       (job.dag_id, job.run_id))
        return dict(cursor.fetchall())
    finally:
        close_database(connection)


class Board(object):
    """What the tasks of one run tell each other, as small JSON objects below work/."""

    def __init__(self, job):
        self.job = job

    def _key(self, name):
        return WORK.format(dag_id=self.job.dag_id, run_id=self.job.run_id, name=name)

    def put(self, name, document):
        """Overwrite one document."""
        self.job.store.write_json(self._key(name), document)

    def get(self, name):
        """A document, or None."""
        return self.job.store.read_json(self._key(name))


class Lead(object):
    """The lead's view of the others' shares."""

    def __init__(self, job, tasks):
        self.job, self.tasks, self.board = job, tasks, Board(job)
        # A cleared run has the same id: what its first attempt left must not be taken for the second one's.
        self.word = {"over": False, "stage": None, "taken": [], "attempt": uuid.uuid4().hex[:8]}
        self.say()

    def say(self, **facts):
        """Tell the others (see Follower)."""
        if self.tasks > 1:
            self.word.update(facts)
            self.board.put("lead", self.word)

    def open(self, stage, plan):
        """Let the others begin with a stage. Args: plan: what they need to know, JSON."""
        if self.tasks > 1:
            self.board.put("plan-%s-%s" % (stage, self.word["attempt"]), plan)
            self.say(stage=stage, taken=[])

    def collect(self, stage, items, told, take_over):
        """Until every item of the other tasks is done: take in what they report, do what nobody will do.

        Args: items: [per task [item]]; items are JSON lists. told(item, result): once per item.
        take_over(items): does them here and calls told.
        """
        left = {share: {json.dumps(item): item for item in items[share]} for share in range(1, self.tasks)}
        left = {share: missing for share, missing in left.items() if missing}
        while left:
            states = task_states(self.job)
            for share in list(left):
                # The state is older than the report: who ended after it was read is looked at again.
                report = self.board.get("share-%d-%s-%s" % (share, stage, self.word["attempt"]))
                report = report or {"done": [], "error": ""}
                for item, result in report["done"]:
                    if left[share].pop(json.dumps(item), None) is not None:
                        told(item, result)
                if not left[share]:
                    del left[share]
                elif report["error"] or states.get("share_%d" % share) not in LIVES:
                    missing = list(left.pop(share).values())
                    self.say(taken=self.word["taken"] + [share])
                    self.job.log("Task share_%d %s; its %d units are done here." % (
                        share, "failed (%s)" % report["error"] if report["error"] else
                        "is %s" % (states.get("share_%d" % share) or "not there"), len(missing)))
                    take_over(missing)
            if left:
                time.sleep(POLL)


class Follower(object):
    """Another task's view: waits for the lead's stages, reports what is done."""

    def __init__(self, job):
        self.job, self.board, self.seen, self.attempt = job, Board(job), None, ""

    def next_stage(self):
        """(stage, its plan) when the lead opens a new one; None when the lead is done or gone."""
        asked = 0
        while True:
            word = self.board.get("lead") or {"over": False, "stage": None, "taken": []}
            if word["over"] and (asked * POLL >= PATIENCE or not self._is_old(word)):
                return None
            opened = (word.get("attempt"), word["stage"])
            news = not word["over"] and word["stage"] is not None and opened != self.seen
            if news and self.job.share not in word["taken"]:
                self.seen, (self.attempt, stage) = opened, opened
                return stage, self.board.get("plan-%s-%s" % (stage, self.attempt))
            asked += 1
            if asked % 10 == 0:
                state = task_states(self.job).get("run")
                # A lead that waits for a worker may wait for this very one.
                if state in OVER or (state not in LIVES and asked * POLL >= PATIENCE):
                    return None
            time.sleep(POLL)

    def _is_old(self, word):
        """Whether the lead's word may be that of an attempt before this one: it is at work, and not on what we saw."""
        return word.get("attempt") != self.attempt and task_states(self.job).get("run") in LIVES + BEGINS

    def work(self, stage, items, do):
        """Do a share: do(items, told). An error is told to the lead, which then does the rest itself."""
        report, lock, written = {"done": [], "error": ""}, threading.Lock(), [time.time()]
        name = "share-%d-%s-%s" % (self.job.share, stage, self.attempt)

        def told(item, result):
            with lock:
                report["done"].append([item, result])
                if time.time() - written[0] >= POLL:
                    self.board.put(name, report)
                    written[0] = time.time()

        try:
            do(items, told)
        except Exception as error:
            report["error"] = first_line(error)
            self.job.log("Given back to the lead: %s" % report["error"])
        self.board.put(name, report)


def follow(job, do):
    """A whole follower task. Args: do(stage, plan, items, told) does its items of plan["items"]."""
    follower = Follower(job)
    found = follower.next_stage()
    while found:
        stage, plan = found
        items = shares(plan["items"], plan["tasks"])[job.share]
        follower.work(stage, items, functools.partial(do, stage, plan))
        found = follower.next_stage()
