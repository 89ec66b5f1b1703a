"""Call the function of a DAG file the way its task does: call.py DAG_ID RUN_ID CONF."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import sys
import types

dag_id, run_id, conf = sys.argv[1:]
path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", dag_id + ".py")
spec = importlib.util.spec_from_file_location(dag_id, path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
run = types.SimpleNamespace(run_id=run_id, conf=json.loads(conf))
ended = "success"
try:
    module.dag.get_task("run").python_callable(dag_run=run)
except Exception as error:
    ended = repr(error)
print(json.dumps({"ended": ended}))
