"""The SQL between a staged part and a table of the target: parents, keys, what is there, what goes in."""

# include: packing.py
# include: pickles.py
# include: bridging.py
# include: merging.py
# include: comparing.py
NO_PARENT_RUN = "its run is not in the target, or is active there"
NO_PARENT_TASK = "its task instance is not in the target"
DATE_TAKEN = "another run of the target has its logical date"
MISSING = "it is not in the target"


def quoted(states):
    """States as an SQL list."""
    return ", ".join(literal(state) for state in states)


class Loader(object):
    """One table of the bundle against the same table of the target."""

    def __init__(self, table, entry, columns, versions, conflict="keep", bridge=False):
        """Args: entry: the manifest's. columns: reflect()'s answer for the target. versions: (source, target).
        conflict: keep or replace (what "fail" asks for is looked at by clashes(), before anything is written).
        bridge: the target is to be upgraded to Airflow 3."""
        self.table, self.entry, self.columns, self.conflict = table, entry, columns, conflict
        self.target = columns[table]
        self.plan = plan(entry["types"], self.target, table, versions, bridge)
        bad = [row for row in self.plan if row.action == "impossible"]
        if bad:
            raise Refused("%s.%s %s. Nothing was changed." % (table, bad[0].column, bad[0].reason))
        self.bridge = bridge
        self.inserted = [row for row in self.plan if row.expression]
        self.by_source = {row.source: row for row in self.inserted if row.source}
        self.by_column = {row.column: row for row in self.inserted}
        self.names = ", ".join(ident(row.column) for row in self.inserted)
        self.values = ", ".join(row.expression for row in self.inserted)
        self.keyless = table in ORDERED
        self.pickled = [name for name in PICKLED.get(table, ())
                        if name in entry["types"] and name in self.target and name not in entry.get("plain", ())]
        self.keys = [] if self.keyless else self._keys()
        self.joins, self.parents = self._parents()
        self.misfits = [("(%s)" % row.check, STAYS_BEFORE_3.get(row.rule) or "%s does not fit (%s%s)" % (
            row.column, self.target[row.column]["type"], "" if self.target[row.column]["nullable"] else ", not empty"))
            for row in self.inserted if row.check]

    def actions(self):
        """{column: what was done with it} for the result."""
        return {row.column or row.source: row.action for row in self.plan}

    def _keys(self):
        """[(column of the target, SQL of its value)] that tell one row: dates instead of run ids in older targets."""
        keys = []
        for name in NATURAL_KEYS[self.table]:
            column = name
            if name in ("dag_id", "run_id") and "dag_run_id" in self.target:
                column = "dag_run_id"
            elif name == "run_id" and name not in self.target:
                column = "execution_date"
            if column in self.by_column:
                keys.append((column, self.by_column[column].expression))
            elif column == "map_index" and column in self.target:
                keys.append((column, "-1"))  # left to the column's default
        return sorted(set(keys))

    def _parents(self):
        """(joins of a staged row to what it hangs on in the target, [(missing?, why)])."""
        if self.table not in OF_RUN + OF_TASK:
            return "", []
        joins = ' {0} JOIN "dag_run" r ON r.dag_id = s.dag_id AND r.run_id = s.run_id AND r.state IN (%s)' % (
            quoted(RUN_DONE))
        parents = [("r.id IS NULL", NO_PARENT_RUN)]
        if self.table in OF_TASK:
            there = self.columns["task_instance"]
            link = "run_id" if "run_id" in there else "execution_date"
            joins += (' {0} JOIN "task_instance" ti ON ti.dag_id = s.dag_id AND ti.task_id = s.task_id'
                      " AND ti.%s = s.%s" % (link, link))
            if "map_index" in there:
                joins += " AND ti.map_index = " + ("s.map_index" if "map_index" in self.entry["types"] else "-1")
            parents.append(("ti.dag_id IS NULL", NO_PARENT_TASK))
        return joins, parents

    def match(self):
        """SQL: the target's row `t` that a staged row `s` stands for."""
        return " AND ".join("t.%s = %s" % (ident(column), value) for column, value in self.keys)

    def key_joins(self):
        """The joins match() needs."""
        needed = any(value.startswith("r.") for _, value in self.keys)
        return ' JOIN "dag_run" r ON r.dag_id = s.dag_id AND r.run_id = s.run_id' if needed else ""

    def fitting(self):
        """SQL: a staged row whose values the target can hold."""
        return " AND ".join("%s IS NOT TRUE" % check for check, _ in self.misfits) or "true"

    def direct(self):
        """The target's columns in the part's order where COPY may go straight into the table, else None.

        Only where every value is copied as it is. What the table itself refuses (a key that is there, an empty value,
        a missing parent) is an error of the COPY: the part is then to be merged.
        """
        if self.keyless or self.table == "slot_pool" or self.pickled:
            return None
        out = []
        for name in self.entry["columns"]:
            row = self.by_source.get(name)
            if row is None or not self._as_it_is(row, "s." + ident(name)):
                return None
            out.append(row.column)
        return out if len(out) == len(self.inserted) else None

    def _as_it_is(self, row, value):
        """Whether a value needs no work, or only where it is empty and the table would refuse it."""
        if row.expression.startswith("coalesce(%s, " % value):
            return not self.target[row.column]["nullable"] or row.source in self.entry.get("plain", ())
        return row.expression == value

    def direct_guard(self, cursor):
        """Whether direct() is safe now, asked once per import: the table is empty but for our own rows, and no run of
        another DAG is active in the target (rows must not be hung on it)."""
        ours = "left(dag_id, %d) <> %s" % (len(OWN_DAGS), literal(OWN_DAGS))
        where = " WHERE " + ours if "dag_id" in self.target else ""
        cursor.execute("SELECT EXISTS (SELECT 1 FROM %s%s)" % (ident(self.table), where))
        if cursor.fetchone()[0]:
            return False
        if self.table in OF_RUN + OF_TASK:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM dag_run WHERE coalesce(state, 'none') NOT IN (%s) AND %s)" % (
                quoted(RUN_DONE), ours))
            return not cursor.fetchone()[0]
        return True

    def clean(self, cursor, aside=None):
        """Empty the staged pickles this Airflow cannot read: {words: values}. Args: aside: a Kept, gets the rows."""
        if self.bridge and self.table == "xcom":
            prepare_bridge(cursor)
        if not self.pickled:
            return {}
        return clean_pickles(cursor, self.table, self.pickled, self.entry["columns"], self.bridge, aside)

    def merge(self, cursor, rows, aside, replaced):
        """Staged rows into the table, see merging.merge()."""
        return merge(self, cursor, rows, aside, replaced)

    def clashes(self, cursor):
        """(how many staged rows are in the target with other values, names of up to five)."""
        return clashes(self, cursor)

    def compare(self, cursor, rows):
        """Staged rows beside the target's, see comparing.compare()."""
        return compare(self, cursor, rows)

    def rejects(self):
        """SQL: the staged rows that are not in the target, with the reason first; "" where none can be missing."""
        whens = self.misfits + self.parents
        joins = self.joins.format("LEFT")
        if self.keyless:
            if not whens:
                return ""
            otherwise = "NULL"
        else:
            whens.insert(0, ("t.%s IS NOT NULL" % ident(self.keys[0][0]), None))
            joins += " LEFT JOIN %s t ON %s" % (ident(self.table), self.match())
            if self.table == "dag_run":
                date = next(name for name in ("execution_date", "logical_date") if name in self.by_column)
                whens.append(("EXISTS (SELECT 1 FROM dag_run o WHERE o.dag_id = s.dag_id AND o.%s = %s)" % (
                    ident(date), self.by_column[date].expression), DATE_TAKEN))
            otherwise = literal(MISSING)
        cases = " ".join("WHEN %s THEN %s" % (rule, literal(why) if why else "NULL") for rule, why in whens)
        fields = ", ".join("s." + ident(column) for column in self.entry["columns"])
        return ("SELECT * FROM (SELECT CASE %s ELSE %s END AS mwz_reason, %s FROM %s s%s) q"
                " WHERE mwz_reason IS NOT NULL" % (cases, otherwise, fields, STAGE, joins))
