"""Why a row stays in the source: SQL per reason over `t`, its run `r` and its task instance `ti`."""

import datetime
from collections import namedtuple

# sql: true where the row stays (NULL counts as not). why: the reason, or STATE, which gets the state's name.
# joins: those it reads. cheap: it reads nothing but t.dag_id and t.state.
Staying = namedtuple("Staying", ["sql", "why", "joins", "cheap"])

STATE = "state "
OWN, OUTSIDE = "of this tool", "outside the chosen DAGs"
OLDER, NEWER = "older than the chosen date", "newer than the chosen date"
RUN_STAYS, TASK_STAYS = "its run is not moved", "its task instance is not moved"
BY_DAG = (OWN, OUTSIDE)
CHOSEN = (OWN, OUTSIDE, OLDER, NEWER)  # nobody asks for examples of these

# What no other version can key: kept in rejected/source/.
NO_DAG, NO_RUN_ID, NO_DATE = "it has no DAG id", "it has no run id", "it has no logical date"
NO_RUN, NO_TASK, NO_KEY = "it has no run", "it has no task instance", "it has no key"
NEWER_TWIN, FIRST_TWIN = "a newer row has the same key", "an earlier row has the same name"
ODDITIES = (NO_DAG, NO_RUN_ID, NO_DATE, NO_RUN, NO_TASK, NO_KEY, NEWER_TWIN, FIRST_TWIN)

# Exported columns that are read from a joined table.
LOOKED_UP = {("dag_run", "log_template_filename"): {"lt"}, ("dag_run_note", "dag_id"): {"r"}}
LOOKED_UP.update({(table, "run_id"): {"r"} for table in OF_RUN + OF_TASK})


def pattern_regex(patterns):
    """Shell patterns (`*`, `?`; several in a list or separated by commas) as one regular expression over the name."""
    if not isinstance(patterns, (list, tuple)):
        patterns = [part.strip() for part in patterns.split(",")]
    out = []
    for pattern in patterns:
        words = []
        for letter in pattern:
            if letter == "*":
                words.append(".*")
            elif letter == "?":
                words.append(".")
            elif letter.isalnum() or letter == "_":
                words.append(letter)
            else:
                words.append("\\" + letter)
        if pattern:
            out.append("".join(words))
    return "^(" + "|".join(out) + ")$" if len(out) != 1 else "^" + out[0] + "$"


def stamp(day, plus=0):
    """A date (YYYY-MM-DD) as midnight UTC; a wrong one is refused."""
    try:
        moment = datetime.datetime.strptime(day, "%Y-%m-%d") + datetime.timedelta(days=plus)
    except ValueError:
        raise Refused("%r is not a date like 2026-01-31." % day)
    return literal(moment.strftime("%Y-%m-%d") + " 00:00:00+00") + "::timestamptz"


def redacting(events):
    """SQL of log.extra without what could be a secret. `events`: those there are, or None where nobody looked."""
    if events is None:
        rule = "t.event ~ %s" % literal(SECRET_EVENTS)
    elif events:
        rule = "t.event IN (%s)" % ", ".join(literal(event) for event in events)
    else:
        return "t.extra"
    return "CASE WHEN %s AND t.extra IS NOT NULL THEN %s ELSE t.extra END" % (
        rule, literal('{"redacted": "could hold a secret"}'))


def run_link(columns, table):
    """The column by which a row names its run: run_id, execution_date up to Airflow 2.2, dag_run_id of notes."""
    return next(name for name in ("run_id", "execution_date", "dag_run_id") if name in columns[table])


def shape(chosen):
    """Set what is exported (expressions, types) and the joins one can make, by the columns the source really has."""
    table, columns = chosen.table, chosen.columns
    mine = columns[table]
    ordered = ORDERED.get(table)
    for name in sorted(mine, key=lambda name: name != ordered) if ordered else list(mine):
        if name not in GENERATED.get(table, ()):
            chosen.expressions[name], chosen.types[name] = "t." + ident(name), mine[name]["type"]
    chosen.dag = "t.dag_id" if "dag_id" in mine else "r.dag_id" if table in OF_RUN else ""
    if table == "dag_run" and "log_template_id" in mine:
        chosen.joins["lt"] = ' LEFT JOIN "log_template" lt ON lt.id = t.log_template_id'
        chosen.expressions["log_template_filename"], chosen.types["log_template_filename"] = "lt.filename", "text"
    if table not in OF_RUN + OF_TASK:
        return
    link = run_link(columns, table)
    if link == "dag_run_id":
        chosen.joins["r"] = ' LEFT JOIN "dag_run" r ON r.id = t.dag_run_id'
    else:
        chosen.joins["r"] = ' LEFT JOIN "dag_run" r ON r.dag_id = t.dag_id AND r.{0} = t.{0}'.format(ident(link))
    for name in ("dag_id", "run_id"):
        if name not in mine:
            chosen.expressions[name], chosen.types[name] = "r." + name, "character varying(250)"
    if table in OF_TASK:
        other = columns["task_instance"]
        rules = ["ti.dag_id = t.dag_id", "ti.task_id = t.task_id"]
        if "run_id" in other:
            rules.append("ti.run_id = %s.run_id" % ("t" if "run_id" in mine else "r"))
        else:
            rules.append("ti.execution_date = t.execution_date")
        if "map_index" in mine and "map_index" in other:
            rules.append("ti.map_index = t.map_index")
        chosen.joins["ti"] = ' LEFT JOIN "task_instance" ti ON ' + " AND ".join(rules)


def not_done(alias, states):
    """SQL: a row is in none of the states."""
    return "coalesce(%s.state, 'none') NOT IN (%s)" % (alias, ", ".join(literal(state) for state in states))


def dated(request, column):
    """[(SQL, reason)] of the chosen date range."""
    rules = []
    if request.get("since"):
        rules.append((column + " < " + stamp(request["since"]), OLDER))
    if request.get("until"):
        rules.append((column + " >= " + stamp(request["until"], 1), NEWER))
    return rules


def run_date(columns):
    """The column runs are dated by; `logical_date` from Airflow 3 on."""
    return "execution_date" if "execution_date" in columns["dag_run"] else "logical_date"


def staying(chosen):
    """The rules of a table, the first that holds gives the reason."""
    table, request, mine, rules = chosen.table, chosen.request, chosen.columns[chosen.table], []

    def add(sql, why, joins=(), cheap=False):
        rules.append(Staying(sql, why, frozenset(joins), cheap))

    if chosen.dag:
        joins, cheap = (("r",), False) if chosen.dag == "r.dag_id" else ((), True)
        add("left(%s, %d) = %s" % (chosen.dag, len(OWN_DAGS), literal(OWN_DAGS)), OWN, joins, cheap)
        patterns = request.get("dag_patterns") or request.get("dag_pattern") or "*"
        if patterns != "*" and "*" not in patterns.split(",") if isinstance(patterns, str) else "*" not in patterns:
            add("coalesce(%s, '') !~ %s" % (chosen.dag, literal(pattern_regex(patterns))), OUTSIDE, joins, cheap)
    if table == "log" and "extra" in mine:
        add("t.dag_id IS NULL AND position(%s in t.extra) > 0" % literal(OWN_DAGS), OWN)
    if table == "variable":
        add('left(t."key", %d) = %s' % (len(OWN_VARIABLES), literal(OWN_VARIABLES)), OWN)
    if table in DONE:
        add(not_done("t", DONE[table]), STATE, cheap=True)
    date = DATES.get(table, "")
    if table == "dag_run":
        date = run_date(chosen.columns)
    if table in OF_RUN + OF_TASK:
        date = "execution_date"  # only up to Airflow 2.2; the run has it, too, but there may be no run
    if date in mine:
        for sql, why in dated(request, "t." + ident(date)):
            add(sql, why)
    odd(chosen, add)
    if table in OF_RUN + OF_TASK:
        add("r.id IS NULL", NO_RUN, ("r",))
        column = "r." + ident(run_date(chosen.columns))
        gone = [not_done("r", RUN_DONE), "r.run_id IS NULL"] + [sql for sql, _ in dated(request, column)]
        add(" OR ".join("(%s)" % sql for sql in gone), RUN_STAYS, ("r",))
    if table in OF_TASK:
        add("ti.dag_id IS NULL", NO_TASK, ("ti",))
        add(not_done("ti", TASK_DONE), TASK_STAYS, ("ti",))
    return rules


def odd(chosen, add):
    """Rules for what a later version cannot key: it was possible before Airflow 2.0 or 2.2."""
    table, mine = chosen.table, chosen.columns[chosen.table]
    needed = {
        "dag_run": (("dag_id", NO_DAG), ("run_id", NO_RUN_ID), (run_date(chosen.columns), NO_DATE)),
        "slot_pool": (("pool", NO_KEY),), "variable": (("key", NO_KEY),), "connection": (("conn_id", NO_KEY),),
        "xcom": (("key", NO_KEY),),
    }
    for column, why in needed.get(table, ()):
        if column in mine and mine[column]["nullable"]:
            add("t.%s IS NULL" % ident(column), why)
    if table == "xcom" and "id" in mine:
        add("EXISTS (SELECT 1 FROM xcom d WHERE d.dag_id = t.dag_id AND d.task_id = t.task_id AND d.execution_date ="
            " t.execution_date AND d.key = t.key AND (d.timestamp, d.id) > (t.timestamp, t.id))", NEWER_TWIN)
    if table == "connection" and mine["conn_id"]["nullable"]:
        add("EXISTS (SELECT 1 FROM connection d WHERE d.conn_id = t.conn_id AND d.id < t.id)", FIRST_TWIN)


def reason_case(rules):
    """SQL: the reason a row stays, NULL where it goes."""
    words = []
    for rule in rules:
        value = "'%s' || coalesce(t.state, 'none')" % STATE if rule.why == STATE else literal(rule.why)
        words.append("WHEN %s THEN %s" % (rule.sql, value))
    return "CASE %s END" % " ".join(words) if words else "NULL::text"
