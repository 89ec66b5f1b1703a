"""Rebuild some days of one table; started by hand with parameters."""

from common.airflow_compat import DAG, task
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="backfill_partitions",
    schedule=None,
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform"),
    params={"table": "orders", "days": 7, "force": False},
    tags=["manual", "mapped"],
) as dag:

    @task
    def plan_partitions(params=None):
        days = int((params or {}).get("days", 7))
        return ["dt=%d" % day for day in range(min(days, 40))]

    @task(retries=2, pool="warehouse")
    def rebuild(partition):
        process(partition)

    @task(trigger_rule="all_done")
    def summarise():
        process("backfill")

    rebuild.expand(partition=plan_partitions()) >> summarise()
