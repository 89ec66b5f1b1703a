"""What a target worked out about a DAG's next run before it knew the DAG's history is forgotten."""


def forget_next_runs(job, opened):
    """The scheduler makes no run for a DAG whose next one is unknown (Airflow: DagModel.dags_needing_dagruns); the next
    parse works it out from the last run. Until then a DAG that catches up would begin at its start date again.
    """
    connection, cursor = open_database()
    try:
        mine = reflect(cursor, ("dag",)).get("dag", {})
        names = [name for name in ("next_dagrun", "next_dagrun_create_after", "next_dagrun_data_interval_start",
                                   "next_dagrun_data_interval_end") if name in mine]
        if names and "dag_run" in opened.tables:
            cursor.execute(
                "UPDATE dag SET %s WHERE left(dag_id, %d) <> %s AND (%s) AND EXISTS (SELECT 1 FROM dag_run r"
                " WHERE r.dag_id = dag.dag_id)" % (
                    ", ".join(name + " = NULL" for name in names), len(OWN_DAGS), literal(OWN_DAGS),
                    " OR ".join(name + " IS NOT NULL" for name in names)))
            job.log("%d DAGs work out their next run anew." % cursor.rowcount)
            connection.commit()
    finally:
        close_database(connection)
