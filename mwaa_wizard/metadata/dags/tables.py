"""Per table: which rows are at rest, how a row is recognised, what is compared; as in the wizard's catalogue."""

RUN_DONE = ("success", "failed")
TASK_DONE = ("success", "failed", "skipped", "upstream_failed", "removed")
DONE = {"dag_run": RUN_DONE, "task_instance": TASK_DONE, "job": RUN_DONE}

SECRET_TABLES = ("variable", "connection")

# In an order that satisfies every foreign key.
LOAD_ORDER = (
    "slot_pool", "variable", "connection", "dag_run", "task_instance", "task_fail", "xcom", "sla_miss",
    "log", "job",
)

# What makes a row one row, in the source and in the target. Tables without such a key are told apart by their
# whole content: see ORDERED.
NATURAL_KEYS = {
    "slot_pool": ("pool",),
    "dag_run": ("dag_id", "run_id"),
    "task_instance": ("dag_id", "task_id", "run_id", "map_index"),
    "xcom": ("dag_id", "task_id", "run_id", "map_index", "key"),
    "sla_miss": ("dag_id", "task_id", "execution_date"),
    "variable": ("key",),
    "connection": ("conn_id",),
}

# Tables whose only key is a generated number: exported in the order of this column, and a part never ends
# between two rows with the same value of it, so that equal rows are always in the same part.
ORDERED = {"log": "dttm", "job": "start_date", "task_fail": "start_date"}

# The date a range is chosen by. Children of a run follow their run.
DATES = {
    "dag_run": "execution_date", "task_instance": "start_date", "task_fail": "start_date", "xcom": "timestamp",
    "log": "dttm", "job": "start_date", "sla_miss": "execution_date",
}

# Never exported: numbers that mean something in one database only.
GENERATED = {
    "slot_pool": ("id",), "dag_run": ("id", "log_template_id"), "task_fail": ("id",), "log": ("id",),
    "job": ("id",), "xcom": ("id", "dag_run_id"), "variable": ("id",), "connection": ("id",),
}

# Columns the checksums are made of: the key and what a person would notice.
CHECKED = {
    "slot_pool": ("pool", "slots", "description"),
    "variable": ("key",),
    "connection": ("conn_id",),
    "dag_run": ("dag_id", "run_id", "execution_date", "state", "run_type", "external_trigger", "start_date",
                "end_date", "data_interval_start", "data_interval_end", "conf"),
    "task_instance": ("dag_id", "task_id", "run_id", "map_index", "state", "try_number", "max_tries",
                      "start_date", "end_date", "duration", "operator", "pool", "queue", "priority_weight",
                      "executor_config"),
    "task_fail": ("dag_id", "task_id", "run_id", "map_index", "start_date", "end_date", "duration"),
    "xcom": ("dag_id", "task_id", "run_id", "map_index", "key", "value", "timestamp"),
    "sla_miss": ("dag_id", "task_id", "execution_date", "email_sent", "timestamp", "description",
                 "notification_sent"),
    "log": ("dttm", "dag_id", "task_id", "map_index", "event", "execution_date", "owner", "extra"),
    "job": ("dag_id", "state", "job_type", "start_date", "end_date", "latest_heartbeat", "executor_class",
            "hostname", "unixname"),
}

# Audit rows of commands that set variables, connections or users: their `extra` can hold the value in clear.
SECRET_EVENTS = "(variable|varimport|connection|user|fernet)"
