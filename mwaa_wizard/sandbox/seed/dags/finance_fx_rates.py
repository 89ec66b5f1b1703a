"""Exchange rates of each working day."""

from common.airflow_compat import DAG, BashOperator, PythonOperator
from common.defaults import START, default_args
from common.work import check, process, wrap

with DAG(
    dag_id="finance_fx_rates",
    schedule="0 6 * * 1-5",
    start_date=START,
    catchup=False,
    default_args=default_args("finance-data"),
    tags=["finance"],
) as dag:
    download_rates = PythonOperator(
        task_id="download_rates",
        python_callable=wrap,
        op_args=["EUR/USD=1.05"],
        retries=4,
        retry_exponential_backoff=True,
        pool="payments_api",
    )
    validate = PythonOperator(task_id="validate", python_callable=check, op_args=["rates"], retries=0)
    store = PythonOperator(task_id="store", python_callable=process, op_args=["rates"])
    notify_treasury = BashOperator(task_id="notify_treasury", bash_command="echo 'rates of {{ ds }}'")
    download_rates >> validate >> store >> notify_treasury
