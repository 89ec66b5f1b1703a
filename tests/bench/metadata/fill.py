"""A metadata database of a chosen size, filled by SQL in the widths real rows have."""

from __future__ import annotations

from dataclasses import dataclass

DAGS = 50


@dataclass(frozen=True)
class Size:
    """Rows of each table; runs have 20 tasks each, and per two task instances there is one audit row."""

    tasks: int

    @property
    def runs(self) -> int:
        return max(1, self.tasks // 20)

    @property
    def logs(self) -> int:
        return self.tasks // 2

    @property
    def xcoms(self) -> int:
        return self.tasks // 5


def statements(size: Size) -> list[tuple[str, str]]:
    """(what, SQL) in order. A million task instances are some 390 MB of CSV on the 2.10.3 schema."""
    start = "timestamptz '2024-01-01 00:00:00.123456+00'"
    run = (
        f"SELECT n, 'analytics_pipeline_' || lpad((n % {DAGS})::text, 3, '0') AS dag_id, "
        f"{start} + (n / {DAGS}) * interval '1 hour' AS logical FROM generate_series(0, {size.runs - 1}) n"
    )
    runs = (
        "INSERT INTO dag_run (dag_id, queued_at, execution_date, start_date, end_date, state, run_id, external_trigger,"
        " run_type, conf, data_interval_start, data_interval_end, last_scheduling_decision, dag_hash, log_template_id,"
        " updated_at, clear_number) SELECT dag_id, logical + interval '1 hour', logical, logical + interval '3601 s',"
        " logical + interval '3700 s', CASE WHEN n % 13 = 0 THEN 'failed' ELSE 'success' END, 'scheduled__' ||"
        " to_char(logical AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00'), false, 'scheduled',"
        " '\\x80047d942e'::bytea, logical, logical + interval '1 hour', logical + interval '3700 s', md5(dag_id),"
        f" (SELECT max(id) FROM log_template), logical + interval '3700 s', 0 FROM ({run}) r ORDER BY n"
    )
    # Micro seconds and durations look random, as in real life: they are most of what gzip has to carry.
    begun = "r.start_date + k * interval '4 s' + (h % 900000) * interval '1 microsecond'"
    tasks = (
        "INSERT INTO task_instance (task_id, dag_id, run_id, map_index, start_date, end_date, duration, state,"
        " try_number, max_tries, hostname, unixname, job_id, pool, pool_slots, queue, priority_weight, operator,"
        " queued_dttm, queued_by_job_id, pid, executor_config, updated_at, external_executor_id, task_display_name)"
        f" SELECT 'transform_step_' || lpad(k::text, 3, '0'), r.dag_id, r.run_id, -1, {begun}, {begun} +"
        " (h % 2900017) * interval '1 microsecond', (h % 2900017) / 1e6, CASE WHEN h % 29 = 0 THEN 'failed' WHEN h % 31"
        " = 0 THEN 'skipped' ELSE 'success' END, 1 + h % 2, 2, 'ip-10-192-' || h % 16 || '-' || h % 199 ||"
        " '.ec2.internal', 'airflow', r.id * 20 + k, 'default_pool', 1, 'default', 20 - k, 'PythonOperator',"
        f" {begun} - (h % 700001) * interval '1 microsecond', 7, 100 + h % 30000, '\\x80047d942e'::bytea, {begun} +"
        " (h % 2900017 + h % 90001) * interval '1 microsecond', md5(h::text)::uuid::text, 'transform_step_' ||"
        " lpad(k::text, 3, '0') FROM dag_run r, generate_series(0, 19) k,"
        " abs(hashint8(r.id::bigint * 20 + k)::bigint) h"
        f" ORDER BY r.id, k LIMIT {size.tasks}"
    )
    log = (
        "INSERT INTO log (dttm, dag_id, task_id, map_index, event, execution_date, run_id, owner, owner_display_name,"
        " extra, try_number) SELECT start_date, dag_id, task_id, map_index, CASE WHEN state = 'failed' THEN 'failed'"
        " ELSE 'success' END, NULL, run_id, 'airflow', NULL, '{\"host_name\": \"' || hostname || '\", \"full_command\":"
        " \"[''/usr/local/bin/airflow'', ''tasks'', ''run'']\"}', try_number FROM task_instance"
        f" ORDER BY start_date LIMIT {size.logs}"
    )
    xcom = (
        "INSERT INTO xcom (dag_run_id, task_id, map_index, key, dag_id, run_id, value, timestamp) SELECT r.id,"
        " t.task_id, -1, 'return_value', t.dag_id, t.run_id, convert_to('{\"rows\": ' || r.id || ', \"path\":"
        " \"s3://bucket/' || md5(t.task_id || r.id) || '\"}', 'UTF8'), t.end_date FROM task_instance t JOIN dag_run r"
        " USING (dag_id, run_id) WHERE right(t.task_id, 1) IN ('0', '5') ORDER BY r.id, t.task_id"
        f" LIMIT {size.xcoms}"
    )
    dags = (
        "INSERT INTO dag (dag_id, is_paused, is_active, is_subdag, max_active_tasks, max_active_runs,"
        " has_task_concurrency_limits, max_consecutive_failed_dag_runs, has_import_errors) SELECT DISTINCT dag_id,"
        " false, true, false, 16, 16, false, 0, false FROM dag_run"
    )
    return [
        ("dag_run", runs),
        ("task_instance", tasks),
        ("log", log),
        ("xcom", xcom),
        ("dag", dags),
        ("statistics", "VACUUM (ANALYZE) dag_run, task_instance, log, xcom"),
    ]
