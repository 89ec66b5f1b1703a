"""Customers from three systems, merged, checked and loaded."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator, TaskGroup
from common.defaults import START, default_args
from common.work import check, process

with DAG(
    dag_id="ingest_customers",
    schedule="40 1 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("commerce"),
    tags=["ingest", "commerce"],
) as dag:
    start = EmptyOperator(task_id="start")
    end = EmptyOperator(task_id="end")

    with TaskGroup("extract") as extract:
        for system in ("crm", "billing", "support"):
            PythonOperator(task_id=system, python_callable=process, op_args=[system], retries=2, pool="source_db")

    merge = PythonOperator(task_id="merge", python_callable=process, op_args=["customers"])

    with TaskGroup("quality") as quality:
        for name in ("nulls", "duplicates", "freshness"):
            PythonOperator(task_id=name, python_callable=check, op_args=[name], retries=0)

    load = BashOperator(task_id="load", bash_command="echo loaded {{ ds }}", pool="warehouse")
    start >> extract >> merge >> quality >> load >> end
