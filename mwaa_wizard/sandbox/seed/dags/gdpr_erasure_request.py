"""Erase one person from every system; the subject comes with the run's conf."""

from common.airflow_compat import DAG, PythonOperator, TaskGroup
from common.defaults import START, default_args
from common.work import process


def _find(dag_run=None, **_context):
    conf = (dag_run.conf if dag_run else None) or {}
    return process(str(conf.get("subject", "nobody")))


with DAG(
    dag_id="gdpr_erasure_request",
    schedule=None,
    start_date=START,
    catchup=False,
    default_args=default_args("legal"),
    tags=["manual", "privacy"],
) as dag:
    find_subject = PythonOperator(task_id="find_subject", python_callable=_find)
    with TaskGroup("erase") as erase:
        for system in ("crm", "billing", "warehouse"):
            PythonOperator(task_id=system, python_callable=process, op_args=[system], retries=3)
    certificate = PythonOperator(task_id="certificate", python_callable=process, op_args=["certificate"])
    find_subject >> erase >> certificate
