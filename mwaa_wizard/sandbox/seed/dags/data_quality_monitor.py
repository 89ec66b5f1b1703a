"""Hourly checks; paused while the thresholds are being agreed."""

from common.airflow_compat import DAG, BashOperator, PythonOperator, TaskGroup
from common.defaults import START, default_args
from common.work import check, process

with DAG(
    dag_id="data_quality_monitor",
    schedule="35 * * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform"),
    tags=["quality", "hourly"],
) as dag:
    collect = PythonOperator(task_id="collect_checks", python_callable=process, op_args=["checks"])
    with TaskGroup("check") as checks:
        for name in ("volume", "nulls", "range", "freshness", "schema", "lag"):
            PythonOperator(task_id=name, python_callable=check, op_args=[name], retries=0)
    summarise = PythonOperator(
        task_id="summarise", python_callable=process, op_args=["summary"], trigger_rule="all_done"
    )
    page_on_call = BashOperator(task_id="page_on_call", bash_command="echo quiet night")
    collect >> checks >> summarise >> page_on_call
