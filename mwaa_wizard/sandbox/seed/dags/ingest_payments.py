"""Settlements, refunds and chargebacks; every day counts, so missed days are caught up."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="ingest_payments",
    schedule="5 2 * * *",
    start_date=START,
    catchup=True,
    max_active_runs=2,
    default_args=default_args("finance-data"),
    tags=["ingest", "finance"],
) as dag:
    open_window = PythonOperator(task_id="open_window", python_callable=process, op_args=["window"])
    fetch = [
        PythonOperator(task_id="fetch_" + kind, python_callable=process, op_args=[kind], retries=3, pool="payments_api")
        for kind in ("settlements", "refunds", "chargebacks")
    ]
    match = PythonOperator(task_id="match", python_callable=process, op_args=["match"])
    archive_raw = BashOperator(task_id="archive_raw", bash_command="echo archive {{ ds_nodash }}")
    load_ledger = PythonOperator(task_id="load_ledger", python_callable=process, op_args=["ledger"], pool="warehouse")
    report_unmatched = PythonOperator(
        task_id="report_unmatched", python_callable=process, op_args=["unmatched"], trigger_rule="all_done"
    )
    closed = EmptyOperator(task_id="closed")
    open_window >> fetch >> match >> [archive_raw, load_ledger] >> closed
    match >> report_unmatched
