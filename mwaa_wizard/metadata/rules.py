"""Rules that two schemas alone cannot tell, each with its name, its words and where it comes from.

This file is also put into the DAGs, so it runs on Python 3.7 and imports the standard library only.
"""

from __future__ import annotations

from collections import namedtuple

# table, column: "" = every table, the whole row. when: "always", or whether the source has the column: "absent",
# "present"; "bridge": it has it, and the target goes on to Airflow 3. action: as in mapping.ColumnPlan, "" where the
# schemas decide. expression: SQL over the staged row `s`, the run `r` in the target, and {value}, the column as the
# schemas would bring it. needs: column of the bundle it reads. check: SQL that is true where a value cannot be taken.
Rule = namedtuple(
    "Rule", ["name", "table", "column", "when", "action", "expression", "needs", "words", "source", "check"],
    defaults=("",))

# Tables that were keyed by execution_date, and those that came when there were run ids and map indexes.
_DATED = ("task_instance", "task_fail", "task_reschedule", "rendered_task_instance_fields", "xcom")
_LATER = ("dag_run_note", "task_instance_note", "task_instance_history", "task_map")
RUN_TABLES = _DATED + _LATER  # their rows in the bundle name their run by dag_id and run_id

# Numbers the target's own sequences give out: never exported, never copied.
NUMBERED = (
    "slot_pool", "variable", "connection", "dag_run", "task_instance_history", "task_fail", "task_reschedule", "log",
    "job",
)

_OTHER = "refers to a row of the source that has another number in the target"
_REST = "only means something while the task runs or is deferred"
_TRIGGER = "Airflow migrations 54bebd308c5f (2.2: trigger), 1949afb29106 (2.9: encrypted with the environment's key)"
_NOT_MOVED = (
    ("dag_run", "creating_job_id", "job_ids_nulled", _OTHER, "Airflow model Job: id"),
    ("task_instance", "job_id", "job_ids_nulled", _OTHER, "Airflow model Job: id"),
    ("task_instance", "queued_by_job_id", "job_ids_nulled", _OTHER, "Airflow model Job: id"),
    ("task_instance", "external_executor_id", "executor_id_nulled", "names a message of the source's executor",
     "Airflow BaseExecutor.try_adopt_task_instances"),
    ("task_instance", "trigger_id", "triggers_stay", _OTHER, _TRIGGER),
    ("task_instance", "trigger_timeout", "triggers_stay", _REST, _TRIGGER),
    ("task_instance", "next_method", "triggers_stay", _REST, _TRIGGER),
    ("task_instance", "next_kwargs", "triggers_stay", _REST, _TRIGGER),
    ("dag_run_note", "user_id", "note_author_nulled", "names a user of the source's web server",
     "Airflow migration 1986afd32c1b (2.5): user_id refers to ab_user"),
    ("task_instance_note", "user_id", "note_author_nulled", "names a user of the source's web server",
     "Airflow migration 1986afd32c1b (2.5): user_id refers to ab_user"),
)


def _never_moved() -> tuple[Rule, ...]:
    """The rules of _NOT_MOVED; earlier attempts of a task have the columns of the task itself."""
    out: list[Rule] = []
    for table, column, name, words, source in _NOT_MOVED:
        for where in (table, "task_instance_history") if table == "task_instance" else (table,):
            out.append(Rule(name, where, column, "always", "nulled", "", "", words, source))
    return tuple(out)


NEVER_MOVED = _never_moved()

_TEMPLATE = (
    "CASE WHEN s.log_template_filename IS NULL THEN NULL ELSE coalesce("
    "(SELECT max(lt.id) FROM log_template lt WHERE lt.filename = s.log_template_filename),"
    " (SELECT max(lt.id) FROM log_template lt)) END"
)
# The patterns are those of Airflow's migration, in which LIKE takes "_" for any letter: "backfill_2020..." fits.
_RUN_TYPE = (
    "CASE WHEN s.run_id LIKE 'manual__%' THEN 'manual' WHEN s.run_id LIKE 'scheduled__%' THEN 'scheduled'"
    " WHEN s.run_id LIKE 'backfill__%' THEN 'backfill' ELSE 'manual' END"
)
_INFERRED = "Airflow infers it from the logical date where it is empty"
_PICKLE = "a pickle; what the target's Airflow cannot read becomes empty and is reported"
# Airflow's migration e39a26ac59f6 (3.0) makes NULL of the pickle of {} in protocol 5, and 3.0 wants a dictionary when a
# cleared task starts or a callback is called (execution API: DagRun.conf). The same in protocol 4 becomes {}.
_CONF = "coalesce(nullif({value}, '\\x80057d942e'::bytea), '\\x80047d942e'::bytea)"
_JSON = "pg_temp.mwz_json({value})"
# Columns that may be empty in 2.11 and must not be in 3.x: (table, column, what stands for none, source).
_FILLED_BY = "Airflow migration 888b59e02a5b (3.2) fills it so; %s (3.0) fails for a page with an empty one"
_NONE_BEFORE_3 = (
    ("task_instance", "try_number", "0", _FILLED_BY % "API TaskInstanceResponse"),
    ("task_instance", "max_tries", "-1", _FILLED_BY % "API TaskInstanceResponse"),
    ("task_instance_history", "max_tries", "-1", "Airflow API TaskInstanceHistoryResponse (3.0)"),
    ("slot_pool", "slots", "0", _FILLED_BY % "API PoolResponse"),
    ("variable", "val", "''", _FILLED_BY % "API VariableResponse"),
    ("log", "event", "''", "Airflow migration edc4f85a4619 (3.2); API EventLogResponse (3.0)"),
)
_ANEW = "decrypted in the source, sealed to the target's key, encrypted anew by the target"
_FERNET = "Airflow models Variable.set_val, Connection.set_password and set_extra"

RULES = NEVER_MOVED + tuple(
    Rule("own_numbers", table, "id", "always", "generated", "", "", "the target's own sequence gives the number",
         "PostgreSQL: nextval() is the column's default")
    for table in NUMBERED
) + tuple(
    Rule("execution_date_to_run_id", table, "run_id", "always", "computed", 's."run_id"', "execution_date",
         "looked up in the source's dag_run by DAG and execution date",
         "Airflow migrations 7b2661a43ba3 (2.2), c306b5b5ae4a, 4eaab2fe6582, 48925b2719cb (2.3)")
    for table in _DATED
) + tuple(
    Rule("map_index_minus_one", table, "map_index", "absent", "computed", "-1", "",
         "no task was mapped before Airflow 2.3", "Airflow migration e655c0453f75 (2.3): server_default -1")
    for table in _DATED
) + tuple(
    Rule("filled_before_3", table, column, "bridge", "computed", "coalesce({value}, " + none + ")", "",
         "on the way to Airflow 3 none becomes " + (none if none != "''" else "an empty text"), source)
    for table, column, none, source in _NONE_BEFORE_3
) + (
    Rule("conf_dictionary_before_3", "dag_run", "conf", "bridge", "computed", _CONF, "",
         "on the way to Airflow 3 a conf its upgrade cannot make JSON of, or none, becomes an empty dictionary in the"
         " pickle protocol the upgrade keeps", "Airflow migration e39a26ac59f6 (3.0); execution API DagRun.conf (3.0)"),
    Rule("xcom_json_before_3", "xcom", "value", "bridge", "computed", _JSON, "",
         "on the way to Airflow 3 a value its upgrade cannot make JSON of is rejected, and NaN and Infinity become"
         " texts, or are spelled by escapes within one; one such value would make the whole upgrade fail",
         "Airflow migration eed27faa34e3 (3.0), as of 3.2",
         "{value} IS NOT NULL AND " + _JSON + " IS NULL"),
    Rule("dated_before_3", "log", "dttm", "bridge", "computed", "{value}", "",
         "on the way to Airflow 3 an audit row without a time is rejected: the API fails for every page that holds one",
         "Airflow API EventLogResponse (3.0): when is a time", "{value} IS NULL"),
    Rule("log_template_by_file_name", "dag_run", "log_template_id", "always", "computed", _TEMPLATE,
         "log_template_filename",
         "looked up by file name among the target's own log templates; the newest where the name is unknown",
         "Airflow migration f9da662e7089 (2.3); numbers differ between databases"),
    Rule("log_template_by_file_name", "dag_run", "log_template_id", "absent", "nulled", "", "",
         "empty means the log file names of before Airflow 2.3, which these runs have",
         "Airflow DagRun._get_log_template"),
    Rule("run_type_from_run_id", "dag_run", "run_type", "absent", "computed", _RUN_TYPE, "run_id",
         "derived from the run id, as Airflow's own migration does", "Airflow migration 3c20cacc0044 (2.0)"),
    Rule("clear_number_zero", "dag_run", "clear_number", "absent", "computed", "0", "",
         "no run of an older Airflow counts how often it was cleared",
         "Airflow migration 375a816bbbf4 (2.8): server_default 0, which fresh 2.8 databases lack"),
    Rule("data_interval_inferred", "dag_run", "data_interval_start", "absent", "nulled", "", "", _INFERRED,
         "Airflow DAG.get_run_data_interval; migration 142555e44c17 (2.2)"),
    Rule("data_interval_inferred", "dag_run", "data_interval_end", "absent", "nulled", "", "", _INFERRED,
         "Airflow DAG.get_run_data_interval; migration 142555e44c17 (2.2)"),
    Rule("pickles_read_by_target", "dag_run", "conf", "present", "", "", "", _PICKLE,
         "Airflow model DagRun.conf: PickleType up to 2.11"),
    Rule("pickles_read_by_target", "task_instance", "executor_config", "present", "", "", "", _PICKLE,
         "Airflow ExecutorConfigType (2.x), PickleType with dill (1.10)"),
    Rule("pickles_read_by_target", "task_instance_history", "executor_config", "present", "", "", "", _PICKLE,
         "Airflow ExecutorConfigType"),
    Rule("include_deferred_false", "slot_pool", "include_deferred", "absent", "computed", "false", "",
         "deferred tasks did not use slots before Airflow 2.7", "Airflow migration 405de8318b3a (2.7)"),
    Rule("default_pool_size", "slot_pool", "slots", "present", "", "", "",
         "default_pool exists everywhere; it takes the source's size", "Airflow Pool.create_default_pool"),
    Rule("pool_slots_one", "task_instance", "pool_slots", "absent", "computed", "1", "",
         "every task used one slot before the column came", "Airflow migration a4c2fd67d16b (1.10.10)"),
    Rule("pool_slots_one", "task_instance", "pool_slots", "present", "computed", "coalesce({value}, 1)", "",
         "an empty one counts as one slot", "Airflow migration 8646922c8a04 (2.0.2)"),
    Rule("try_number_stored", "task_instance", "try_number", "present", "", "", "",
         "the stored number of a finished task instance is the number of its last try in every version; only the"
         " property showed one more up to 2.9", "Airflow TaskInstance.try_number"),
    Rule("xcom_by_run", "xcom", "dag_run_id", "always", "computed", "r.id", "run_id",
         "the number the same run has in the target", "Airflow migration c306b5b5ae4a (2.3)"),
    Rule("xcom_newest_wins", "xcom", "", "always", "", "", "",
         "1.10 allows one key twice: the newest time stamp stays, then the highest number",
         "Airflow XCom.get_one: ORDER BY timestamp DESC"),
    Rule("note_by_run", "dag_run_note", "dag_run_id", "always", "computed", "r.id", "run_id",
         "the number the same run has in the target", "Airflow migration 1986afd32c1b (2.5)"),
    Rule("conn_type_not_empty", "connection", "conn_type", "present", "computed", "coalesce({value}, '')", "",
         "must be a text from Airflow 2.0 on; none becomes an empty one", "Airflow migration 8f966b9c467a (2.0)"),
    Rule("conn_id_first_wins", "connection", "", "always", "", "", "",
         "1.10 allows one conn_id several times: the lowest number stays", "Airflow migration 8d48763f6d53 (2.0)"),
    Rule("secrets_sealed", "variable", "val", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("secrets_sealed", "variable", "is_encrypted", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("secrets_sealed", "connection", "password", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("secrets_sealed", "connection", "extra", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("secrets_sealed", "connection", "is_encrypted", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("secrets_sealed", "connection", "is_extra_encrypted", "present", "computed", "{value}", "", _ANEW, _FERNET),
    Rule("audit_text_redacted", "log", "extra", "present", "", "", "",
         "commands that set variables, connections or users lose their text; it can hold the value",
         "Airflow cli action logging"),
    Rule("audit_run_unknown", "log", "run_id", "absent", "nulled", "", "",
         "audit rows did not name their run before Airflow 2.9", "Airflow migration d75389605139 (2.9)"),
    Rule("audit_map_index_unknown", "log", "map_index", "absent", "nulled", "", "",
         "audit rows did not name a mapped index before Airflow 2.3", "Airflow migration 75d5ed6c2b43 (2.3)"),
    Rule("terminal_states_only", "dag_run", "state", "present", "", "", "",
         "success and failed are moved; a running row would be run again by the target", "Airflow State.finished"),
    Rule("terminal_states_only", "task_instance", "state", "present", "", "", "",
         "success, failed, skipped, upstream_failed and removed are moved; others would be run again by the target",
         "Airflow State.finished"),
    Rule("zoneless_is_utc", "", "", "always", "", "", "", "a time without a zone is UTC",
         "Airflow utils.sqlalchemy.UtcDateTime"),
)


def find(table: str, column: str, present: bool, bridge: bool = False) -> list[Rule]:
    """The rules of a column, in order of precedence. Args: present: whether the bundle has the column. bridge: whether
    the target goes on to Airflow 3."""
    whens = {"always", "present" if present else "absent"} | ({"bridge"} if bridge and present else set())
    found = [rule for rule in RULES if rule.table == table and rule.column == column and rule.when in whens]
    return sorted(found, key=lambda rule: rule.when != "bridge")


# Columns of the source that never leave it: what means something in one database only.
GENERATED: dict[str, tuple[str, ...]] = dict.fromkeys(NUMBERED, ("id",))
for _rule in NEVER_MOVED:
    GENERATED[_rule.table] = (*GENERATED.get(_rule.table, ()), _rule.column)
GENERATED["dag_run"] += ("log_template_id",)
GENERATED["dag_run_note"] += ("dag_run_id",)
GENERATED["xcom"] = ("id", "dag_run_id")  # 1.10 numbered them
