"""The DAG object: one task, never scheduled, for every Airflow from 1.10 to 2.11."""

import datetime


def make_dag(dag_id, body, description):
    """A DAG whose only task runs `body(job)`."""
    from airflow import DAG
    from airflow.version import version

    release = tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:2])
    arguments = {"schedule": None} if release >= (2, 4) else {"schedule_interval": None}
    if release >= (1, 11) or version >= "1.10.8":
        arguments["tags"] = ["mwaa-wizard"]
    dag = DAG(
        dag_id=dag_id, description=description, start_date=datetime.datetime(2021, 1, 1), catchup=False,
        max_active_runs=1, default_args={"owner": "mwaa-wizard", "retries": 0}, **arguments)

    def task(**context):
        run_job(dag_id, body, context)

    if release >= (2, 0):
        from airflow.operators.python import PythonOperator

        PythonOperator(task_id="run", python_callable=task, dag=dag)
    else:
        from airflow.operators.python_operator import PythonOperator

        PythonOperator(task_id="run", python_callable=task, provide_context=True, dag=dag)
    return dag
