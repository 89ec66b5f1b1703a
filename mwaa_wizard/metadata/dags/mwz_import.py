"""mwz_import: loads the bundle into this environment's metadata; running it again changes nothing (mwaa-wizard)."""

import threading
import time

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
                      "emptied": {}, "columns": {}, "seconds": 0.0}

    def add(self, reasons=None, packed=None, emptied=None, **counts):
        """Add counts, and rejected rows where there are some."""
        with self.lock:
            for name, number in counts.items():
                self.facts[name] += number
            add(self.facts["reasons"], reasons or {})
            add(self.facts["emptied"], emptied or {})
            if packed:
                self.packed.append(packed)


def load_part(job, loader, part, result):
    """One part in one transaction."""
    rows, done = with_part(job, part, loader.entry, lambda cursor, rows: (rows, loader.merge(cursor, rows)))
    result.add(
        done["rejected"], done["packed"], done["emptied"], read=rows, inserted=done["inserted"],
        updated=done["updated"], rejected=sum(done["rejected"].values()), present=done["present"])
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
