"""The DAG object: one task or several that share its work, never scheduled, for every Airflow from 1.10 to 2.11."""

import datetime
import functools


def make_dag(dag_id, body, description, share=None, tasks=1):
    """A DAG whose task `run` calls body(job).

    Args: share: what the tasks share_1 ... call, each with a job that has its number, where `tasks` is more than 1.
    The task `end` then stands after them all, so that the run ends as `run` did, whatever became of the others.
    """
    from airflow import DAG
    from airflow.version import version

    release = tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:2])
    arguments = {"schedule": None} if release >= (2, 4) else {"schedule_interval": None}
    if release >= (1, 11) or version >= "1.10.8":
        arguments["tags"] = ["mwaa-wizard"]
    dag = DAG(
        dag_id=dag_id, description=description, start_date=datetime.datetime(2021, 1, 1), catchup=False,
        max_active_runs=1, default_args={"owner": "mwaa-wizard", "retries": 0}, **arguments)
    if release >= (2, 0):
        from airflow.operators.python import PythonOperator
    else:
        from airflow.operators.python_operator import PythonOperator

        PythonOperator = functools.partial(PythonOperator, provide_context=True)

    def operator(task_id, function, **more):
        return PythonOperator(task_id=task_id, python_callable=function, dag=dag, **more)

    # Where workers are few the lead gets the first one: the others can do nothing without it.
    first = {"priority_weight": 10, "weight_rule": "absolute"} if tasks > 1 else {}
    lead = operator("run", lambda **context: run_job(dag_id, body, context), **first)
    if tasks > 1:
        others = [operator("share_%d" % number, sharer(dag_id, share, number)) for number in range(1, tasks)]
        end = operator("end", lambda **context: ended_well(context), trigger_rule="all_done")
        for task in [lead] + others:
            task.set_downstream(end)
    return dag


def sharer(dag_id, share, number):
    """The callable of one of the tasks that follow the lead."""
    return lambda **context: run_job(dag_id, share, context, number)


def ended_well(context):
    """The lead's end is the run's end."""
    state = context["dag_run"].get_task_instance("run").state
    if state != "success":
        raise Refused("The task run ended as %s." % state)
