"""One table through mwaa-dr's own code: peer.py backup|restore TABLE BUCKET. The clock runs around its method alone."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import json
import sys
import time
import types

what, name, bucket = sys.argv[1:4]
from airflow import settings
from mwaa_dr.v_2_10.dr_factory import DRFactory_2_10

assert settings.engine is not None
factory = DRFactory_2_10(dag_id="backup", path_prefix="data", storage_type="S3")
table = next(table for table in factory.tables() if table.name == name)
context = {"dag_run": types.SimpleNamespace(conf={"bucket": bucket})}
begun, used = time.perf_counter(), time.process_time()
getattr(table, what)(**context)
print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": time.process_time() - used}))
