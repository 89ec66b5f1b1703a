"""Fill the metadata database of the Airflow this runs in: fill.py SEED SIZE MARK ODDITIES(0|1) BINARY(0|1).

SIZE is runs per DAG (20: some 4,000 rows). MARK ends every name, so that a database can be filled more than once.
The same arguments on a database of the same version always give the same rows.
"""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import history
import lists
import oddities
import writer as writing

seed, size, mark = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
writer = writing.Writer()
for name in ("job_id_seq", "log_id_seq", "task_fail_id_seq", "task_reschedule_id_seq", "variable_id_seq"):
    # Numbers that cannot be the target's.
    writer.sql("SELECT setval('%s', (SELECT last_value + 4000 FROM %s))" % (name, name))
made = history.History(writer, random.Random(seed), size, mark)
made.binary = sys.argv[5] == "1"
made.fill()
lists.fill(writer, random.Random(seed + 1), size, mark)
if sys.argv[4] == "1":
    oddities.fill(made)
writer.session.commit()
print(json.dumps(writer.written))
