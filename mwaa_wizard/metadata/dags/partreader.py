"""From S3 into a table: a part is streamed, its sha256 checked before anything is committed."""

import hashlib
import re
import time
import zlib

from botocore.exceptions import BotoCoreError

TYPE = re.compile(r"^[a-z]+( [a-z]+)*(\([0-9]+(,[0-9]+)?\))?( with(out)? time zone)?$")
STAGE = "mwz_part"
ATTEMPTS = 3
PACKED = 64 * 1024
UNPACKED = 256 * 1024  # a megabyte of zeros packs to a kilobyte: what comes out is bounded, not what goes in
LOCKS = 0x6D777A  # "mwz": our advisory locks in the metadata database

LOAD_SETTINGS = (
    # A staged part is small beside the table it goes into: its keys are looked up, the table is never read whole,
    # or each part of a growing table would cost more than the one before.
    "SET LOCAL random_page_cost TO 0.02",
    # Joins as they are written: a new environment's tables have no statistics yet, and a planner that guesses joins
    # staged xcoms to those there by key and map index alone, which are the same in most rows.
    "SET LOCAL join_collapse_limit TO 1",
    "SET LOCAL work_mem TO '32MB'",
    "SET LOCAL jit TO off",
)


class PartReader(object):
    """What COPY reads from: the decompressed object, and the sha256 of what came over the wire."""

    def __init__(self, store, part):
        self.part = part
        self.body = store.client.get_object(Bucket=store.bucket, Key=part["key"])["Body"]
        self.sha, self.gzip = hashlib.sha256(), zlib.decompressobj(31)
        self.held, self.at, self.error, self.over = b"", 0, None, False

    def read(self, size=-1):
        """The next `size` bytes of CSV or fewer; b"" at the end."""
        try:
            while self.at >= len(self.held) and not self.over:
                self._more()
        except Exception as error:  # psycopg2 turns it into a database error and loses the cause
            self.error = error
            raise
        if size is None or size < 0:
            size = len(self.held)
        out = self.held[self.at:self.at + size]
        self.at += len(out)
        return out

    def _more(self):
        packed = self.gzip.unconsumed_tail
        if not packed:
            packed = self.body.read(PACKED)
            self.sha.update(packed)
        self.held, self.at = self.gzip.decompress(packed, UNPACKED), 0
        if not packed and not self.held:
            self.over = True

    def check(self):
        """Refuse bytes that are not those the manifest speaks of."""
        if not self.gzip.eof or self.sha.hexdigest() != self.part["sha256"]:
            raise Refused("%s is not the object the manifest describes (sha256 differs). Nothing of it was loaded."
                          % self.part["key"])


def copy_part(cursor, store, part, into):
    """COPY one part into a table; number of rows. Args: into: table and its columns in the part's order, as SQL."""
    reader = PartReader(store, part)
    try:
        cursor.copy_expert("COPY %s FROM STDIN WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')" % into, reader, 1 << 16)
    except Exception:
        if reader.error is not None:
            raise reader.error
        raise
    rows = cursor.rowcount
    reader.check()
    if rows != part["rows"]:
        raise Refused("%s holds %d rows, the manifest says %d." % (part["key"], rows, part["rows"]))
    return rows


def stage(cursor, store, part, entry):
    """Load one part into the temporary table `mwz_part` of this transaction; number of rows.

    A temporary table is not logged, needs no cleaning up, and is gone when the connection is.
    """
    fields = []
    for column in entry["columns"]:
        kind = entry["types"][column]
        if not TYPE.match(kind):
            raise Refused("The manifest has the type %r, which is none of PostgreSQL's." % kind[:40])
        fields.append("%s %s" % (ident(column), kind))
    cursor.execute("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP" % (STAGE, ", ".join(fields)))
    return copy_part(cursor, store, part, "%s (%s)" % (STAGE, ", ".join(ident(name) for name in entry["columns"])))


def lock_part(cursor, part):
    """Nobody else loads this part until the transaction ends: two tasks or two runs would double rows without key."""
    number = zlib.crc32(part["key"].encode("utf-8")) & 0x7FFFFFFF
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, number))


def in_transaction(job, part, work):
    """work(cursor) in one transaction; a connection that breaks, to S3 or to the database, is made anew."""
    import psycopg2
    from sqlalchemy.exc import OperationalError  # what the pool says where a new connection is refused

    broken = (BotoCoreError, EOFError, OSError, zlib.error, psycopg2.OperationalError, psycopg2.InterfaceError,
              OperationalError)
    attempt = 0
    while True:
        attempt += 1
        connection = None
        try:
            connection, cursor = open_database()
            for statement in LOAD_SETTINGS:
                cursor.execute(statement)
            result = work(cursor)
            connection.commit()
            return result
        except broken as error:
            if attempt == ATTEMPTS:
                raise Refused("%s could not be loaded: %s" % (part["key"], first_line(error)))
            job.log("%s: %s; trying again." % (part["key"], first_line(error)))
            time.sleep(attempt)
        finally:
            if connection is not None:
                leave(connection)


def leave(connection):
    """Give a connection back; the pool throws away one that is broken, and what broke it is told already."""
    import psycopg2

    try:
        close_database(connection)
    except psycopg2.Error as error:
        LOG.info("The connection was broken: %s", first_line(error))


def with_part(job, part, entry, work):
    """Stage a part, call work(cursor, rows), commit."""
    return in_transaction(job, part, lambda cursor: work(cursor, stage(cursor, job.store, part, entry)))
