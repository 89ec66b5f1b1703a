"""日本の取引先から毎朝届く商品データを取り込みます。"""

from datetime import datetime

import pendulum
from common.airflow_compat import DAG, BashOperator, EmptyOperator, PythonOperator
from common.defaults import default_args
from common.work import check, process

with DAG(
    dag_id="partner_feed_jp",
    description="取引先フィードの取り込み",
    schedule="0 6 * * *",
    start_date=datetime(2021, 1, 1, tzinfo=pendulum.timezone("Asia/Tokyo")),
    catchup=False,
    default_args=default_args("tokyo-data"),
    tags=["ingest", "日本"],
    doc_md=__doc__,
) as dag:
    begin = EmptyOperator(task_id="開始")
    fetch = PythonOperator(task_id="fetch_catalogue", python_callable=process, op_args=["カタログ"], retries=2)
    convert = PythonOperator(task_id="convert_encoding", python_callable=process, op_args=["Shift_JIS"])
    loads = [
        PythonOperator(task_id="load_" + name, python_callable=process, op_args=[name], pool="warehouse")
        for name in ("products", "prices", "stock")
    ]
    check_totals = PythonOperator(task_id="check_totals", python_callable=check, op_args=["合計"], retries=0)
    acknowledge = BashOperator(task_id="acknowledge", bash_command="echo 受領しました")
    begin >> fetch >> convert >> loads >> check_totals >> acknowledge >> EmptyOperator(task_id="終了")
