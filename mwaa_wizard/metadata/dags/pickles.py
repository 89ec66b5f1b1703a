"""Pickled columns, read by the target's own types: what its Airflow could not open must not be stored there."""

import json
import pickle
import re

PICKLES = 4 * 1024 * 1024  # of values that are looked at together
AT_MOST = 1000  # values


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


def different(cursor, column):
    """Lists of (value, its md5), each different pickle of a staged column once but for plain ones; together they are
    every one, and none is larger than PICKLES where one value alone is not."""
    name = "s." + ident(column)
    found = cursor.connection.cursor("mwz_pickles")  # a cursor of the server: libpq would take in all rows at once
    try:
        # Large ones first: as many as the first of a list allows are never too much.
        found.execute("SELECT {0}, md5({0}) FROM {1} s WHERE {0} IS NOT NULL AND {0} NOT IN ({2}) GROUP BY 1"
                      " ORDER BY length({0}) DESC".format(name, STAGE, ", ".join(map(literal, PLAIN_PICKLES))))
        count = 1
        while True:
            rows = [(bytes(value), digest) for value, digest in found.fetchmany(count)]
            if not rows:
                return
            yield rows
            count = max(1, min(AT_MOST, PICKLES // max(1, len(rows[-1][0]))))
    finally:
        found.close()


def readable(read, value):
    """Whether `read` (of a column's type) takes a pickle."""
    try:
        read(value)
    except (Exception, SystemExit):  # unpickling imports modules and calls what it likes
        return False
    return True


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


def clean_pickles(cursor, table, columns, types, bridge=False, aside=None):
    """Empty what this Airflow cannot read in the staged rows; {words: values emptied}.

    Args: columns: pickled ones that may hold something. types: all columns of the part. bridge: also what the upgrade
    to Airflow 3 cannot convert. aside: a Kept, gets the rows as they were.
    """
    emptied = {}
    for column in columns:
        kind, dialect = pickle_type(table, column)
        read = kind.result_processor(dialect, None)
        unread = "%s cannot be read by the target's Airflow, so it is empty there" % column
        lost = "%s holds what Airflow 3's own upgrade cannot convert, so it is empty" % column
        bad = {unread: [], lost: []}
        for values in different(cursor, column):
            for value, digest in values:
                if not readable(read, value):
                    bad[unread].append(digest)
                elif bridge and column == "conf" and lost_in_3(value):
                    bad[lost].append(digest)
        for words, digests in bad.items():
            if digests:
                emptied[words] = empty(cursor, table, column, types, words, digests, aside)
    return emptied


def empty(cursor, table, column, types, words, digests, aside):
    """Empty the values of a staged column that have one of the digests; number of rows."""
    cursor.execute("CREATE TEMPORARY TABLE mwz_bad ON COMMIT DROP AS SELECT unnest(%s) AS digest", (digests,))
    where = "md5(s.%s) IN (SELECT digest FROM mwz_bad)" % ident(column)
    fields = ", ".join("s." + ident(one) for one in types)
    keep_query(cursor, "SELECT %s, %s FROM %s s WHERE %s" % (literal(words), fields, STAGE, where), aside)
    cursor.execute("UPDATE %s s SET %s = %%s WHERE %s" % (STAGE, ident(column), where), (empty_value(table, column),))
    rows = cursor.rowcount
    cursor.execute("DROP TABLE mwz_bad")
    return rows
