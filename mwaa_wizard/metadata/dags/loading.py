"""The SQL between a staged part and a table of the target: parents, keys, what is there, what goes in."""


def quoted(states):
    """States as an SQL list."""
    return ", ".join(literal(state) for state in states)


class Loader(object):
    """One table of the bundle against the same table of the target."""

    def __init__(self, table, entry, columns, versions):
        """Args: entry: the manifest's. columns: reflect()'s answer for the target. versions: (source, target)."""
        self.table, self.entry = table, entry
        self.plan = plan(entry["types"], columns[table], table, versions)
        bad = [row for row in self.plan if row.action == "impossible"]
        if bad:
            raise Refused("%s.%s %s. Nothing was changed." % (table, bad[0].column, bad[0].reason))
        self.inserted = [row for row in self.plan if row.expression]
        self.by_source = {row.source: row for row in self.inserted if row.source}
        self.compared = [name for name in entry["keys"] if name in self.by_source]
        self.names = ", ".join(ident(row.column) for row in self.inserted)
        self.values = ", ".join(row.expression for row in self.inserted)
        self.joins, self.parents = self._parents()

    def actions(self):
        """{column: what was done with it} for the result."""
        return {row.column or row.source: row.action for row in self.plan}

    def _parents(self):
        """(joins of a staged row to what it hangs on in the target, [(missing?, why)])."""
        table = self.table
        if table not in ("task_instance", "task_fail", "xcom"):
            return "", []
        joins = ' {0} JOIN "dag_run" r ON r.dag_id = s.dag_id AND r.run_id = s.run_id AND r.state IN (%s)' % (
            quoted(RUN_DONE))
        parents = [("r.id IS NULL", "its run is not in the target, or is active there")]
        if table != "task_instance":
            joins += (' {0} JOIN "task_instance" ti ON ti.dag_id = s.dag_id AND ti.task_id = s.task_id'
                      " AND ti.run_id = s.run_id")
            if "map_index" in self.entry["types"]:
                joins += " AND ti.map_index = s.map_index"
            else:
                joins += " AND ti.map_index = -1"
            parents.append(("ti.dag_id IS NULL", "its task instance is not in the target"))
        return joins, parents

    def match(self):
        """SQL: the target's row `t` that a staged row `s` stands for."""
        rules = []
        for key in NATURAL_KEYS[self.table]:
            if self.table == "xcom" and key in ("dag_id", "run_id"):
                continue
            if key in self.by_source:
                row = self.by_source[key]
                rules.append("t.%s = %s" % (ident(row.column), row.expression))
        if self.table == "xcom":
            rules.append("t.dag_run_id = r.id")
        return " AND ".join(rules)

    def numbered(self, cursor):
        """WITH clause for tables without a natural key: staged rows as `m` (mapped columns, `mwz_n` = which of
        its equals it is) beside `mwz_c`, how many equal rows the target has already."""
        date = self.by_source[ORDERED[self.table]].column
        kept = self.joins.format("")
        staged = ", ".join("%s AS %s" % (row.expression, ident(row.column)) for row in self.inserted)
        cursor.execute("SELECT min({0})::text, max({0})::text, bool_or({0} IS NULL) FROM {1} s".format(
            self.by_source[ORDERED[self.table]].expression, STAGE))
        low, high, empty = cursor.fetchone()
        span = "false"
        if low is not None:
            span = "t.%s BETWEEN %s AND %s" % (ident(date), literal(low), literal(high))
        if empty:
            span = "(%s OR t.%s IS NULL)" % (span, ident(date))
        whole = ", ".join("{0}." + ident(row.column) for row in self.inserted)
        return (
            "WITH x AS (SELECT %s FROM %s s%s), y AS (SELECT x.*, md5(ROW(%s)::text) AS mwz_hash FROM x),"
            " n AS (SELECT y.*, row_number() OVER (PARTITION BY mwz_hash) AS mwz_n FROM y),"
            " there AS (SELECT md5(ROW(%s)::text) AS mwz_hash, count(*) AS mwz_c FROM %s t WHERE %s GROUP BY 1),"
            " m AS (SELECT n.*, coalesce(there.mwz_c, 0) AS mwz_c FROM n LEFT JOIN there USING (mwz_hash)) "
            % (staged, STAGE, kept, whole.format("x"), whole.format("t"), ident(self.table), span)
        )

    def insert(self, cursor):
        """Put in what is not there yet; number of rows inserted."""
        if self.table in ORDERED:
            names = ", ".join("m." + ident(row.column) for row in self.inserted)
            cursor.execute(self.numbered(cursor) + "INSERT INTO %s (%s) SELECT %s FROM m WHERE mwz_n > mwz_c" % (
                ident(self.table), self.names, names))
        else:
            cursor.execute("INSERT INTO %s (%s) SELECT %s FROM %s s%s ON CONFLICT DO NOTHING" % (
                ident(self.table), self.names, self.values, STAGE, self.joins.format("")))
        return cursor.rowcount

    def rejects(self):
        """SQL: after insert(), the staged rows that are still not in the target, with the reason first; or ""."""
        whens = ["WHEN %s THEN %s" % (rule, literal(why)) for rule, why in self.parents]
        joins = self.joins.format("LEFT")
        if self.table not in ORDERED:
            there = "t.%s" % ident(self.by_source[NATURAL_KEYS[self.table][0]].column)
            joins += " LEFT JOIN %s t ON %s" % (ident(self.table), self.match())
            whens.insert(0, "WHEN %s IS NOT NULL THEN NULL" % there)
            whens.append("ELSE 'another row of the target is in its place'")
        if not whens:
            return ""
        fields = ", ".join("s." + ident(column) for column in self.entry["columns"])
        return "SELECT * FROM (SELECT CASE %s END AS mwz_reason, %s FROM %s s%s) q WHERE mwz_reason IS NOT NULL" % (
            " ".join(whens), fields, STAGE, joins)

    def staged_sum(self, cursor, names):
        """(rows, sum of hashes) of the staged part over the source's columns `names`."""
        cursor.execute("SELECT count(*), sum(%s) FROM %s s" % (row_hash("s", names), STAGE))
        return cursor.fetchone()

    def target_sum(self, cursor):
        """(rows of the target that the staged ones stand for, sum of their hashes over the same columns)."""
        names = [self.by_source[name].column for name in self.compared]
        if self.table in ORDERED:
            cursor.execute(self.numbered(cursor) + "SELECT count(*), sum(%s) FROM m WHERE mwz_n <= mwz_c" % (
                row_hash("m", names)))
        else:
            cursor.execute("SELECT count(*), sum(%s) FROM %s s%s JOIN %s t ON %s" % (
                row_hash("t", names), STAGE, self.joins.format(""), ident(self.table), self.match()))
        return cursor.fetchone()

    def per_dag(self, cursor):
        """{dag_id: rows of the target that the staged ones stand for}."""
        cursor.execute("SELECT s.dag_id, count(*) FROM %s s%s JOIN %s t ON %s GROUP BY 1" % (
            STAGE, self.joins.format(""), ident(self.table), self.match()))
        return dict(cursor.fetchall())
