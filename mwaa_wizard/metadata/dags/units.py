"""What an export is cut into: ranges of blocks of large tables, whole tables otherwise; one unit makes known parts."""

UNIT_BYTES = 16 * 1024 * 1024  # of table, TOAST counted in: some 50,000 task instances, 3 to 4 MB of gzip
TID_RANGE_SCANS = 140000  # PostgreSQL 14: "ctid >= x AND ctid < y" reads these blocks only; before, the whole table
EVEN = 4  # a large table has a multiple of so many units, so that two or four workers end together


def block_ranges(blocks, size):
    """[(first block, block after the last or None)] of equal length; the last one is open, [] for a small table.

    Only sizes are looked at, no statistics: the same table is cut the same way whoever asks. Args: blocks: of the
    table itself. size: bytes of the table and its TOAST table.
    """
    count = -(-size // UNIT_BYTES)
    if count < 2 or blocks < 2:
        return []
    count = min(-(-count // EVEN) * EVEN, blocks)
    cuts = [blocks * number // count for number in range(count)]
    return list(zip(cuts, cuts[1:] + [None]))  # noqa: B905


def range_rule(first, end):
    """The WHERE clause of a range of blocks of table `t`."""
    rule = "t.ctid >= '(%d,0)'::tid" % first
    return rule if end is None else rule + " AND t.ctid < '(%d,0)'::tid" % end


def table_size(cursor, table):
    """(blocks of the table, bytes of it and its TOAST table)."""
    cursor.execute(
        "SELECT pg_relation_size(c.oid) / current_setting('block_size')::bigint, pg_relation_size(c.oid)"
        " + CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_relation_size(c.reltoastrelid) END"
        " FROM pg_class c WHERE c.oid = %s::regclass", (ident(table),))
    blocks, size = cursor.fetchone()
    return int(blocks), int(size)


def plan_units(cursor, tables, cut=True):
    """Units as [table, number, first block, end block], those with most work first.

    A stream has the number None: one COPY of the whole table, cut into parts by rows. Tables without a natural key
    are always streams: their parts must not end between two equal rows. Args: cut: False makes streams only.
    """
    streams, ranges = [], []
    ranged = cut and cursor.connection.server_version >= TID_RANGE_SCANS
    for table in tables:
        blocks, size = table_size(cursor, table)
        found = block_ranges(blocks, size) if ranged and table not in ORDERED else []
        if found:
            ranges.extend([table, number, first, end] for number, (first, end) in enumerate(found))
        else:
            streams.append((-size, [table, None, None, None]))
    # A long stream that began last would leave the other workers idle.
    return [unit for _, unit in sorted(streams)] + ranges
