"""Call one task of a DAG file the way Airflow does: task.py DAG_FILE TASK_ID CONF RUN_ID; orders are in the bucket."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import sys
import types

path, task_id, conf, run_id = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
dag_id = os.path.basename(path)[: -len(".py")]
spec = importlib.util.spec_from_file_location(dag_id, path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.dag.get_task(task_id).python_callable(dag_run=types.SimpleNamespace(run_id=run_id, conf=conf))
