"""mwz_import: loads the bundle into this environment's metadata; running it again changes nothing (mwaa-wizard)."""

import threading
import time
import zlib

# include: common.py
# include: database.py
# include: tables.py
# include: mapping.py
# include: sealing.py
# include: partreader.py
# include: loading.py
# include: secretwriter.py
# include: bundle_opening.py
# include: dagdef.py


class TableResult(object):
    """Counts of one table, added up by several threads; rejected rows as gzip members."""

    def __init__(self):
        self.lock, self.packed = threading.Lock(), []
        self.facts = {"read": 0, "inserted": 0, "present": 0, "rejected": 0, "updated": 0, "reasons": {},
                      "columns": {}, "seconds": 0.0}

    def add(self, reasons=None, packed=None, **counts):
        """Add counts, and rejected rows where there are some."""
        with self.lock:
            for name, number in counts.items():
                self.facts[name] += number
            for why, number in (reasons or {}).items():
                self.facts["reasons"][why] = self.facts["reasons"].get(why, 0) + number
            if packed:
                self.packed.append(packed)


class Packed(object):
    """What COPY writes rejected rows to: one gzip member in memory (members can be joined)."""

    def __init__(self):
        self.gzip, self.out = zlib.compressobj(6, zlib.DEFLATED, 31), []

    def write(self, data):
        """Some bytes of CSV."""
        self.out.append(self.gzip.compress(data))

    def close(self):
        """The member's bytes."""
        return b"".join(self.out) + self.gzip.flush()


def load_part(job, loader, part, result):
    """One part in one transaction."""
    def work(cursor, rows):
        inserted = loader.insert(cursor)
        updated = 0
        if loader.table == "slot_pool":
            # Every Airflow makes default_pool itself, so "keep what is there" would always lose its size.
            cursor.execute(
                "UPDATE slot_pool t SET slots = s.slots, description = s.description FROM %s s"
                " WHERE t.pool = 'default_pool' AND s.pool = t.pool AND (t.slots IS DISTINCT FROM s.slots"
                " OR t.description IS DISTINCT FROM s.description)" % STAGE)
            updated = cursor.rowcount
        reasons, packed = {}, None
        query = loader.rejects()
        if query:
            cursor.execute("CREATE TEMPORARY TABLE mwz_rejected ON COMMIT DROP AS " + query)
            cursor.execute("SELECT mwz_reason, count(*) FROM mwz_rejected GROUP BY 1")
            reasons = dict(cursor.fetchall())
            if reasons:
                member = Packed()
                cursor.copy_expert("COPY mwz_rejected TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')", member)
                packed = member.close()
        return rows, inserted, updated, reasons, packed

    rows, inserted, updated, reasons, packed = with_part(job, part, loader.entry, work)
    rejected = sum(reasons.values())
    result.add(reasons, packed, read=rows, inserted=inserted, updated=updated, rejected=rejected,
               present=rows - inserted - rejected)
    job.progress.add(rows)


def load_parts(job, loader, result, parallel):
    """All parts of a table, some at a time; the first error stops the others."""
    parts, errors, lock = list(loader.entry["parts"]), [], threading.Lock()

    def loop():
        while not errors:
            with lock:
                if not parts:
                    return
                part = parts.pop(0)
            try:
                load_part(job, loader, part, result)
            except Exception as error:
                errors.append(error)

    run_threads(loop, min(parallel, len(parts)), errors)


def write_rejected(job, table, entry, result):
    """The rejected rows with their reasons; an object of an earlier run is replaced even by none."""
    key = REJECTED.format(table=table)
    if result.packed or job.store.read(key) is not None:
        head = Packed()
        head.write((",".join(["mwz_reason"] + entry["columns"]) + "\n").encode("utf-8"))
        job.store.write(key, b"".join([head.close()] + result.packed), "application/gzip")


def load_secrets(job, table, entry, manifest, private_key, result):
    """Sealed variables or connections."""
    items = open_sealed(job, table, entry, manifest, private_key)
    inserted, present = write_secrets(table, items)
    result.add(read=len(items), inserted=inserted, present=present)
    job.progress.add(len(items))


def run_import(job):
    """Guard first; then table by table in an order that satisfies every foreign key."""
    from airflow.version import version

    opened = Bundle(job, version)
    if job.request.get("conflict", "keep") != "keep":
        raise Refused("Rows that are there already can only be kept. Nothing was changed.")
    parallel = max(1, min(4, int(job.request.get("parallel") or 2)))
    results = {}
    job.progress.set(phase="import", unit="rows", total=sum(opened.entries[name]["rows"] for name in opened.tables))
    for table in opened.tables:
        job.progress.set(table=table)
        begun, entry = time.time(), opened.entries[table]
        result = results[table] = TableResult()
        if table in SECRET_TABLES:
            load_secrets(job, table, entry, opened.manifest, opened.private_key, result)
        else:
            loader = opened.loaders[table]
            result.facts["columns"] = loader.actions()
            load_parts(job, loader, result, parallel)
            write_rejected(job, table, entry, result)
        facts = result.facts
        facts["seconds"] = round(time.time() - begun, 3)
        job.log("%s: %d read, %d inserted, %d there already, %d rejected." % (
            table, facts["read"], facts["inserted"], facts["present"], facts["rejected"]))
    job.store.write_json(IMPORT_RESULT, {
        "format": FORMAT, "run_id": job.run_id, "environment": job.environment, "airflow_version": version,
        "alembic_head": opened.head, "manifest_run_id": opened.manifest["run_id"],
        "tables": {table: result.facts for table, result in results.items()}, "finished_at": now(),
    })


dag = make_dag("mwz_import", run_import, "mwaa-wizard: import metadata from the migration bucket")
