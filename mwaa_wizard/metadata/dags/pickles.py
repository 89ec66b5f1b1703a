"""Pickled columns, read by the target's own types: what its Airflow could not open must not be stored there."""


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
        except Exception:  # unpickling may raise anything
            bad.append(bytes(value))
    return bad


def empty_value(table, column):
    """What stands for an unreadable value: NULL for conf, the target's own pickle of {} for executor_config."""
    if column == "conf":
        return None
    kind, dialect = pickle_type(table, column)
    return kind.bind_processor(dialect)({})


def clean_pickles(cursor, table, columns, types):
    """Empty what this Airflow cannot read in the staged rows. Args: columns: pickled ones that may hold something.
    types: all columns of the part. Returns ({words: values emptied}, gzip member of the rows as they were or None).
    """
    emptied, members = {}, []
    for column in columns:
        name = "s." + ident(column)
        cursor.execute("SELECT DISTINCT {0} FROM {1} s WHERE {0} IS NOT NULL AND {0} NOT IN ({2})".format(
            name, STAGE, ", ".join(map(literal, PLAIN_PICKLES))))
        bad = unreadable(table, column, (row[0] for row in cursor.fetchall()))
        if not bad:
            continue
        words = "%s cannot be read by the target's Airflow, so it is empty there" % column
        cursor.execute("CREATE TEMPORARY TABLE mwz_bad (value bytea) ON COMMIT DROP")
        for value in bad:
            cursor.execute("INSERT INTO mwz_bad VALUES (%s)", (value,))
        where = "%s IN (SELECT value FROM mwz_bad)" % name
        fields = ", ".join("s." + ident(one) for one in types)
        members.append(pack_query(cursor, "SELECT %s, %s FROM %s s WHERE %s" % (literal(words), fields, STAGE, where)))
        cursor.execute("UPDATE %s s SET %s = %%s WHERE %s" % (STAGE, ident(column), where),
                       (empty_value(table, column),))
        emptied[words] = cursor.rowcount
        cursor.execute("DROP TABLE mwz_bad")
    return emptied, b"".join(members) or None
