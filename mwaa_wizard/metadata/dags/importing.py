"""Parts into their tables: straight where these are empty, staged and merged otherwise; one transaction each.

A part is the unit of resume: whatever ends an import, a part is in the table as a whole or not at all.
"""

import gzip
import threading

KEPT = "work/{dag_id}/{run_id}/{kind}-{table}-{number:04d}.csv.gz"
COUNTS = ("read", "inserted", "present", "updated")


class Kept(object):
    """Rows kept aside, on their way into one gzip object of the bucket; no object where there are none."""

    def __init__(self, store, key):
        self.store, self.key, self.upload = store, key, None

    def write(self, data):
        """Some bytes of CSV; COPY calls it."""
        if self.upload is None:
            self.upload = Upload(self.store, self.key)
        self.upload.write(data)

    def close(self):
        """Whether there is an object now."""
        if self.upload is not None:
            self.upload.close()
        return self.upload is not None

    def abort(self):
        """Leave no half upload behind."""
        if self.upload is not None:
            self.upload.abort()


class PartLoader(object):
    """The parts of one table, some at a time. Args: direct: Loader.direct_guard()'s answer for this import."""

    def __init__(self, job, loader, direct):
        self.job, self.loader = job, loader
        self.direct = loader.direct() if direct else None

    def load(self, number):
        """One part; its counts, see Loader.merge(). Rows that are kept aside are in the bucket already."""
        part = self.loader.entry["parts"][number]
        names = self.direct
        if names:
            done = in_transaction(self.job, part, lambda cursor: self._straight(cursor, part, names))
            if done is not None:
                return done
            # Most likely everything is there already: the other parts need not find out again.
            self.direct = None
        return in_transaction(self.job, part, lambda cursor: self._merged(cursor, part, number))

    def _straight(self, cursor, part, names):
        import psycopg2

        lock_part(cursor, part)
        into = "%s (%s)" % (ident(self.loader.table), ", ".join(ident(name) for name in names))
        try:
            cursor.execute("SAVEPOINT mwz_straight")
            rows = copy_part(cursor, self.job.store, part, into)
        except (psycopg2.IntegrityError, psycopg2.DataError):
            cursor.execute("ROLLBACK TO SAVEPOINT mwz_straight")
            return None  # a key that is there, a missing parent, a value that does not fit: the merge tells which
        return {"read": rows, "inserted": rows, "present": 0, "updated": 0, "rejected": {}, "emptied": {}, "kept": []}

    def _merged(self, cursor, part, number):
        lock_part(cursor, part)
        rows = stage(cursor, self.job.store, part, self.loader.entry)
        kept = {kind: Kept(self.job.store, KEPT.format(
            dag_id=self.job.dag_id, run_id=self.job.run_id, kind=kind, table=self.loader.table, number=number))
            for kind in ("packed", "replaced")}
        try:
            done = dict(self.loader.merge(cursor, rows, kept["packed"], kept["replaced"]), read=rows)
            done["kept"] = [[kind, kept[kind].key] for kind in sorted(kept) if kept[kind].close()]
        except BaseException:
            for one in kept.values():
                one.abort()
            raise
        return done

    def run(self, numbers, parallel, told):
        """Load parts in threads (COPY FROM waits for the server, not for Python); told(number, counts) for each."""
        waiting, errors, lock = list(numbers), [], threading.Lock()

        def loop():
            while not errors:
                with lock:
                    if not waiting:
                        return
                    number = waiting.pop(0)
                try:
                    told(number, self.load(number))
                except BaseException as error:  # SystemExit would end the thread without a word
                    errors.append(error)

        run_threads(loop, min(parallel, len(waiting)), errors)


class TableResult(object):
    """Counts of one table, added up from all parts, whoever loaded them."""

    def __init__(self):
        self.lock, self.kept = threading.Lock(), []
        self.facts = {"read": 0, "inserted": 0, "present": 0, "rejected": 0, "updated": 0, "reasons": {},
                      "emptied": {}, "columns": {}, "kept": [], "seconds": 0.0}

    def add(self, number, done):
        """One part's counts."""
        with self.lock:
            for name in COUNTS:
                self.facts[name] += done[name]
            self.facts["rejected"] += sum(done["rejected"].values())
            add(self.facts["reasons"], done["rejected"])
            add(self.facts["emptied"], done["emptied"])
            self.facts["kept"] = sorted(set(self.facts["kept"]) | set(done.get("other") or ()))
            self.kept.extend((number, kind, key) for kind, key in done["kept"])


def join_kept(job, result, kind, key, header):
    """Put the kept rows of all parts into one object. Rejected rows of an earlier run are replaced, even by none; the
    rows that any run replaced stay, as they are nowhere else any more.

    Gzip members can be joined as they are, piece by piece.
    """
    if kind == "replaced":
        keys = job.store.keys("work/%s/" % job.dag_id, "/replaced-%s-" % key.rsplit("/", 1)[1].split(".")[0])
        if not keys:
            return
    else:
        keys = [found for _, sort, found in sorted(result.kept) if sort == kind]
        if not keys and job.store.read(key) is None:
            return
    upload = Upload(job.store, key)
    try:
        upload.add_packed(gzip.compress((",".join(header) + "\n").encode("utf-8")))
        for found in keys:
            for piece in job.store.pieces(found):
                upload.add_packed(piece)
        upload.close(finish=False)
    except BaseException:
        upload.abort()
        raise
