"""mwz_inventory: counts what this environment holds, changes nothing (mwaa-wizard)."""

import platform

# include: common.py
# include: database.py
# include: tables.py
# include: dagdef.py


def count_table(cursor, table, columns):
    """Rows (ours left out), bytes, date range, and rows that are not at rest."""
    mine = columns[table]
    where = "true"
    if "dag_id" in mine:
        where = "coalesce(left(dag_id, %d), '') <> %s" % (len(OWN_DAGS), literal(OWN_DAGS))
    if table == "variable":
        where = 'left("key", %d) <> %s' % (len(OWN_VARIABLES), literal(OWN_VARIABLES))
    date = DATES.get(table)
    if date not in mine:
        date = "logical_date" if date and "logical_date" in mine else None
    moving = "0"
    if table in DONE:
        done = ", ".join(literal(state) for state in DONE[table])
        moving = "count(*) FILTER (WHERE coalesce(state, 'none') NOT IN (%s))" % done
    span = "min({0})::timestamptz, max({0})::timestamptz".format(ident(date)) if date else "NULL, NULL"
    cursor.execute("SELECT count(*), %s, %s, pg_total_relation_size(%s::regclass) FROM %s WHERE %s" % (
        moving, span, literal(ident(table)), ident(table), where))
    rows, not_terminal, first, last, size = cursor.fetchone()
    return {
        "rows": rows, "size_bytes": size, "not_terminal": not_terminal,
        "first": first.isoformat() if first else None, "last": last.isoformat() if last else None,
    }


def list_dags(cursor, columns):
    """Every DAG with its paused state, number of runs and last run."""
    active = "d.is_active" if "is_active" in columns["dag"] else "true"
    date = "execution_date" if "execution_date" in columns["dag_run"] else "logical_date"
    cursor.execute(
        "SELECT d.dag_id, d.is_paused, %s, coalesce(r.runs, 0), r.last_run FROM dag d LEFT JOIN"
        " (SELECT dag_id, count(*) AS runs, max(%s) AS last_run FROM dag_run GROUP BY dag_id) r"
        " ON r.dag_id = d.dag_id WHERE left(d.dag_id, %d) <> %s ORDER BY 1"
        % (active, date, len(OWN_DAGS), literal(OWN_DAGS)))
    return [
        {"dag_id": dag_id, "is_paused": bool(paused), "is_active": bool(is_active), "runs": runs,
         "last_run": last.isoformat() if last else None}
        for dag_id, paused, is_active, runs, last in cursor.fetchall()
    ]


def providers():
    """{package: version} of the installed providers; none before Airflow 2."""
    try:
        from airflow.providers_manager import ProvidersManager
    except ImportError:
        return {}
    return {name: str(info.version) for name, info in ProvidersManager().providers.items()}


def run_inventory(job):
    """Look at everything once, in one read-only transaction."""
    from airflow.version import version

    connection, cursor = open_database(True)
    try:
        head = alembic_head(cursor)
        job.guard(head)
        columns = reflect(cursor, LOAD_ORDER + ("dag", "log_template"))
        tables = {}
        present = [table for table in LOAD_ORDER if table in columns]
        job.progress.set(phase="inventory", unit="tables", total=len(present))
        for table in present:
            job.progress.set(table=table)
            tables[table] = count_table(cursor, table, columns)
            job.progress.add(1)
            job.log("%s: %d rows." % (table, tables[table]["rows"]))
        document = {
            "format": FORMAT, "run_id": job.run_id, "environment": job.environment,
            "airflow_version": version, "alembic_head": head, "python_version": platform.python_version(),
            "database": database_version(cursor), "created_at": now(), "tables": tables,
            "columns": {table: {name: facts["type"] for name, facts in found.items()}
                            for table, found in columns.items()},
            "dags": list_dags(cursor, columns),
        }
    finally:
        close_database(connection)
    document["providers"] = providers()
    job.store.write_json(INVENTORY, document)
    job.log("The inventory is in the bucket.")


dag = make_dag("mwz_inventory", run_inventory, "mwaa-wizard: what this environment holds")
