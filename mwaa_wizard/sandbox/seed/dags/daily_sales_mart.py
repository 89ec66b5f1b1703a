"""The sales mart: dimensions, then facts, then what the dashboards read."""

from datetime import timedelta

from common.airflow_compat import DAG, BashOperator, EmptyOperator, ExternalTaskSensor, PythonOperator, TaskGroup
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="daily_sales_mart",
    schedule="30 3 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("analytics"),
    tags=["mart", "tier-1"],
) as dag:
    wait_for_orders = ExternalTaskSensor(
        task_id="wait_for_orders",
        external_dag_id="ingest_orders",
        external_task_id="published",
        execution_delta=timedelta(hours=2, minutes=15),
        poke_interval=1,
        timeout=10,
        soft_fail=True,
    )
    with TaskGroup("dimensions") as dimensions:
        for name in ("customer", "product", "store", "calendar"):
            PythonOperator(task_id=name, python_callable=process, op_args=[name])
    with TaskGroup("facts") as facts:
        for name in ("sales", "returns", "margin"):
            PythonOperator(task_id=name, python_callable=process, op_args=[name], retries=2, pool="warehouse")
    aggregate = PythonOperator(
        task_id="aggregate", python_callable=process, op_args=["mart"], execution_timeout=timedelta(minutes=30)
    )
    grant_access = BashOperator(task_id="grant_access", bash_command="echo grant")
    refresh_dashboards = BashOperator(
        task_id="refresh_dashboards",
        bash_command="echo fiscal quarter {{ macros.company.fiscal_quarter(ds) }}",
        retries=2,
    )
    done = EmptyOperator(task_id="done")
    wait_for_orders >> dimensions >> facts >> aggregate >> [grant_access, refresh_dashboards] >> done
