"""Pause the source's DAGs, remembering how they were, and wait until nothing runs."""

import time

BUSY = ("running", "queued", "restarting")


def dag_states(cursor):
    """{dag_id: is_paused} of every DAG but ours."""
    cursor.execute("SELECT dag_id, is_paused FROM dag WHERE left(dag_id, %s) <> %s ORDER BY 1",
                   (len(OWN_DAGS), OWN_DAGS))
    return {dag_id: bool(paused) for dag_id, paused in cursor.fetchall()}


def remember(job, states):
    """Write how every DAG is before anything is paused; what an earlier run wrote stays, or our own pausing
    would be taken for the user's. DAGs that came since are added. Returns the document."""
    known = job.store.read_json(PAUSED)
    if known is not None and known.get("session") != job.session:
        raise Refused("%s in the bucket belongs to session %s. Nothing was paused." % (PAUSED, known.get("session")))
    document = known or {"format": FORMAT, "session": job.session, "run_id": job.run_id,
                         "environment": job.environment, "at": now(), "paused": [], "unpaused": []}
    old = set(document["paused"]) | set(document["unpaused"])
    new = [dag_id for dag_id in states if dag_id not in old]
    for dag_id in new:
        document["paused" if states[dag_id] else "unpaused"].append(dag_id)
    if new or known is None:
        job.store.write_json(PAUSED, document)
    return document


def pause_all(job):
    """Pause every DAG but ours. Returns the remembered document and how many were paused now."""
    connection, cursor = open_database()
    try:
        document = remember(job, dag_states(cursor))
        paused = 0
        if job.request.get("pause"):
            # Only what is noted as unpaused: a DAG that came or woke up since then must not be paused unnoted.
            cursor.execute("UPDATE dag SET is_paused = true WHERE dag_id = ANY(%s) AND NOT is_paused",
                           (list(document["unpaused"]),))
            paused = cursor.rowcount
        connection.commit()
    finally:
        close_database(connection)
    job.log("%d DAGs paused; %d were paused before." % (paused, len(document["paused"])))
    return document


def busy_tasks():
    """(alive, stale): task instances of other DAGs that run or wait for a worker, and those that only say so.

    A running task's job heartbeats every few seconds; Airflow itself takes one for dead after five minutes without
    (scheduler_zombie_task_threshold). Rows left behind by a lost worker would otherwise hold every export up.
    """
    connection, cursor = open_database()
    try:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE alive), count(*) FILTER (WHERE NOT alive) FROM ("
            " SELECT CASE WHEN ti.state = 'queued' THEN coalesce(ti.queued_dttm > now() - interval '30 minutes', false)"
            " ELSE coalesce(job.latest_heartbeat, ti.start_date, now()) > now() - interval '5 minutes' END AS alive"
            " FROM task_instance ti LEFT JOIN job ON job.id = ti.job_id"
            " WHERE ti.state = ANY(%s) AND left(ti.dag_id, %s) <> %s) AS busy",
            (list(BUSY), len(OWN_DAGS), OWN_DAGS),
        )
        return cursor.fetchone()
    finally:
        close_database(connection)


def drain(job, seconds):
    """Wait until nothing runs, at most `seconds`; what still runs then is reported and not moved."""
    job.progress.set(phase="drain", unit="tasks", total=None)
    end = time.time() + seconds
    busy, stale = busy_tasks()
    while busy and time.time() < end:
        job.progress.set(done=busy, message="%d task instances still run." % busy)
        time.sleep(min(2.0, max(0.1, end - time.time())))
        busy, stale = busy_tasks()
    if busy:
        job.log("%d task instances still run after %d seconds; they are not moved." % (busy, seconds))
    else:
        job.log("Nothing runs any more.")
    if stale:
        job.log("%d task instances say that they run, but their worker is long gone; they are not moved." % stale)
