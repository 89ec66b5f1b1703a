"""DAGs, runs, task instances and everything that hangs on them."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import datetime
import pickle

import values
from writer import RELEASE

DONE = ("success", "failed", "skipped", "upstream_failed", "removed")
MOVING = (None, "queued", "scheduled", "running", "up_for_retry", "up_for_reschedule", "shutdown", "restarting",
          "deferred")
TASKS = ("extract", "we'ird \"task\", |\\N\n\U0001f680", "\\.", "wait for it", "t" * 250)
MAPPED = 1000


class Run(object):
    """What the children of a run need to know about it."""

    def __init__(self, number, dag_id, run_id, date, state):
        self.id, self.dag_id, self.run_id, self.date, self.state = number, dag_id, run_id, date, state

    def key(self, task_id, map_index=-1):
        """Every way a child may name its run: the table takes the columns it has."""
        return {"dag_id": self.dag_id, "task_id": task_id, "run_id": self.run_id, "execution_date": self.date,
                "map_index": map_index, "dag_run_id": self.id}


def run_name(n, date):
    """(run_id, run_type, external_trigger) of the n-th run of a DAG."""
    stamp = date.astimezone(values.UTC).isoformat()
    if n % 9 == 3:
        return "manual__" + stamp, "manual", True
    if n % 9 == 4:
        return "backfill_%s" % stamp if RELEASE < (2, 0) else "backfill__%s" % stamp, "backfill", False
    if n % 9 == 5:
        return 'my own +1:2 run | "%d", \\N \U0001f680' % n, "manual", True
    if n % 9 == 6:
        return "backfillish %d" % n, "manual", True
    if n % 9 == 7:
        return ("dataset_triggered__" + stamp, "dataset_triggered", False) if RELEASE >= (2, 4) else (
            "scheduled\u00fc__" + stamp, "manual", True)
    if n % 9 == 8:
        return ("r\u00e9%d " % n) + "y" * 200, "manual", True
    return "scheduled__" + stamp, "scheduled", False


class History(object):
    """Fills the tables through a Writer; everything follows from the seed, the size and the mark."""

    def __init__(self, writer, rng, size, mark):
        self.writer, self.rng, self.size, self.mark = writer, rng, size, mark
        import pendulum

        self.confs = values.confs() + ({"pendulum": pendulum.parse("2024-03-31T01:30:00+01:00")},)
        self.configs = values.executor_configs()
        self.xcoms = values.xcom_values(RELEASE)
        self.fields = values.rendered()
        self.number = 0
        self.templates = [row[0] for row in writer.sql("SELECT id FROM log_template ORDER BY id")] if writer.columns(
            "log_template") else []
        self.first_run = writer.sql("SELECT coalesce(max(id), 0) FROM dag_run")[0][0] + 4000
        self.triggers = []
        self.user = self._user()

    def _user(self):
        if not self.writer.columns("ab_user"):
            return None
        name = "torture" + self.mark
        return self.writer.sql(
            "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (nextval('ab_user_id_seq'), 'T',"
            " 'T', '%s', '%s@localhost') RETURNING id" % (name, name))[0][0]

    def dag_names(self):
        """The DAGs' names; marked, so that two fillings of one database do not meet."""
        return [name + self.mark for name in values.NAMES]

    def fill(self):
        """Everything."""
        for place, dag_id in enumerate(self.dag_names() + ["mapped" + self.mark, "odd times" + self.mark]):
            self.writer.add(
                "dag", dag_id=dag_id, is_paused=place % 2 == 0, is_active=place % 5 != 0, is_subdag=False,
                fileloc="/dags/%d.py" % place, owners="airflow", max_active_tasks=16, max_active_runs=16, concurrency=16,
                has_task_concurrency_limits=False, max_consecutive_failed_dag_runs=0, has_import_errors=False,
                default_view="graph")
            self.writer.add("dag_tag", name="torture", dag_id=dag_id)
        self.writer.add("import_error", timestamp=values.EPOCH, filename="/dags/bad%s.py" % self.mark, stacktrace="x")
        self.triggers_and_templates()
        self.writer.flush()
        for place, dag_id in enumerate(self.dag_names()):
            for n in range(self.size):
                self.whole_run(dag_id, place * self.size + n, n)
        self.odd_times("odd times" + self.mark)
        self.mapped("mapped" + self.mark)
        self.own()
        self.writer.flush()
        self.writer.sql("SELECT setval('dag_run_id_seq', (SELECT max(id) FROM dag_run))")

    def triggers_and_templates(self):
        """Triggers for what is deferred, and a log template of the user's own."""
        if self.writer.columns("trigger"):
            for number in range(3):
                row = {"classpath": "airflow.triggers.temporal.DateTimeTrigger", "created_date": values.moment(number, self.rng),
                       "triggerer_id": None}
                try:
                    from airflow.models import Trigger

                    trigger = Trigger(classpath=row["classpath"], kwargs={"moment": "2099-01-01"})
                    self.writer.session.add(trigger)
                    self.writer.session.flush()
                    self.triggers.append(trigger.id)
                except ImportError:
                    raise SystemExit("This Airflow has a table trigger and no model for it.")
        if self.templates:
            found = self.writer.sql(
                "INSERT INTO log_template (filename, elasticsearch_id, created_at) VALUES"
                " ('mine%s/{{ ti.task_id }}.log', 'x', now()) RETURNING id" % self.mark)
            self.templates = [*self.templates, found[0][0], None]

    def run(self, dag_id, n, date, state, name=None, **more):
        """One dag_run."""
        self.number += 1
        run_id, kind, external = name or run_name(n, date)
        end = date + datetime.timedelta(seconds=7.000001) if state in DONE or n % 4 == 0 else None
        row = dict(
            id=self.first_run + self.number, dag_id=dag_id, run_id=run_id, execution_date=date, state=state,
            run_type=kind, external_trigger=external, conf=self.confs[self.number % len(self.confs)],
            start_date=date if n % 11 else None, end_date=end, queued_at=date, data_interval_start=date if n % 3 else None,
            data_interval_end=end if n % 3 else None, creating_job_id=7, clear_number=n % 3, dag_hash="%032x" % n,
            last_scheduling_decision=end, updated_at=date,
            log_template_id=self.templates[self.number % len(self.templates)] if self.templates else None)
        row.update(more)
        self.writer.add("dag_run", **row)
        if self.number % 3 == 0 and run_id is not None:
            self.writer.add("dag_run_note", dag_run_id=row["id"], content=values.AWKWARD if n % 2 else "",
                            user_id=self.user if n % 2 else None, created_at=date, updated_at=date)
        return Run(row["id"], dag_id, run_id, date, state)

    def task(self, run, task_id, state, n, map_index=-1, **more):
        """One task instance with its children."""
        start = run.date + datetime.timedelta(seconds=n % 50, microseconds=n)
        tries = 1 + n % 4
        row = dict(
            run.key(task_id, map_index), state=state, start_date=start if n % 13 else None,
            end_date=start + datetime.timedelta(seconds=3.25) if state in DONE else None,
            duration=3.25 + n / 3.0 if n % 7 else None, try_number=tries if n % 41 != 7 else None,
            max_tries=n % 5 if n % 43 != 9 else None,
            hostname=values.TEXTS[n % len(values.TEXTS)], unixname="airflow", job_id=9 + n, pool="default_pool", pool_slots=1 + n % 3,
            queue=values.TEXTS[(n + 3) % len(values.TEXTS)], priority_weight=n % 100, operator=("BashOperator", "", None)[n % 3],
            queued_dttm=start, queued_by_job_id=4, pid=n, executor_config=self.configs[n % len(self.configs)],
            external_executor_id="celery-%d" % n, updated_at=start, custom_operator_name=("@task", None, "")[n % 3],
            executor=(None, "CeleryExecutor")[n % 2], rendered_map_index="label %d" % n if map_index >= 0 else None,
            task_display_name=task_id + " \U0001f680", trigger_id=None)
        if state == "deferred" and self.triggers:
            row.update(trigger_id=self.triggers[n % len(self.triggers)], next_method="execute_complete",
                       next_kwargs={"event": [1]}, trigger_timeout=datetime.datetime(2099, 1, 1, 0, 0, 0, 5, values.UTC))
        row.update(more)
        self.writer.add("task_instance", **row)
        self.children(run, task_id, state, n, map_index, start, tries, row)

    def children(self, run, task_id, state, n, map_index, start, tries, row):
        """History, failures, reschedules, rendered fields, notes and xcoms of a task instance."""
        writer, key, later = self.writer, run.key(task_id, map_index), start + datetime.timedelta(seconds=1)
        for attempt in range(1, tries if map_index < 0 or n % 20 == 3 else 1):
            writer.add("task_instance_history", **dict(
                row, try_number=attempt, state=("failed", "success", "up_for_retry")[(n + attempt) % 3], trigger_id=None,
                next_method=None, next_kwargs=None, trigger_timeout=None))
        if map_index >= 0 and n % 100:
            return
        if state == "failed":
            for _ in range(2 + n % 2):  # the same twice, as a retry within a clock tick leaves it
                writer.add("task_fail", start_date=start if n % 3 else None, end_date=later, duration=n % 9, **key)
        if n % 3 == 0:
            for number in range(2):
                writer.add("task_reschedule", try_number=1, start_date=start, end_date=later, duration=1,
                           reschedule_date=later + datetime.timedelta(seconds=number // 2), **key)
        if n % 2 == 0:
            writer.add("rendered_task_instance_fields", rendered_fields=self.fields[n % len(self.fields)],
                       k8s_pod_yaml={"kind": "Pod"} if n % 4 == 0 else None, **key)
        if n % 5 == 0:
            writer.add("task_instance_note", content=values.AWKWARD, user_id=self.user, created_at=start, updated_at=later,
                       **key)
        for place in range(n % 3):
            name = ("return_value", "k\n'\" | \\N \U0001f680" + "k" * 400)[place]
            data = self.xcoms[(n + place) % len(self.xcoms)]
            if n % 97 == 1 and place == 0:
                data = ('"%s"' % ("big \u00fc" * 180000)).encode("utf-8")  # a megabyte
            elif self.binary and n % 29 == 2:
                data = values.BINARY[n % len(values.BINARY)]
            writer.add("xcom", key=name, value=data, timestamp=later, **key)

    binary = True

    def whole_run(self, dag_id, serial, n):
        """A run with some task instances in every state there is."""
        date = values.moment(serial, self.rng)
        state = {2: "running", 5: "queued" if RELEASE >= (2, 0) else "running"}.get(n % 17, "failed" if n % 4 == 0 else "success")
        run = self.run(dag_id, n, date, state)
        for place, task_id in enumerate(TASKS[: 2 + serial % 4]):
            number = serial * 7 + place
            finished = DONE[number % len(DONE)] if number % 2 else "success"
            self.task(run, task_id, MOVING[number % len(MOVING)] if number % 19 == 0 else finished, number)
        if serial % 3 == 0:
            self.writer.add("sla_miss", task_id=TASKS[serial % 2], dag_id=dag_id, execution_date=date, email_sent=n % 2 == 0,
                            timestamp=date, description=values.TEXTS[serial % len(values.TEXTS)], notification_sent=None)

    def odd_times(self, dag_id):
        """The ends of the calendar, and two moments one microsecond apart."""
        moments = (values.EPOCH, values.FAR, values.FAR - datetime.timedelta(microseconds=1),
                   datetime.datetime(2024, 10, 27, 2, 30, tzinfo=values.ZONES[4]))
        for n, date in enumerate(moments):
            run = self.run(dag_id, 0, date, "success", ("scheduled__" + date.isoformat(), "scheduled", False))
            self.task(run, "extract", "success", 12 + n, start_date=date, end_date=date)

    def mapped(self, dag_id):
        """One task over a thousand map indexes."""
        if "map_index" not in self.writer.columns("task_instance"):
            return
        run = self.run(dag_id, 1, values.moment(9000, self.rng), "success")
        self.task(run, "list", "success", 2)
        self.writer.flush()
        self.writer.add("task_map", length=MAPPED, keys=None, **run.key("list"))
        for index in range(MAPPED):
            self.task(run, "each", "success" if index % 50 else "failed", index, index)

    def own(self):
        """What an earlier migration of ours left behind: nobody's history."""
        run = self.run("mwz_export" + self.mark, 1, values.moment(9001, self.rng), "success")
        self.task(run, "run", "success", 5)
        self.writer.add("log", dttm=values.moment(9002, self.rng), dag_id="mwz_export" + self.mark, task_id="run", event="success",
                        owner="mwaa-wizard")
