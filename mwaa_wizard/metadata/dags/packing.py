"""Rows kept aside: COPY into a gzip member in memory; members of one file can simply be joined."""

import zlib


class Packed(object):
    """What COPY writes rows to."""

    def __init__(self):
        self.gzip, self.out, self.size = zlib.compressobj(6, zlib.DEFLATED, 31), [], 0

    def write(self, data):
        """Some bytes of CSV."""
        packed = self.gzip.compress(data)
        if packed:
            self.out.append(packed)
        self.size += len(data)

    def close(self):
        """The member's bytes."""
        return b"".join(self.out) + self.gzip.flush()


def pack_query(cursor, query):
    """The rows of a SELECT as one gzip member of CSV."""
    member = Packed()
    cursor.copy_expert("COPY (%s) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')" % query, member)
    return member.close()
