"""Pickled columns, read by the target's own types: what its Airflow could not open must not be stored there."""

import json
import pickle
import re


def pickle_type(table, column):
    """The SQLAlchemy type of the column in this Airflow, with the dialect of its database."""
    from airflow import settings

    if table == "dag_run":
        from airflow.models import DagRun as model
    elif table == "task_instance":
        from airflow.models import TaskInstance as model
    else:
        from airflow.models.taskinstancehistory import TaskInstanceHistory as model
    dialect = settings.engine.dialect
    return model.__table__.c[column].type.dialect_impl(dialect), dialect


def unreadable(table, column, values):
    """Those of some pickles (bytes) that this Airflow cannot read back."""
    kind, dialect = pickle_type(table, column)
    read = kind.result_processor(dialect, None)
    bad = []
    for value in values:
        try:
            read(bytes(value))
        except (Exception, SystemExit):  # unpickling imports modules and calls what it likes
            bad.append(bytes(value))
    return bad


def lost_in_3(value):
    """Whether Airflow 3's migration e39a26ac59f6 of dag_run.conf (unpickle, json.dumps, cast to jsonb, in one
    transaction) cannot convert a pickle: what cannot be dumped becomes NULL, which 3.0 does not bear where it wants a
    dictionary, and what jsonb refuses makes the whole upgrade fail."""
    try:
        found = pickle.loads(value)
        text = json.dumps(found, ensure_ascii=False)
    except (Exception, SystemExit):  # unpickling imports modules and calls what it likes
        return True
    if not isinstance(found, dict):  # 3.x answers for a page of runs, and its execution API, want a dictionary
        return True
    try:
        json.dumps(found, allow_nan=False)
    except ValueError:
        return True
    # jsonb holds no NUL, and surrogates only in pairs (which Python has as one letter).
    return bool(re.search(r"(?<!\\)(?:\\\\)*\\u0000", text)) or any("\ud800" <= letter <= "\udfff" for letter in text)


def empty_value(table, column):
    """What stands for an unreadable value: NULL for conf, the target's own pickle of {} for executor_config."""
    if column == "conf":
        return None
    kind, dialect = pickle_type(table, column)
    return kind.bind_processor(dialect)({})


def clean_pickles(cursor, table, columns, types, bridge=False):
    """Empty what this Airflow cannot read in the staged rows. Args: columns: pickled ones that may hold something.
    types: all columns of the part. bridge: also what the upgrade to Airflow 3 cannot convert.
    Returns ({words: values emptied}, gzip member of the rows as they were or None).
    """
    emptied, members = {}, []
    for column in columns:
        name = "s." + ident(column)
        cursor.execute("SELECT DISTINCT {0} FROM {1} s WHERE {0} IS NOT NULL AND {0} NOT IN ({2})".format(
            name, STAGE, ", ".join(map(literal, PLAIN_PICKLES))))
        values = [bytes(row[0]) for row in cursor.fetchall()]
        bad = unreadable(table, column, values)
        found = [("%s cannot be read by the target's Airflow, so it is empty there" % column, bad)]
        if bridge and column == "conf":
            known = set(bad)
            found.append(("%s holds what Airflow 3's own upgrade cannot convert, so it is empty" % column,
                          [value for value in values if value not in known and lost_in_3(value)]))
        for words, some in found:
            if some:
                emptied[words], member = empty(cursor, table, column, types, words, some)
                members.append(member)
    return emptied, b"".join(members) or None


def empty(cursor, table, column, types, words, values):
    """Empty some values of a staged column: (rows, gzip member of them as they were)."""
    cursor.execute("CREATE TEMPORARY TABLE mwz_bad (value bytea) ON COMMIT DROP")
    for value in values:
        cursor.execute("INSERT INTO mwz_bad VALUES (%s)", (value,))
    where = "s.%s IN (SELECT value FROM mwz_bad)" % ident(column)
    fields = ", ".join("s." + ident(one) for one in types)
    member = pack_query(cursor, "SELECT %s, %s FROM %s s WHERE %s" % (literal(words), fields, STAGE, where))
    cursor.execute("UPDATE %s s SET %s = %%s WHERE %s" % (STAGE, ident(column), where), (empty_value(table, column),))
    rows = cursor.rowcount
    cursor.execute("DROP TABLE mwz_bad")
    return rows, member
