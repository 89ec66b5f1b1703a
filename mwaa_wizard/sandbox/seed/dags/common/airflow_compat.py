"""One place for imports that move between Airflow versions."""

from airflow.version import version

RELEASE = tuple(int(part) for part in version.split(".")[:2])

if RELEASE < (2, 3):
    from common.airflow_before import (
        DAG,
        BashOperator,
        BranchPythonOperator,
        EmptyOperator,
        ExternalTaskSensor,
        PythonOperator,
        PythonSensor,
        ShortCircuitOperator,
        TaskGroup,
        task,
    )
else:
    try:
        from airflow.sdk import DAG, TaskGroup, task
    except ImportError:  # Airflow 2
        from airflow import DAG
        from airflow.decorators import task
        from airflow.utils.task_group import TaskGroup

    try:
        from airflow.providers.standard.operators.bash import BashOperator
        from airflow.providers.standard.operators.empty import EmptyOperator
        from airflow.providers.standard.operators.python import (
            BranchPythonOperator,
            PythonOperator,
            ShortCircuitOperator,
        )
        from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
        from airflow.providers.standard.sensors.python import PythonSensor
    except ImportError:
        from airflow.operators.bash import BashOperator
        from airflow.operators.empty import EmptyOperator
        from airflow.operators.python import BranchPythonOperator, PythonOperator, ShortCircuitOperator
        from airflow.sensors.external_task import ExternalTaskSensor
        from airflow.sensors.python import PythonSensor

__all__ = [
    "DAG", "BashOperator", "BranchPythonOperator", "EmptyOperator", "ExternalTaskSensor", "PythonOperator",
    "PythonSensor", "ShortCircuitOperator", "TaskGroup", "task",
]  # fmt: skip
