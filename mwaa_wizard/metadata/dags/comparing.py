"""Staged rows beside the target's: how many are there, whether they have the same values, why others are missing."""

COMPARED_AS = ("smallint", "integer", "bigint", "double precision", "numeric")


def values_sum(loader, side):
    """SQL: sum of the hashes of all values that are carried over, of the staged rows or of the target's."""
    fields = []
    for row in loader.inserted:
        kind = loader.target[row.column]["type"]
        if side == "target":
            fields.append("t." + ident(row.column))
        else:
            fields.append("(%s)::%s" % (row.expression, kind) if kind in COMPARED_AS else row.expression)
    return "sum(('x' || left(md5(ROW(%s)::text), 16))::bit(64)::bigint::numeric)" % ", ".join(fields)


def compare(loader, cursor, rows):
    """One staged part against the target; pickles are emptied as the import does it.

    {"there": staged rows that are in the target, "source_sum", "target_sum": over these rows, "missing": {reason: n},
    "missing_per_dag": {dag_id: n}, "per_dag": {dag_id: rows there}, "emptied": {words: n}}. A reason MISSING means
    that nothing explains it.
    """
    out = {"missing": {}, "missing_per_dag": {}, "per_dag": {}}
    out["emptied"] = loader.clean(cursor)
    if loader.keyless:
        with_ = numbered(loader, cursor)
        hashed = "sum(('x' || left(mwz_hash, 16))::bit(64)::bigint::numeric)"
        cursor.execute(with_ + "SELECT count(*) FILTER (WHERE mwz_n <= mwz_c), count(*), %s, %s FILTER (WHERE mwz_n <="
                               " mwz_c) FROM m" % (hashed, hashed))
        out["there"], able, out["source_sum"], out["target_sum"] = cursor.fetchone()
        if able > out["there"]:
            out["missing"][MISSING] = able - out["there"]
        if able < rows:
            add(out["missing"], reject(loader, cursor))
        return out
    source = "%s s%s JOIN %s t ON %s" % (STAGE, loader.joins.format("LEFT"), ident(loader.table), loader.match())
    cursor.execute("SELECT count(*), %s, %s FROM %s" % (
        values_sum(loader, "source"), values_sum(loader, "target"), source))
    out["there"], out["source_sum"], out["target_sum"] = cursor.fetchone()
    if loader.table in ("dag_run", "task_instance"):
        cursor.execute("SELECT s.dag_id, count(*) FROM %s GROUP BY 1" % source)
        out["per_dag"] = dict(cursor.fetchall())
    if out["there"] < rows:
        cursor.execute("CREATE TEMPORARY TABLE mwz_missing ON COMMIT DROP AS " + loader.rejects())
        cursor.execute("SELECT mwz_reason, count(*) FROM mwz_missing GROUP BY 1")
        out["missing"] = dict(cursor.fetchall())
        if "dag_id" in loader.entry["types"]:
            cursor.execute("SELECT dag_id, count(*) FROM mwz_missing GROUP BY 1")
            out["missing_per_dag"] = dict(cursor.fetchall())
        cursor.execute("DROP TABLE mwz_missing")
    return out


def add(counts, more):
    """Add {reason: n} to {reason: n}."""
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
