"""Build a new search index beside the old one and swap."""

from common.airflow_compat import DAG, BashOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

with DAG(
    dag_id="rebuild_search_index",
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("search"),
    tags=["manual", "search"],
) as dag:
    dump = PythonOperator(task_id="dump_documents", python_callable=process, op_args=["documents"])
    build = BashOperator(task_id="build_index", bash_command="echo built")
    swap = BashOperator(task_id="swap_alias", bash_command="echo swapped")
    warm = PythonOperator(task_id="warm_cache", python_callable=process, op_args=["cache"])
    dump >> build >> swap >> warm
