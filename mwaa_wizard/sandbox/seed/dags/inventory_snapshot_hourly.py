"""Stock levels every hour; an alert only when something runs low."""

from common.airflow_compat import DAG, BashOperator, PythonOperator, ShortCircuitOperator
from common.defaults import START, default_args
from common.work import process, size_of


def _low(ts="", **_context):
    return size_of("stock", ts, 100) < 15


with DAG(
    dag_id="inventory_snapshot_hourly",
    schedule="5 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("supply"),
    tags=["supply", "hourly"],
) as dag:
    read_stock = PythonOperator(task_id="read_stock", python_callable=process, op_args=["stock"])
    diff_previous = PythonOperator(task_id="diff_previous", python_callable=process, op_args=["diff"])
    store_snapshot = BashOperator(task_id="store_snapshot", bash_command="echo {{ ts_nodash }}")
    alert_low_stock = ShortCircuitOperator(task_id="alert_low_stock", python_callable=_low)
    send_alert = PythonOperator(task_id="send_alert", python_callable=process, op_args=["alert"])
    read_stock >> diff_previous >> [store_snapshot, alert_low_stock]
    alert_low_stock >> send_alert
