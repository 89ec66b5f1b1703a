"""Which rows leave the source, and why the others stay: rules per table, counted once and then only those that bite."""

import threading

# include: staying.py
# include: counting.py
EXAMPLES = 5
FEW = 8  # names that are cheaper to list than to match


class Selection(object):
    """The rows of one table, by what the export was asked for.

    census() must see the same snapshot as the later copy(): what it finds makes the COPY cheaper. Another process
    of the same export takes over its findings by `recall(learned)`.
    """

    def __init__(self, table, columns, request, family=None):
        """`columns`: reflect()'s answer for all tables. `request`: since, until, dag_patterns. `family`: a dictionary
        the Selections of one export share, so that what is known of a parent is found out once."""
        self.table, self.columns, self.request = table, columns, request
        self.family = {} if family is None else family
        self.family[table] = self
        self.lock, self.found, self.learned = threading.Lock(), None, {}
        self.expressions, self.types, self.joins = {}, {}, {}
        shape(self)
        self.names = list(self.expressions)
        self.checked = [name for name in NATURAL_KEYS.get(table, self.names) if name in self.expressions]
        self.rules = staying(self)

    def relative(self, table):
        """The Selection of a table this one hangs on."""
        if table not in self.family:
            Selection(table, self.columns, self.request, self.family)
        return self.family[table]

    def recall(self, learned):
        """Take over what the census of the same snapshot found in another process."""
        self.learned = learned

    def _live(self):
        """The rules that leave at least one row behind, as far as is known."""
        if "rules" not in self.learned:
            return self.rules
        shorter = self.learned["shorter"]
        return [rule._replace(sql=shorter[rule.why], joins=frozenset()) if rule.why in shorter else rule
                for rule in self.rules if rule.why in self.learned["rules"]]

    def _from(self, rules, named=()):
        """FROM clause with the joins that the rules, and the columns that are read, need."""
        needed = {join for rule in rules for join in rule.joins}
        for name in named:
            if self.expressions[name] != "t." + ident(name):
                needed |= LOOKED_UP.get((self.table, name), set())
        if "ti" in needed and " r." in self.joins["ti"]:
            needed.add("r")
        return ident(self.table) + " t" + "".join(sql for name, sql in self.joins.items() if name in needed)

    def _fields(self, names):
        out = []
        for name in names:
            value = self.expressions[name]
            if (self.table, name) == ("log", "extra"):
                value = redacting(self.learned.get("secret_events"))
            out.append("%s AS %s" % (value, ident(name)))
        return ", ".join(out)

    def base(self, where="", names=None, rules=None):
        """SELECT of every row with its reason (`mwz_reason`, NULL for "goes") and the exported columns."""
        rules, names = self._live() if rules is None else rules, self.names if names is None else names
        fields = ", ".join(["%s AS mwz_reason" % reason_case(rules), self._fields(names)])
        return "SELECT %s FROM %s%s" % (fields, self._from(rules, names), " WHERE " + where if where else "")

    def copy(self, where=""):
        """COPY statement for the rows that go. `where`: SQL over `t`. CSV: NULL is an empty field, '' is a quoted one.

        A plain scan of the table where the census found nothing that stays.
        """
        rules = self._live()
        conditions = ["(%s)" % where] if where else []
        names = self.learned.get("dags_out")
        if names is not None and len(names) <= FEW:
            rules = [rule for rule in rules if rule.why not in BY_DAG]
            if names:
                listed = "%s NOT IN (%s)" % (self.dag, ", ".join(literal(name) for name in names))
                conditions.append("(%s OR %s IS NULL)" % (listed, self.dag) if self.learned["nameless_go"] else listed)
        conditions += ["(%s) IS NOT TRUE" % rule.sql for rule in rules]
        order = " ORDER BY t.%s NULLS FIRST" % ident(ORDERED[self.table]) if self.table in ORDERED else ""
        return "COPY (SELECT %s FROM %s%s%s) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')" % (
            self._fields(self.names), self._from(rules, self.names),
            " WHERE " + " AND ".join(conditions) if conditions else "", order)

    def census(self, cursor):
        """Count once, cheaply. {"rows": that go, "left_out": {reason: n}, "rejected": {reason: n}, "examples":
        {reason: [names]}, "per_dag": {dag_id: rows that go}, "redacted": n, "plain": [columns that hold nothing to
        look at: pickled ones only NULL and empty dictionaries, FILLED ones no NULL]}."""
        with self.lock:
            if self.found is None:
                self.found = self._census(cursor)
            return dict(self.found)

    def _census(self, cursor):
        rules = [rule for rule in (narrowed(cursor, self, rule) for rule in self.rules) if rule is not None]
        looked = PICKLED.get(self.table, ()) + FILLED.get(self.table, ())
        looked = [name for name in looked if name in self.expressions]
        found = {"rows": 0, "left_out": {}, "rejected": {}, "examples": {}, "per_dag": {}, "redacted": 0}
        dags_out, nameless, bitten, secret, odd = set(), False, set(), set(), set()
        cursor.execute(count_query(self, rules, looked))
        for reason, dag_id, rows, redacted, events, plain in cursor.fetchall():
            rows = int(rows)
            if reason is None:
                found["rows"] += rows
                found["redacted"] += int(redacted or 0)
                secret.update(events or ())
                odd.update(name for name, yes in zip(looked, plain or ()) if yes is False)  # noqa: B905
                if dag_id is None:
                    nameless = True
                else:
                    found["per_dag"][dag_id] = found["per_dag"].get(dag_id, 0) + rows
                continue
            where = found["rejected"] if reason in ODDITIES else found["left_out"]
            where[reason] = where.get(reason, 0) + rows
            bitten.add(STATE if reason.startswith(STATE) else reason)
            if reason in BY_DAG:
                dags_out.add(dag_id)
        self.learned = {"rules": sorted(bitten), "nameless_go": nameless, "secret_events": sorted(secret),
                        "shorter": {rule.why: rule.sql for rule in rules if rule not in self.rules}}
        if None not in dags_out:
            self.learned["dags_out"] = sorted(dags_out)
        found["plain"] = [name for name in looked if name not in odd]
        found["examples"] = self.examples(cursor, found)
        return found

    def examples(self, cursor, found=None):
        """{reason: up to five names} of the rows that stay for a reason a person did not choose."""
        found = found or self.census(cursor)
        out = {}
        name = example_name(self)
        rules = self._live()
        for reason in sorted(set(found["left_out"]) | set(found["rejected"])):
            if reason not in CHOSEN:
                cursor.execute("SELECT %s FROM %s WHERE %s = %s LIMIT %d" % (
                    name, self._from(rules), reason_case(rules), literal(reason), EXAMPLES))
                out[reason] = sorted(row[0] for row in cursor.fetchall())
        return out

    def reject_columns(self):
        """Header of the file of rows the source cannot key; of secrets the names only."""
        return ["mwz_reason"] + (self.checked if self.table in SECRET_TABLES else self.names)

    def rejects(self, cursor):
        """COPY statement for the rows that cannot be keyed, their reason first; "" where there are none."""
        odd = sorted(self.census(cursor)["rejected"])
        if not odd:
            return ""
        names = self.reject_columns()[1:]
        return "COPY (SELECT * FROM (%s) x WHERE mwz_reason IN (%s)) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')" % (
            self.base("", names), ", ".join(literal(reason) for reason in odd))
