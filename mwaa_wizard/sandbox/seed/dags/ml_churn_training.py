"""Train several candidates side by side and keep the best one."""

from common.airflow_compat import DAG, BashOperator, PythonOperator, task
from common.defaults import START, default_args
from common.work import process, size_of

with DAG(
    dag_id="ml_churn_training",
    schedule="0 4 * * 6",
    start_date=START,
    catchup=False,
    max_active_tasks=2,
    default_args=default_args("ml"),
    tags=["ml", "weekly", "mapped"],
) as dag:
    build_dataset = PythonOperator(task_id="build_dataset", python_callable=process, op_args=["dataset"], queue="ml")

    @task
    def candidates(ds=None):
        return [{"depth": depth, "seed": size_of(ds)} for depth in range(3, 7)]

    @task(retries=2, pool="gpu", queue="ml")
    def train(parameters):
        return {"auc": 0.8 + size_of(str(parameters), "", 100) / 1000.0}

    @task
    def pick_best(scores):
        return max(scores, key=lambda score: score["auc"])

    register = BashOperator(task_id="register", bash_command="echo registered")
    parameters = candidates()
    build_dataset >> parameters
    pick_best(train.expand(parameters=parameters)) >> register
