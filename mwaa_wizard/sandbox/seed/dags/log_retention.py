"""Delete what is older than the retention period, in mapped batches."""

from common.airflow_compat import DAG, BashOperator, PythonOperator, task
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="log_retention",
    schedule="0 23 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("platform"),
    tags=["maintenance"],
) as dag:
    find = PythonOperator(task_id="find_old_objects", python_callable=process, op_args=["objects"])

    @task
    def delete_batch(batch):
        process("batch-%d" % batch)

    report = BashOperator(task_id="report", bash_command="echo done")
    find >> delete_batch.expand(batch=list(range(8))) >> report
