"""One export DAG per region, made in a loop."""

from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import START, default_args
from common.work import process

REGIONS = {"emea": "eu-west-1", "amer": "us-east-1", "apac": "ap-northeast-1"}


def build(region, bucket_region):
    with DAG(
        dag_id="export_region_" + region,
        schedule="0 5 * * *",
        start_date=START,
        catchup=False,
        default_args=default_args("commerce"),
        tags=["export", region],
    ) as dag:
        begin = EmptyOperator(task_id="begin")
        exports = [
            PythonOperator(task_id="export_" + name, python_callable=process, op_args=[name], pool="warehouse")
            for name in ("orders", "returns", "stock", "prices", "invoices")
        ]
        compress = PythonOperator(task_id="compress", python_callable=process, op_args=["archive"])
        upload = BashOperator(task_id="upload", bash_command="echo to " + bucket_region, retries=2)
        verify_upload = PythonOperator(task_id="verify_upload", python_callable=process, op_args=["verify"])
        finish = EmptyOperator(task_id="finish", trigger_rule="all_done")
        begin >> exports >> compress >> upload >> verify_upload >> finish
    return dag


for _region, _bucket_region in REGIONS.items():
    globals()["export_region_" + _region] = build(_region, _bucket_region)
