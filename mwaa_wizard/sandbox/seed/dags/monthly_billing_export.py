"""Invoices of the month before, on the first."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="monthly_billing_export",
    schedule="0 3 1 * *",
    start_date=START,
    catchup=False,
    default_args=default_args("finance-data"),
    tags=["finance", "monthly"],
) as dag:
    freeze = PythonOperator(task_id="freeze_usage", python_callable=process, op_args=["usage"])
    rate = PythonOperator(task_id="rate_usage", python_callable=process, op_args=["rates"], retries=2, pool="warehouse")
    discounts = PythonOperator(task_id="apply_discounts", python_callable=process, op_args=["discounts"])
    invoices = PythonOperator(task_id="make_invoices", python_callable=process, op_args=["invoices"])
    sign = BashOperator(task_id="sign", bash_command="echo signed")
    hand_over = BashOperator(task_id="hand_over", bash_command="echo handed over", retries=3)
    freeze >> rate >> discounts >> invoices >> sign >> hand_over >> EmptyOperator(task_id="billed")
