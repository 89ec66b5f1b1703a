"""mwz_export: writes this environment's history, and its secrets sealed, to the migration bucket (mwaa-wizard)."""

import hashlib
import threading

# include: common.py
# include: database.py
# include: tables.py
# include: selection.py
# include: sealing.py
# include: partwriter.py
# include: pausing.py
# include: secretreader.py
# include: dagdef.py

SLICE_BYTES = 64 * 1024 * 1024  # of table: smaller ones are copied by one connection


def slices(cursor, table, parallel):
    """WHERE clauses that cut a table into `parallel` ranges of blocks; [""] for small and ordered tables."""
    cursor.execute("SELECT pg_relation_size(%s::regclass), current_setting('block_size')::bigint", (ident(table),))
    size, block = cursor.fetchone()
    if parallel < 2 or size < SLICE_BYTES or table in ORDERED:
        return [""]
    blocks = int(size // block) + 1
    cuts = [blocks * number // parallel for number in range(parallel)]
    out = []
    for number, start in enumerate(cuts):
        rule = "t.ctid >= '(%d,0)'::tid" % start
        if number + 1 < parallel:
            rule += " AND t.ctid < '(%d,0)'::tid" % cuts[number + 1]
        out.append(rule)
    return out


class Workers(object):
    """Threads that see one snapshot; each takes jobs from a list until it is empty or one has failed."""

    def __init__(self, snapshot, count):
        self.snapshot, self.count = snapshot, count
        self.lock, self.jobs, self.errors = threading.Lock(), [], []

    def add(self, function, *arguments):
        """Add function(cursor, *arguments)."""
        self.jobs.append((function, arguments))

    def run(self):
        """Run everything; the first error is raised again."""
        run_threads(self._work, min(self.count, len(self.jobs)), self.errors)
        self.jobs = []

    def _work(self):
        try:
            connection, cursor = open_database(True, self.snapshot)
        except Exception as error:
            self.errors.append(error)
            return
        try:
            while not self.errors:
                with self.lock:
                    if not self.jobs:
                        break
                    function, arguments = self.jobs.pop(0)
                function(cursor, *arguments)
        except Exception as error:
            self.errors.append(error)
        finally:
            close_database(connection)


class Export(object):
    """One export under one snapshot."""

    def __init__(self, job, columns):
        self.job = job
        wanted = job.request.get("tables") or list(LOAD_ORDER)
        unknown = [table for table in wanted if table not in LOAD_ORDER]
        if unknown:
            raise Refused("These tables are not moved: %s." % ", ".join(unknown))
        self.tables = [table for table in LOAD_ORDER if table in wanted and table in columns]
        self.columns = columns
        self.chosen = {table: Selection(table, columns, job.request) for table in self.tables}
        self.numbers = {table: Numbers(table) for table in self.tables}
        self.found, self.dag_counts, self.lock = {}, {}, threading.Lock()
        self.part_rows = max(1, min(PART_ROWS, int(job.request.get("part_rows") or PART_ROWS)))
        self.workers = None

    def count(self, cursor, table):
        """Rows, checksum and reasons of one table."""
        chosen = self.chosen[table]
        rows, total, left_out = chosen.census(cursor)
        entry = {
            "columns": chosen.names, "types": chosen.types, "keys": chosen.checked, "rows": rows,
            "checksum": total, "parts": [], "sealed": table in SECRET_TABLES, "left_out": left_out,
        }
        if table == "log":
            entry["redacted"] = chosen.redacted(cursor)
        label = {"dag_run": "runs", "task_instance": "task_instances"}.get(table)
        per_dag = chosen.per_dag(cursor) if label else {}
        with self.lock:
            self.found[table] = entry
            for dag_id, number in per_dag.items():
                self.dag_counts.setdefault(dag_id, {"runs": 0, "task_instances": 0})[label] = number
        self.job.log("%s: %d rows go, %d stay." % (table, rows, sum(left_out.values())))

    def counted(self, rows):
        """Rows went out; a COPY also stops here when another one has failed."""
        if self.workers.errors:
            raise Refused("stopped, as another part of the export failed")
        self.job.progress.add(rows)

    def copy(self, cursor, table, where):
        """One slice of one table into its parts."""
        self.job.progress.set(table=table)
        chosen = self.chosen[table]
        header = (",".join(chosen.names) + "\n").encode("utf-8")
        writer = PartWriter(self.job.store, self.numbers[table], header, table in ORDERED, self.counted, self.part_rows)
        try:
            cursor.copy_expert(chosen.copy(where), writer, 1 << 16)
            writer.close()
        except BaseException:
            writer.abort()
            raise

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

    def run(self, snapshot, parallel, pem, cursor):
        """Count, then copy, everything under the snapshot."""
        workers = self.workers = Workers(snapshot, parallel)
        for table in reversed(self.tables):
            workers.add(self.count, table)
        workers.run()
        self.job.progress.set(phase="export", unit="rows", done=0,
                              total=sum(entry["rows"] for entry in self.found.values()))
        jobs = []
        for table in self.tables:
            if table in SECRET_TABLES:
                workers.add(self.seal, table, pem)
            elif self.found[table]["rows"]:
                jobs.extend((self.found[table]["rows"], table, where) for where in slices(cursor, table, parallel))
        for _, table, where in sorted(jobs, reverse=True):
            workers.add(self.copy, table, where)
        workers.run()
        for table in self.tables:
            if table not in SECRET_TABLES:
                parts = sorted(self.numbers[table].parts, key=lambda part: part["key"])
                self.found[table]["parts"] = parts
                if sum(part["rows"] for part in parts) != self.found[table]["rows"]:
                    raise Refused("%s: %d rows were counted and %d written." % (
                        table, self.found[table]["rows"], sum(part["rows"] for part in parts)))


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

    connection, cursor = open_database(True)
    try:
        head = alembic_head(cursor)
        job.guard(head)
        export = Export(job, reflect(cursor, LOAD_ORDER + ("log_template",)))
    finally:
        close_database(connection)
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
        export.run(snapshot, max(1, min(8, int(job.request.get("parallel") or 2))), pem, cursor)
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


dag = make_dag("mwz_export", run_export, "mwaa-wizard: export metadata to the migration bucket")
