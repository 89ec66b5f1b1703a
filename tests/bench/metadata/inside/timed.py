"""Call one DAG file's function the way its task does, and say how long it took: timed.py DAG_FILE CONF REQUEST."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import sys
import time
import types

path, conf, request = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
from airflow import settings  # as in a task, the models are loaded before the clock runs

assert settings.engine is not None
dag_id = os.path.splitext(os.path.basename(path))[0]
spec = importlib.util.spec_from_file_location(dag_id, path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
store = module.Store(conf["bucket"], conf["region"])
store.write_json(module.REQUEST.format(dag_id=dag_id), request)
run = types.SimpleNamespace(run_id=request["run_id"], conf=conf)
begun, used = time.perf_counter(), sum(os.times()[:4])
error = ""
try:
    module.dag.get_task("run").python_callable(dag_run=run)
except Exception as problem:
    error = repr(problem)
seconds, used = time.perf_counter() - begun, sum(os.times()[:4]) - used
left = module.MANIFEST if dag_id == "mwz_export" else module.IMPORT_RESULT
print(json.dumps({"seconds": seconds, "cpu": used, "error": error, "document": None if error else store.read_json(left)}))
