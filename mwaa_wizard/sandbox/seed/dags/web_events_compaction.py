"""Small files of web events become large ones, four times a day."""

from common.airflow_compat import DAG, BashOperator, task
from common.defaults import START, default_args
from common.work import process, size_of

with DAG(
    dag_id="web_events_compaction",
    schedule="0 */6 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("web-analytics"),
    tags=["web", "mapped"],
) as dag:

    @task
    def list_shards(ts=None):
        return list(range(size_of("shards", ts, 7) + 8))

    @task(retries=2, pool="warehouse")
    def compact(shard):
        process("shard-%d" % shard)

    @task
    def drop_small_files():
        process("small files")

    refresh_statistics = BashOperator(task_id="refresh_statistics", bash_command="echo analyse")
    compact.expand(shard=list_shards()) >> drop_small_files() >> refresh_statistics
