"""Call the functions of DAG files the way their tasks do: call.py STEPS (JSON: [[dag_id, conf, request], ...])."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import sys
import types

ended = []
for dag_id, conf, request in json.loads(sys.argv[1]):
    path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", dag_id + ".py")
    spec = importlib.util.spec_from_file_location(dag_id, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    store = module.Store(conf["bucket"], conf["region"])
    store.write_json(module.REQUEST.format(dag_id=dag_id), request)
    run = types.SimpleNamespace(run_id=request["run_id"], conf=conf)
    try:
        module.dag.get_task("run").python_callable(dag_run=run)
    except Exception as error:
        print(repr(error))
    ended.append(store.read_json(module.PROGRESS.format(dag_id=dag_id)))
print(json.dumps(ended))
