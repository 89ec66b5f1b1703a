"""Which rows leave the source, and why the others stay: one SQL expression per table, NULL for "goes"."""

import datetime


def pattern_regex(pattern):
    """A shell pattern (`*`, `?`) as a PostgreSQL regular expression over the whole name."""
    out = []
    for letter in pattern:
        if letter == "*":
            out.append(".*")
        elif letter == "?":
            out.append(".")
        elif letter.isalnum() or letter == "_":
            out.append(letter)
        else:
            out.append("\\" + letter)
    return "^" + "".join(out) + "$"


def stamp(day, plus=0):
    """A date (YYYY-MM-DD) as midnight UTC; a wrong one is refused."""
    try:
        moment = datetime.datetime.strptime(day, "%Y-%m-%d") + datetime.timedelta(days=plus)
    except ValueError:
        raise Refused("%r is not a date like 2026-01-31." % day)
    return literal(moment.strftime("%Y-%m-%d") + " 00:00:00+00") + "::timestamptz"


class Selection(object):
    """The rows of one table, by what the export was asked for."""

    def __init__(self, table, columns, request):
        """`columns`: reflect()'s answer for all tables. `request`: since, until, dag_pattern."""
        self.table = table
        self.columns = columns
        self.request = request
        mine = columns[table]
        self.expressions = {}
        self.types = {}
        ordered = ORDERED.get(table)
        names = sorted(mine, key=lambda name: name != ordered) if ordered else list(mine)
        for name in names:
            if name not in GENERATED.get(table, ()):
                self.expressions[name] = "t." + ident(name)
                self.types[name] = mine[name]["type"]
        self.joins = ""
        self._shape()
        self.names = list(self.expressions)
        self.checked = [name for name in CHECKED[table] if name in self.expressions]
        self.reason = self._reason()

    def _date(self, table):
        """The column a run is dated by; `logical_date` from Airflow 3 on."""
        name = DATES[table]
        return "logical_date" if name not in self.columns[table] and "logical_date" in self.columns[table] else name

    def _shape(self):
        table, mine = self.table, self.columns[self.table]
        if table == "dag_run" and "log_template_id" in mine:
            self.joins = ' LEFT JOIN "log_template" lt ON lt.id = t.log_template_id'
            self.expressions["log_template_filename"] = "lt.filename"
            self.types["log_template_filename"] = "text"
        if table in ("task_instance", "task_fail", "xcom"):
            link = "run_id" if "run_id" in mine else "execution_date"
            self.joins = ' LEFT JOIN "dag_run" r ON r.dag_id = t.dag_id AND r.%s = t.%s' % (link, link)
            if link != "run_id":
                self.expressions["run_id"] = "r.run_id"
                self.types["run_id"] = "character varying(250)"
        if table in ("task_fail", "xcom"):
            other = self.columns["task_instance"]
            links = [name for name in ("run_id", "execution_date", "map_index") if name in mine and name in other]
            self.joins += ' LEFT JOIN "task_instance" ti ON ti.dag_id = t.dag_id AND ti.task_id = t.task_id'
            self.joins += "".join(" AND ti.%s = t.%s" % (name, name) for name in links)
        if table == "log" and "extra" in mine:
            self.expressions["extra"] = (
                "CASE WHEN t.event ~ %s AND t.extra IS NOT NULL THEN %s ELSE t.extra END"
                % (literal(SECRET_EVENTS), literal('{"redacted": "could hold a secret"}'))
            )

    def _dated(self, alias, table):
        column = "%s.%s" % (alias, ident(self._date(table)))
        rules = []
        if self.request.get("since"):
            rules.append((column + " < " + stamp(self.request["since"]), "older than the chosen date"))
        if self.request.get("until"):
            rules.append((column + " >= " + stamp(self.request["until"], 1), "newer than the chosen date"))
        return rules

    def _state(self, alias, done):
        inside = ", ".join(literal(state) for state in done)
        return "coalesce(%s.state, 'none') NOT IN (%s)" % (alias, inside)

    def _reason(self):
        table, mine = self.table, self.columns[self.table]
        rules = []
        if "dag_id" in mine:
            rules.append(("left(t.dag_id, %d) = %s" % (len(OWN_DAGS), literal(OWN_DAGS)), "of this tool"))
            pattern = self.request.get("dag_pattern") or "*"
            if pattern != "*":
                rules.append(("coalesce(t.dag_id, '') !~ " + literal(pattern_regex(pattern)),
                              "outside the chosen DAGs"))
        if table == "log" and "extra" in mine:
            rules.append(("t.dag_id IS NULL AND position(%s in t.extra) > 0" % literal(OWN_DAGS), "of this tool"))
        if table == "variable":
            rules.append(('left(t."key", %d) = %s' % (len(OWN_VARIABLES), literal(OWN_VARIABLES)), "of this tool"))
        if table in DONE:
            rules.append((self._state("t", DONE[table]), "||"))
        if table in ("dag_run", "log", "job", "sla_miss"):
            rules.extend(self._dated("t", table))
        if table in ("task_instance", "task_fail", "xcom"):
            gone = ["r.id IS NULL", self._state("r", RUN_DONE)] + [rule for rule, _ in self._dated("r", "dag_run")]
            rules.append(("(" + " OR ".join(gone) + ")", "its run is not moved"))
        if table in ("task_fail", "xcom"):
            rules.append(("(ti.dag_id IS NULL OR %s)" % self._state("ti", TASK_DONE),
                          "its task instance is not moved"))
        if not rules:
            return "NULL::text"
        words = []
        for rule, why in rules:
            value = "'state ' || coalesce(t.state, 'none')" if why == "||" else literal(why)
            words.append("WHEN %s THEN %s" % (rule, value))
        return "CASE %s END" % " ".join(words)

    def base(self, where=""):
        """SELECT of every row with its reason (`mwz_reason`) and the exported columns."""
        fields = ", ".join("%s AS %s" % (self.expressions[name], ident(name)) for name in self.names)
        return "SELECT %s AS mwz_reason, %s FROM %s t%s%s" % (
            self.reason, fields, ident(self.table), self.joins, " WHERE " + where if where else "")

    def census(self, cursor):
        """(rows that go, their checksum, {reason: rows that stay})."""
        cursor.execute(
            "SELECT mwz_reason, count(*), sum(CASE WHEN mwz_reason IS NULL THEN %s END) FROM (%s) x GROUP BY 1"
            % (row_hash("x", self.checked), self.base())
        )
        rows, total, left_out = 0, 0, {}
        for reason, count, hashes in cursor.fetchall():
            if reason is None:
                rows, total = count, hashes
            else:
                left_out[reason] = count
        return rows, checksum(rows, total), left_out

    def redacted(self, cursor):
        """How many of the rows that go lose their `extra`."""
        cursor.execute("SELECT count(*) FROM (%s) x WHERE mwz_reason IS NULL AND event ~ %s AND extra IS NOT NULL" % (
            self.base(), literal(SECRET_EVENTS)))
        return cursor.fetchone()[0]

    def per_dag(self, cursor):
        """{dag_id: rows that go}."""
        cursor.execute("SELECT dag_id, count(*) FROM (%s) x WHERE mwz_reason IS NULL GROUP BY 1" % self.base())
        return dict(cursor.fetchall())

    def copy(self, where=""):
        """COPY statement for the rows that go. CSV: NULL is an empty field, '' is a quoted one."""
        order = " ORDER BY x.%s NULLS FIRST" % ident(ORDERED[self.table]) if self.table in ORDERED else ""
        fields = ", ".join("x." + ident(name) for name in self.names)
        return (
            "COPY (SELECT %s FROM (%s) x WHERE mwz_reason IS NULL%s) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')"
            % (fields, self.base(where), order)
        )
