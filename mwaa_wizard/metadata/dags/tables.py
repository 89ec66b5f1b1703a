"""Per table: which rows are at rest, how a row is recognised, what it hangs on; as in the wizard's catalogue."""

# include: rules.py
RUN_DONE = ("success", "failed")
TASK_DONE = ("success", "failed", "skipped", "upstream_failed", "removed")
DONE = {"dag_run": RUN_DONE, "task_instance": TASK_DONE, "task_instance_history": TASK_DONE, "job": RUN_DONE}

SECRET_TABLES = ("variable", "connection")
UNREADABLE = "cannot be decrypted with this environment's Fernet key"

# In an order that satisfies every foreign key.
LOAD_ORDER = (
    "slot_pool", "variable", "connection", "dag_run", "dag_run_note", "task_instance", "task_instance_note",
    "task_instance_history", "task_fail", "task_reschedule", "rendered_task_instance_fields", "task_map", "xcom",
    "sla_miss", "log", "job",
)

# What rows hang on: a run, or a task instance (and with it a run).
OF_RUN = ("dag_run_note", "task_instance")
OF_TASK = (
    "task_instance_note", "task_instance_history", "task_fail", "task_reschedule", "rendered_task_instance_fields",
    "task_map", "xcom",
)

# What makes a row one row, in the source and in the target. Tables without such a key are told apart by their
# whole content: see ORDERED.
TASK_KEY = ("dag_id", "task_id", "run_id", "map_index")
NATURAL_KEYS = {
    "slot_pool": ("pool",),
    "dag_run": ("dag_id", "run_id"),
    "dag_run_note": ("dag_id", "run_id"),
    "task_instance": TASK_KEY,
    "task_instance_note": TASK_KEY,
    "task_instance_history": TASK_KEY + ("try_number",),  # noqa: RUF005
    "rendered_task_instance_fields": TASK_KEY,
    "task_map": TASK_KEY,
    "xcom": TASK_KEY + ("key",),  # noqa: RUF005
    "sla_miss": ("dag_id", "task_id", "execution_date"),
    "variable": ("key",),
    "connection": ("conn_id",),
}

# Tables whose only key is a generated number: exported in the order of this column, and a part never ends
# between two rows with the same value of it, so that equal rows are always in the same part.
ORDERED = {"log": "dttm", "job": "start_date", "task_fail": "start_date", "task_reschedule": "start_date"}

# The date a range is chosen by. Children of a run follow their run.
DATES = {
    "dag_run": "execution_date", "task_instance": "start_date", "task_instance_history": "start_date",
    "task_fail": "start_date", "task_reschedule": "start_date", "xcom": "timestamp", "log": "dttm",
    "job": "start_date", "sla_miss": "execution_date",
}

# Pickled columns: read once by the target's own types, as the target's Airflow would.
PICKLED = {
    "dag_run": ("conf",), "task_instance": ("executor_config",), "task_instance_history": ("executor_config",),
}

# Columns that nearly never are empty: where none is, they need no look on the way to Airflow 3.
FILLED = {"task_instance": ("try_number", "max_tries"), "task_instance_history": ("max_tries",)}

# An empty dictionary in the pickle protocols 0 to 5 (3 to 5 frame nothing for it): the common value of both columns.
PLAIN_PICKLES = (
    "\\x286470300a2e", "\\x7d71002e", "\\x80027d71002e", "\\x80037d71002e", "\\x80047d942e", "\\x80057d942e",
    "\\x80027d2e", "\\x80037d2e", "\\x80047d2e", "\\x80057d2e",
)

# Audit rows of commands that set variables, connections or users: their `extra` can hold the value in clear.
SECRET_EVENTS = "(variable|varimport|connection|user|fernet)"
