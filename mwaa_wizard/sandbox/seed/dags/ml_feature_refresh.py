"""Features for the models, skipped when nothing new has come in."""

from common.airflow_compat import DAG, BashOperator, PythonOperator, ShortCircuitOperator, TaskGroup
from common.defaults import START, default_args
from common.work import check, process, size_of


def _enough(ds="", **_context):
    return size_of("events", ds, 100) >= 8


with DAG(
    dag_id="ml_feature_refresh",
    schedule="30 0 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("ml"),
    tags=["ml"],
) as dag:
    enough = ShortCircuitOperator(task_id="enough_new_data", python_callable=_enough)
    snapshot = PythonOperator(task_id="snapshot", python_callable=process, op_args=["snapshot"])
    with TaskGroup("features") as features:
        for name in ("recency", "frequency", "monetary", "basket", "session", "support"):
            PythonOperator(task_id=name, python_callable=process, op_args=[name], pool="gpu", queue="ml")
    join = PythonOperator(task_id="join_features", python_callable=process, op_args=["join"], queue="ml")
    drift = PythonOperator(task_id="detect_drift", python_callable=check, op_args=["drift"], retries=0, queue="ml")
    write_store = BashOperator(task_id="write_store", bash_command="echo stored")
    enough >> snapshot >> features >> join >> [drift, write_store]
