"""Which channel brought the customer: rebuilt on Mondays, incremental on other days."""

from common.airflow_compat import DAG, BashOperator, BranchPythonOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process


def _choose(logical_date=None, **_context):
    return "full_rebuild" if logical_date.weekday() == 0 else "incremental"


with DAG(
    dag_id="marketing_attribution",
    schedule="0 4 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("marketing"),
    tags=["marketing", "branching"],
) as dag:
    choose_window = PythonOperator(task_id="choose_window", python_callable=process, op_args=["window"])
    choose_mode = BranchPythonOperator(task_id="choose_mode", python_callable=_choose)
    full = PythonOperator(task_id="full_rebuild", python_callable=process, op_args=["all"], pool="warehouse")
    incremental = PythonOperator(task_id="incremental", python_callable=process, op_args=["day"], pool="warehouse")
    joined = EmptyOperator(task_id="joined", trigger_rule="none_failed_min_one_success")
    scores = [
        PythonOperator(task_id="score_" + channel, python_callable=process, op_args=[channel])
        for channel in ("search", "social", "email", "display")
    ]
    combine = PythonOperator(task_id="combine", python_callable=process, op_args=["combine"])
    publish = BashOperator(task_id="publish", bash_command="echo published {{ ds }}")
    choose_window >> choose_mode >> [full, incremental] >> joined >> scores >> combine >> publish
