"""mwz_export: writes this environment's history, and its secrets sealed, to the migration bucket (mwaa-wizard)."""

import gzip
import hashlib
import threading

# include: common.py
# include: database.py
# include: tables.py
# include: selection.py
# include: sealing.py
# include: partwriter.py
# include: units.py
# include: helpers.py
# include: copying.py
# include: fanout.py
# include: pausing.py
# include: secretreader.py
# include: dagdef.py

TASKS = 1  # how many tasks share the work; set when the file is written


class Export(object):
    """One export under one snapshot: the same in the lead and in the tasks that follow it."""

    def __init__(self, job, columns, tables):
        self.job, self.tables = job, tables
        family = {}
        self.chosen = {table: Selection(table, columns, job.request, family) for table in tables}
        self.part_rows = max(1, min(PART_ROWS, int(job.request.get("part_rows") or PART_ROWS)))
        self.parallel = max(1, min(8, int(job.request.get("parallel") or 2)))
        self.found, self.dag_counts, self.parts, self.lock = {}, {}, {}, threading.Lock()

    def copy(self, units, snapshot, told):
        """Start the helpers on some units; join what is returned."""
        return copy_units(self.job, self.chosen, units, snapshot, self.parallel, self.part_rows, told)

    def census(self, snapshot):
        """Count every table, some at a time; what is found makes the copies cheaper."""
        waiting, errors = list(reversed(self.tables)), []

        def loop():
            try:
                connection, cursor = open_database(True, snapshot)
                try:
                    cursor.execute("SET LOCAL jit TO off")
                    while not errors:
                        with self.lock:
                            if not waiting:
                                return
                            table = waiting.pop(0)
                        self.count(cursor, table)
                finally:
                    close_database(connection)
            except BaseException as error:  # what ends a thread must end the export
                errors.append(error)

        run_threads(loop, min(self.parallel, len(waiting)), errors)
        self.job.progress.set(total=sum(entry["rows"] for entry in self.found.values()))

    def count(self, cursor, table):
        """Rows that go, and reasons of those that stay, of one table; rows without a key are kept aside."""
        chosen = self.chosen[table]
        entry = chosen.census(cursor)
        per_dag = entry.pop("per_dag")
        entry.update({"columns": chosen.names, "types": chosen.types, "keys": chosen.checked, "parts": [],
                      "sealed": table in SECRET_TABLES})
        label = {"dag_run": "runs", "task_instance": "task_instances"}.get(table)
        with self.lock:
            self.found[table] = entry
            for dag_id, number in per_dag.items() if label else ():
                self.dag_counts.setdefault(dag_id, {"runs": 0, "task_instances": 0})[label] = number
        keep_rejected(self.job, cursor, chosen)
        self.job.log("%s: %d rows go, %d stay." % (
            table, entry["rows"], sum(entry["left_out"].values()) + sum(entry["rejected"].values())))

    def told(self, unit, parts):
        """A unit is done, here or in another task."""
        self.parts.setdefault(unit[0], []).extend(parts)
        self.job.progress.add(sum(part["rows"] for part in parts))

    def seal(self, cursor, table, pem):
        """Variables or connections: decrypted, sealed, put."""
        entry = self.found[table]
        items, unreadable = read_secrets(cursor, table, self.chosen[table])
        key = SEALED.format(table=table)
        data = seal(items, pem, table, self.job.run_id)
        self.job.store.write(key, data)
        entry["parts"] = [{"key": key, "rows": len(items), "bytes": len(data),
                           "sha256": hashlib.sha256(data).hexdigest()}]
        if unreadable:
            entry["left_out"]["cannot be decrypted with this environment's Fernet key"] = len(unreadable)
            self.job.log("%s: cannot be decrypted, so not exported: %s" % (table, ", ".join(unreadable)))
            entry["rows"] = len(items)
        self.job.progress.add(len(items))
        self.job.log("%s: %d sealed." % (table, len(items)))

    def run(self, snapshot, pem, cursor):
        """Count; copy in the helpers and the other tasks, seal here meanwhile; compare.

        Args: cursor: of the connection that holds the snapshot.
        """
        job, lead = self.job, Lead(self.job, TASKS)
        job.progress.set(phase="count", table="")
        self.census(snapshot)
        job.progress.set(phase="export", unit="rows", done=0)
        plain = [table for table in self.tables if table not in SECRET_TABLES]
        units = plan_units(cursor, [table for table in plain if self.found[table]["rows"]])
        learned = {table: chosen.learned for table, chosen in self.chosen.items()}
        lead.open("export", {"snapshot": snapshot, "items": units, "tasks": TASKS, "learned": learned})
        try:
            parted = shares(units, TASKS)
            helpers = self.copy(parted[0], snapshot, self.told) if parted[0] else None
            try:
                for table in self.tables:
                    if table in SECRET_TABLES:
                        self.seal(cursor, table, pem)
            except BaseException:
                if helpers is not None:
                    helpers.baton.stop()
                raise
            finally:
                if helpers is not None:
                    helpers.join()
            lead.collect("export", parted, self.told, lambda items: self.copy(items, snapshot, self.told).join())
        finally:
            lead.say(over=True)
        for table in plain:
            entry = self.found[table]
            entry["parts"] = sorted(self.parts.get(table, []), key=lambda part: part["key"])
            written = sum(part["rows"] for part in entry["parts"])
            if written != entry["rows"]:
                raise Refused("%s: %d rows were counted and %d written." % (table, entry["rows"], written))


def keep_rejected(job, cursor, chosen):
    """Rows of the source that have no key, with their reasons; an object of an earlier run is replaced even by none."""
    key, statement = SOURCE_REJECTED.format(table=chosen.table), chosen.rejects(cursor)
    if not statement:
        if job.store.read(key) is not None:
            job.store.write(key, gzip.compress(b""), "application/gzip")
        return
    upload = Upload(job.store, key)
    try:
        upload.write((",".join(chosen.reject_columns()) + "\n").encode("utf-8"))
        cursor.copy_expert(statement, upload)
        upload.close()
    except BaseException:
        upload.abort()
        raise


def chosen_tables(job, columns):
    """The tables of the orders that this source has, in load order."""
    wanted = job.request.get("tables") or list(LOAD_ORDER)
    unknown = [table for table in wanted if table not in LOAD_ORDER]
    if unknown:
        raise Refused("These tables are not moved: %s." % ", ".join(unknown))
    return [table for table in LOAD_ORDER if table in wanted and table in columns]


def opened(job):
    """(the guarded export, the schema's revision)."""
    connection, cursor = open_database(True)
    try:
        head = alembic_head(cursor)
        job.guard(head)
        columns = reflect(cursor, LOAD_ORDER + ("log_template",))
    finally:
        close_database(connection)
    return Export(job, columns, chosen_tables(job, columns)), head


def public_key(job, tables):
    """The target's public key, where secrets are among the tables."""
    if not set(tables) & set(SECRET_TABLES):
        return None
    pem = job.store.read(PUBLIC_KEY)
    if pem is None:
        raise Refused("The target has not put its public key into the bucket yet (run mwz_key there).")
    pinned = job.request.get("public_key_sha256")
    if pinned and hashlib.sha256(pem).hexdigest() != pinned:
        raise Refused("The public key in the bucket is not the one the target made.")
    return pem


def run_export(job):
    """Pause, drain, take the snapshot, export, and write the manifest last."""
    from airflow.version import version

    export, head = opened(job)
    pem = public_key(job, export.tables)
    job.progress.set(phase="pause")
    before = pause_all(job)
    if job.request.get("pause"):
        drain(job, int(job.request.get("drain_seconds") or 0))
    job.progress.set(phase="snapshot", table="")
    connection, cursor = open_database(True)
    try:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        taken = now()
        job.log("Snapshot %s." % snapshot)
        export.run(snapshot, pem, cursor)
    finally:
        close_database(connection)
    job.store.write_json(MANIFEST, {
        "format": FORMAT, "run_id": job.run_id, "environment": job.environment, "airflow_version": version,
        "alembic_head": head, "snapshot": snapshot, "created_at": taken, "since": job.request.get("since"),
        "until": job.request.get("until"),
        "tables": export.found, "dag_counts": export.dag_counts,
        "paused_before": before["paused"], "unpaused_before": before["unpaused"],
    })
    job.log("The manifest is written; the bundle is complete.")


def share_export(job):
    """Another task's share, under the lead's snapshot."""
    export, _ = opened(job)

    def do(stage, plan, units, told):
        for table, learned in plan["learned"].items():
            export.chosen[table].recall(learned)
        export.copy(units, plan["snapshot"], told).join()

    follow(job, do)


dag = make_dag("mwz_export", run_export, "mwaa-wizard: export metadata to the migration bucket", share_export, TASKS)
