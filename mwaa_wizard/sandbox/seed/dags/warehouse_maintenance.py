"""Sunday night: vacuum, drop, analyse; one at a time."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="warehouse_maintenance",
    schedule="0 2 * * 0",
    start_date=START,
    catchup=False,
    default_args=default_args("platform"),
    tags=["maintenance", "weekly"],
) as dag:
    vacuum = [
        BashOperator(task_id="vacuum_" + name, bash_command="echo vacuum " + name, pool="maintenance")
        for name in ("marts", "raw")
    ]
    drop = PythonOperator(
        task_id="drop_expired_tables", python_callable=process, op_args=["expired"], pool="maintenance"
    )
    analyze = BashOperator(task_id="analyze", bash_command="echo analyze", pool="maintenance")
    rotate = PythonOperator(task_id="rotate_snapshots", python_callable=process, op_args=["snapshots"])
    vacuum >> drop >> analyze >> rotate >> EmptyOperator(task_id="maintained")
