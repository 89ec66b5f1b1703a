"""Counting what goes and what stays in one pass: rules that cannot bite are left out, others made cheaper."""

MANY_RUNS = 200  # more of them are found faster by a join


def has_parent_key(cursor, table, parent):
    """Whether a checked foreign key says that every row of `table` has its row in `parent`."""
    cursor.execute(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = %s::regclass"
        " AND confrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = conrelid"
        " AND a.attnum = ANY(conkey) AND NOT a.attnotnull)", (ident(table), ident(parent)))
    return cursor.fetchone()[0] > 0


def runs_certain(cursor, chosen):
    """Whether foreign keys say that every row has its run."""
    through = "task_instance" if chosen.table in OF_TASK else chosen.table
    return has_parent_key(cursor, chosen.table, "dag_run") or (
        through != chosen.table and has_parent_key(cursor, chosen.table, through)
        and has_parent_key(cursor, through, "dag_run"))


def narrowed(cursor, chosen, rule):
    """The rule, a cheaper one that says the same, or None where it is known to leave nothing behind: from foreign keys
    and from what was found of the parents."""
    if rule.why == NO_RUN:
        return None if runs_certain(cursor, chosen) else rule
    if rule.why == NO_TASK:
        return None if has_parent_key(cursor, chosen.table, "task_instance") else rule
    if rule.why in (RUN_STAYS, TASK_STAYS):
        parent = chosen.relative("dag_run" if rule.why == RUN_STAYS else "task_instance").census(cursor)
        # A parent's DAG is its child's: what stays by DAG is found by the child's own rule.
        if not (set(parent["left_out"]) - set(BY_DAG) or parent["rejected"]):
            return None
        return listed(cursor, chosen, rule) if rule.why == RUN_STAYS else rule
    if chosen.table == "log" and rule.why == OWN and "t.extra" in rule.sql:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM %s t WHERE %s)" % (ident(chosen.table), rule.sql))
        return rule if cursor.fetchone()[0] else None
    return rule


def listed(cursor, chosen, rule):
    """RUN_STAYS without a join: after the drain only a few runs stay, and they can be named."""
    if "run_id" not in chosen.columns[chosen.table] or not runs_certain(cursor, chosen):
        return rule
    cursor.execute("SELECT r.dag_id, r.run_id FROM dag_run r WHERE (%s) AND left(r.dag_id, %d) <> %s"
                   " ORDER BY 1, 2 LIMIT %d" % (rule.sql, len(OWN_DAGS), literal(OWN_DAGS), MANY_RUNS + 1))
    runs = cursor.fetchall()
    if len(runs) > MANY_RUNS:
        return rule
    if not runs:
        return None
    names = ", ".join(sorted({literal(run_id) for _, run_id in runs}))
    pairs = ", ".join("(%s, %s)" % (literal(dag_id), literal(run_id)) for dag_id, run_id in runs)
    return rule._replace(
        sql="t.run_id IN (%s) AND (t.dag_id, t.run_id) IN (%s)" % (names, pairs), joins=frozenset())


def count_query(chosen, rules, looked):
    """SELECT of (reason, dag_id, rows, redacted rows, events of these, [column holds nothing to look at])."""
    mine, table = chosen.columns[chosen.table], chosen.table
    pickles = ", ".join(map(literal, PLAIN_PICKLES))
    plain = [("(t.{0} IS NULL OR t.{0} IN ({1}))" if name in PICKLED.get(table, ()) else "t.{0} IS NOT NULL").format(
        ident(name), pickles) for name in looked]
    audit = table == "log" and "extra" in mine
    secret = "t.event ~ %s" % literal(SECRET_EVENTS)
    if "dag_id" in mine and all(rule.cheap for rule in rules):
        by = [name for name in ("dag_id", "state" if table in DONE else "", "event" if audit else "") if name in mine]
        fields = ["t." + name for name in by] + ["count(*) AS n"] + (["count(t.extra) AS n_extra"] if audit else [])
        inner = ", ".join(fields + ["bool_and(%s) AS plain_%d" % (sql, number) for number, sql in enumerate(plain)])
        source = "(SELECT %s FROM %s t GROUP BY %s) t" % (inner, ident(table), ", ".join("t." + name for name in by))
        rows, lost = "sum(t.n)", "sum(t.n_extra) FILTER (WHERE t.n_extra > 0 AND %s)" % secret
        plain = ["t.plain_%d" % number for number in range(len(plain))]
        event = "t.n_extra > 0 AND " + secret
    else:
        source, rows = chosen._from(rules), "count(*)"
        event = "t.extra IS NOT NULL AND " + secret
        lost = "count(*) FILTER (WHERE %s)" % event
    if chosen.dag == "r.dag_id" and " r ON " not in source:
        source += chosen.joins["r"]
    return "SELECT %s, %s, %s, %s, %s, %s FROM %s GROUP BY 1, 2" % (
        reason_case(rules), chosen.dag or "NULL::text", rows, lost if audit else "0",
        "array_agg(DISTINCT t.event) FILTER (WHERE %s)" % event if audit else "NULL",
        "ARRAY[%s]" % ", ".join("bool_and(%s)" % sql for sql in plain) if plain else "NULL", source)


def example_name(chosen):
    """SQL: what a person calls a row."""
    mine = chosen.columns[chosen.table]
    wanted = ("dag_id", "run_id", "execution_date", "task_id", "map_index", "try_number", "key", "conn_id", "pool",
              "job_type", "hostname", "dttm", "event")
    if chosen.table in SECRET_TABLES:
        wanted = NATURAL_KEYS[chosen.table]
    if chosen.table == "dag_run_note":
        return "'number ' || t.dag_run_id::text"
    names = [name for name in wanted if name in mine and not (name == "execution_date" and "run_id" in mine
                                                                and chosen.table == "log")]
    return "left(concat_ws(' ', %s), 300)" % ", ".join("t." + ident(name) for name in names)
