"""Orders of the day before, one mapped task per partition."""

from common.airflow_compat import DAG, EmptyOperator, PythonSensor, task
from common.defaults import START, default_args
from common.work import process, size_of

with DAG(
    dag_id="ingest_orders",
    schedule="15 1 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("commerce"),
    tags=["ingest", "commerce"],
) as dag:
    wait_for_export = PythonSensor(
        task_id="wait_for_export",
        python_callable=lambda: True,
        poke_interval=5,
        timeout=60,
        retries=2,
        pool="source_db",
    )

    @task(retries=2)
    def list_partitions(ds=None):
        return ["part-%03d" % number for number in range(size_of("orders", ds, 9) + 10)]

    @task(retries=2, pool="warehouse")
    def load_partition(partition, ds=None):
        process(partition, ds)

    @task
    def reconcile():
        process("orders")

    partitions = list_partitions()
    wait_for_export >> partitions
    load_partition.expand(partition=partitions) >> reconcile() >> EmptyOperator(task_id="published")
