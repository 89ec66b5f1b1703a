"""Names of the places where MWAA keeps a task's log."""

from __future__ import annotations


def task_log_group(environment: str) -> str:
    """MWAA's log group for task logs (MWAA user guide: monitoring-airflow)."""
    return f"airflow-{environment}-Task"


def task_log_stream(dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int) -> str:
    """The stream of one try: Airflow's log_filename_template since 2.3, ``:`` replaced for CloudWatch.

    Source: Airflow 2.3+ default ``[logging] log_filename_template``; amazon provider,
    cloudwatch_task_handler.py, ``_render_filename``.
    """
    mapped = f"map_index={map_index}/" if map_index >= 0 else ""
    path = f"dag_id={dag_id}/run_id={run_id}/task_id={task_id}/{mapped}attempt={try_number}.log"
    return path.replace(":", "_")
