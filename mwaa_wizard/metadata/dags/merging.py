"""A staged part into a table that may hold rows already: what is there stays, or is replaced; the rest goes in."""


def differing(loader):
    """SQL: the target's row `t` has other values than the staged one it stands for."""
    pairs = []
    for row in loader.inserted:
        left, right = "t." + ident(row.column), row.expression
        if loader.target[row.column]["type"] == "json":  # it has no equality of its own
            left, right = left + "::text", "(%s)::text" % right
        pairs.append("%s IS DISTINCT FROM %s" % (left, right))
    return "(%s)" % " OR ".join(pairs)


def partners(loader):
    """FROM clause: staged rows that fit beside the target's rows they stand for, active runs left alone."""
    return "%s s%s JOIN %s t ON %s" % (STAGE, loader.joins.format(""), ident(loader.table), loader.match())


def at_rest(loader):
    """SQL: the target's row may be changed; its date is not that of another run."""
    rules = [loader.fitting()]
    if loader.table == "dag_run":
        rules.append("coalesce(t.state, 'none') IN (%s)" % quoted(RUN_DONE))
        rules.append("NOT EXISTS (SELECT 1 FROM dag_run o WHERE o.dag_id = s.dag_id AND o.run_id <> s.run_id"
                     " AND o.execution_date = %s)" % loader.by_column["execution_date"].expression)
    return " AND ".join(rules)


def clashes(loader, cursor, told=5):
    """(how many staged rows are in the target with other values, names of up to `told`); default_pool is none."""
    if loader.keyless:
        return 0, []
    where = differing(loader)
    if loader.table == "slot_pool":
        where += " AND t.pool <> 'default_pool'"
    name = "concat_ws(' ', %s)" % ", ".join("t." + ident(column) for column, _ in loader.keys)
    source = "%s s%s JOIN %s t ON %s" % (STAGE, loader.key_joins(), ident(loader.table), loader.match())
    cursor.execute("SELECT count(*), (array_agg(left(%s, 300)))[1:%d] FROM %s WHERE %s" % (
        name, told, source, where))
    number, names = cursor.fetchone()
    return number, sorted(names or [])


def replace(loader, cursor, kept):
    """Give the target's rows the source's values where they differ; number of rows. Args: kept: a Kept, gets them as
    they were."""
    where = "%s AND %s" % (at_rest(loader), differing(loader))
    old = ", ".join("t." + ident(column) for column in loader.target)
    keys = {column for column, _ in loader.keys}
    changed = [row for row in loader.inserted if row.column not in keys]
    if not changed:
        return 0
    keep_query(cursor, "SELECT %s FROM %s WHERE %s" % (old, partners(loader), where), kept)
    cursor.execute("UPDATE %s t SET %s FROM %s s%s WHERE %s AND %s" % (
        ident(loader.table), ", ".join("%s = %s" % (ident(row.column), row.expression) for row in changed),
        STAGE, loader.joins.format(""), loader.match(), where))
    return cursor.rowcount


def default_pool(loader, cursor):
    """Every Airflow makes default_pool itself, so "keep what is there" would always lose its size. Rows changed."""
    rows = [row for row in loader.inserted if row.source and row.column not in ("id", "pool")]
    cursor.execute("UPDATE slot_pool t SET %s FROM %s s WHERE t.pool = 'default_pool' AND s.pool = t.pool AND (%s)" % (
        ", ".join("%s = %s" % (ident(row.column), row.expression) for row in rows), STAGE,
        " OR ".join("t.%s IS DISTINCT FROM %s" % (ident(row.column), row.expression) for row in rows)))
    return cursor.rowcount


def span(loader, cursor):
    """SQL: a target's row `t` of a table without a key is between the dates of the staged rows."""
    row = loader.by_source[ORDERED[loader.table]]
    cursor.execute("SELECT min({0})::text, max({0})::text, bool_or({0} IS NULL) FROM {1} s".format(
        row.expression, STAGE))
    low, high, empty = cursor.fetchone()
    rules = []
    if low is not None:
        rules.append("t.%s BETWEEN %s AND %s" % (ident(row.column), literal(low), literal(high)))
    if empty:
        rules.append("t.%s IS NULL" % ident(row.column))
    return "(%s)" % " OR ".join(rules) if rules else "false"


def numbered(loader, cursor):
    """WITH clause for tables without a natural key: staged rows as `m` (mapped columns, `mwz_n` = which of its equals
    it is) beside `mwz_c`, how many equal rows the target has already."""
    staged = ", ".join("%s AS %s" % (row.expression, ident(row.column)) for row in loader.inserted)
    whole = ", ".join("{0}." + ident(row.column) for row in loader.inserted)
    return (
        "WITH x AS (SELECT %s FROM %s s%s WHERE %s), y AS (SELECT x.*, md5(ROW(%s)::text) AS mwz_hash FROM x),"
        " n AS (SELECT y.*, row_number() OVER (PARTITION BY mwz_hash) AS mwz_n FROM y),"
        " there AS (SELECT md5(ROW(%s)::text) AS mwz_hash, count(*) AS mwz_c FROM %s t WHERE %s GROUP BY 1),"
        " m AS (SELECT n.*, coalesce(there.mwz_c, 0) AS mwz_c FROM n LEFT JOIN there USING (mwz_hash)) "
        % (staged, STAGE, loader.joins.format(""), loader.fitting(), whole.format("x"), whole.format("t"),
           ident(loader.table), span(loader, cursor))
    )


def insert(loader, cursor):
    """Put in what is not there yet; number of rows inserted."""
    plain = "INSERT INTO %s (%s) SELECT %s FROM %s s%s WHERE %s" % (
        ident(loader.table), loader.names, loader.values, STAGE, loader.joins.format(""), loader.fitting())
    if not loader.keyless:
        cursor.execute(plain + " ON CONFLICT DO NOTHING")
        return cursor.rowcount
    cursor.execute("SELECT EXISTS (SELECT 1 FROM %s t WHERE %s)" % (ident(loader.table), span(loader, cursor)))
    if not cursor.fetchone()[0]:
        cursor.execute(plain)
        return cursor.rowcount
    names = ", ".join("m." + ident(row.column) for row in loader.inserted)
    cursor.execute(numbered(loader, cursor) + "INSERT INTO %s (%s) SELECT %s FROM m WHERE mwz_n > mwz_c" % (
        ident(loader.table), loader.names, names))
    return cursor.rowcount


def present(loader, cursor):
    """How many staged rows have their row in the target."""
    cursor.execute("SELECT count(*) FROM %s s%s JOIN %s t ON %s" % (
        STAGE, loader.key_joins(), ident(loader.table), loader.match()))
    return cursor.fetchone()[0]


def merge(loader, cursor, rows, aside, replaced):
    """The staged part into its table, in the transaction of `cursor`.

    {"inserted", "present", "updated", "other": [pools that keep other values], "rejected": {reason: n}, "emptied":
    {words: n}}. Args: aside: a Kept for rows that do not go in as they are. replaced: one for rows of the target before
    they were replaced.
    """
    out = {"inserted": 0, "present": 0, "updated": 0, "other": [], "rejected": {}}
    out["emptied"] = loader.clean(cursor, aside)
    there = None if loader.keyless else present(loader, cursor)
    if there and loader.conflict == "replace":
        out["updated"] = replace(loader, cursor, replaced)
    elif there and loader.table == "slot_pool":
        out["updated"] = default_pool(loader, cursor)
        out["other"] = clashes(loader, cursor, 1000)[1]
    if there != rows:
        out["inserted"] = insert(loader, cursor)
        if out["inserted"] + (there or 0) != rows:
            out["rejected"] = reject(loader, cursor, aside)
    out["present"] = rows - out["inserted"] - sum(out["rejected"].values())
    return out


def reject(loader, cursor, aside=None):
    """{reason: rows}: staged rows that are not in the target now. Args: aside: a Kept, gets them."""
    query = loader.rejects()
    if not query:
        return {}
    cursor.execute("CREATE TEMPORARY TABLE mwz_rejected ON COMMIT DROP AS " + query)
    cursor.execute("SELECT mwz_reason, count(*) FROM mwz_rejected GROUP BY 1")
    reasons = dict(cursor.fetchall())
    if reasons:
        keep_query(cursor, "SELECT * FROM mwz_rejected", aside)
    cursor.execute("DROP TABLE mwz_rejected")
    return reasons
