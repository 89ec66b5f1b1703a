"""One place for imports that move between Airflow versions."""

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
