"""The Monday report; late sections are recorded as SLA misses where Airflow still has them."""

from datetime import timedelta

from airflow import __version__
from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

late = {"sla": timedelta(seconds=40)} if __version__.startswith("2.") else {}

with DAG(
    dag_id="weekly_executive_report",
    schedule="0 6 * * 1",
    start_date=START,
    catchup=False,
    default_args=default_args("analytics"),
    tags=["report", "weekly"],
) as dag:
    start = EmptyOperator(task_id="start")
    sections = [
        PythonOperator(task_id="section_" + name, python_callable=process, op_args=[name], **late)
        for name in ("revenue", "growth", "churn", "support", "hiring")
    ]
    render = PythonOperator(task_id="render", python_callable=process, op_args=["pages"])
    mail = BashOperator(task_id="mail", bash_command="echo sent", retries=2)
    on_any_failure = PythonOperator(
        task_id="on_any_failure", python_callable=process, op_args=["apology"], trigger_rule="one_failed"
    )
    start >> sections >> render >> mail
    [render, mail] >> on_any_failure
