"""Reference data, loaded once when the platform was set up."""

from datetime import datetime

import pendulum
from common.airflow_compat import DAG, BashOperator, PythonOperator
from common.defaults import default_args
from common.work import process

with DAG(
    dag_id="bootstrap_reference_data",
    schedule="@once",
    start_date=datetime(2024, 3, 1, tzinfo=pendulum.timezone("UTC")),
    catchup=False,
    default_args=default_args("platform"),
    tags=["once"],
) as dag:
    countries = PythonOperator(task_id="countries", python_callable=process, op_args=["countries"])
    currencies = PythonOperator(task_id="currencies", python_callable=process, op_args=["currencies"])
    holidays = BashOperator(task_id="holidays", bash_command="echo holidays")
    countries >> currencies >> holidays
