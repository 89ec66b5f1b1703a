"""Repairs by hand, looked at first in a dry run."""

from common.airflow_compat import DAG, PythonOperator
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="adhoc_data_fix",
    schedule=None,
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform", retries=0),
    tags=["manual"],
) as dag:
    dry_run = PythonOperator(task_id="dry_run", python_callable=process, op_args=["dry run"])
    apply = PythonOperator(task_id="apply", python_callable=process, op_args=["apply"])
    dry_run >> apply
