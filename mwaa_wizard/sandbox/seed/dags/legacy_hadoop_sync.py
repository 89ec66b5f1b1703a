"""Copies from the old cluster; paused when the cluster was switched off."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import check

with DAG(
    dag_id="legacy_hadoop_sync",
    schedule="0 */6 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("platform"),
    tags=["legacy"],
) as dag:
    kinit = BashOperator(task_id="kinit", bash_command="echo ticket")
    copies = [
        BashOperator(task_id="distcp_" + name, bash_command="echo copy " + name, retries=2)
        for name in ("clicks", "carts", "logs", "ads")
    ]
    compare = PythonOperator(task_id="compare_counts", python_callable=check, op_args=["counts"], retries=0)
    register = BashOperator(task_id="register_partitions", bash_command="echo registered")
    kinit >> copies >> compare >> register >> EmptyOperator(task_id="synced")
