"""From S3 into a staging table: a part is streamed, its sha256 checked before anything is committed."""

import hashlib
import re
import time
import zlib

from botocore.exceptions import BotoCoreError

TYPE = re.compile(r"^[a-z]+( [a-z]+)*(\([0-9]+(,[0-9]+)?\))?( with(out)? time zone)?$")
STAGE = "mwz_part"
ATTEMPTS = 3
PACKED = 64 * 1024


class PartReader(object):
    """What COPY reads from: the decompressed object, and the sha256 of what came over the wire."""

    def __init__(self, store, part):
        self.part = part
        self.body = store.client.get_object(Bucket=store.bucket, Key=part["key"])["Body"]
        self.sha, self.gzip = hashlib.sha256(), zlib.decompressobj(31)
        self.held, self.error, self.over = b"", None, False

    def read(self, size=-1):
        """The next `size` bytes of CSV or fewer; b"" at the end."""
        try:
            while not self.held and not self.over:
                packed = self.body.read(PACKED)
                if packed:
                    self.sha.update(packed)
                    self.held = self.gzip.decompress(packed)
                else:
                    self.held, self.over = self.gzip.flush(), True
        except Exception as error:  # psycopg2 turns it into a database error and loses the cause
            self.error = error
            raise
        if size is None or size < 0:
            size = len(self.held)
        out, self.held = self.held[:size], self.held[size:]
        return out

    def check(self):
        """Refuse bytes that are not those the manifest speaks of."""
        if not self.gzip.eof or self.sha.hexdigest() != self.part["sha256"]:
            raise Refused("%s is not the object the manifest describes (sha256 differs). Nothing of it was loaded."
                          % self.part["key"])


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
    reader = PartReader(store, part)
    names = ", ".join(ident(column) for column in entry["columns"])
    try:
        cursor.copy_expert(
            "COPY %s (%s) FROM STDIN WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')" % (STAGE, names), reader, 1 << 16)
    except Exception:
        if reader.error is not None:
            raise reader.error
        raise
    rows = cursor.rowcount
    reader.check()
    if rows != part["rows"]:
        raise Refused("%s holds %d rows, the manifest says %d." % (part["key"], rows, part["rows"]))
    cursor.execute("ANALYZE %s" % STAGE)
    return rows


def with_part(job, part, entry, work):
    """Stage a part, call work(cursor, rows), commit; a broken connection to S3 is tried again."""
    for attempt in range(1, ATTEMPTS + 1):
        connection, cursor = open_database()
        try:
            rows = stage(cursor, job.store, part, entry)
            result = work(cursor, rows)
            connection.commit()
            return result
        except (BotoCoreError, EOFError, OSError, zlib.error) as error:
            if attempt == ATTEMPTS:
                raise Refused("%s could not be read: %s" % (part["key"], first_line(error)))
            job.log("%s: %s; trying again." % (part["key"], first_line(error)))
            time.sleep(attempt)
        finally:
            close_database(connection)
    raise Refused("%s could not be read." % part["key"])
