"""How each column of a target table is filled from a source table: pure, the same in the wizard and in the DAGs.

This file is also put into the import and verify DAGs, so it runs on Python 3.7 and imports the standard library only.
In the SQL, `s` is the staged row of the bundle and `r` the target's own row of `dag_run` it belongs to.
"""

from __future__ import annotations

from collections import namedtuple

# include: rules.py
from mwaa_wizard.metadata.rules import Rule, find

# action: copied, renamed, computed, defaulted, nulled, generated, dropped, impossible. reason: in words.
# expression: SQL for the value, or "" where the column is not named in the INSERT. source: the source's column.
# check: SQL that is true where a staged value does not fit, or "". rule: name of the rule, "" where the schemas decide.
ColumnPlan = namedtuple("ColumnPlan", ["column", "action", "reason", "expression", "source", "check", "rule"])

# Columns that were renamed between versions; read in both directions.
SYNONYMS = {"dag_run": (("execution_date", "logical_date"),), "log": (("execution_date", "logical_date"),)}

SAME = "the same in both"
_LIMITS = {"smallint": "-32768 AND 32767", "integer": "-2147483648 AND 2147483647"}
_NUMBERS = ("smallint", "integer", "bigint", "double precision", "numeric")


def _source_name(table: str, column: str, source: dict[str, str]) -> str:
    """The source's column for a target column, or ""."""
    if column in source:
        return column
    for pair in SYNONYMS.get(table, ()):
        if column in pair:
            other = pair[1 - pair.index(column)]
            if other in source:
                return other
    return ""


def _length(kind: str) -> int | None:
    """n of "character varying(n)", or None."""
    return int(kind.split("(")[1].rstrip(")")) if kind.startswith("character varying(") else None


def _value(column: str, kind: str, wanted: str) -> tuple[str, str, str]:
    """(SQL that brings a staged value to the target's type, SQL that is true where it does not fit, words).

    The first is "" where there is no way without loss.
    """
    name = 's."' + column + '"'
    short, target = kind.split("(")[0], wanted.split("(")[0]
    if {short, target} <= {"character varying", "text"}:
        room, longest = _length(wanted), _length(kind)
        if room is None or (longest is not None and longest <= room):
            return name, "", SAME if kind == wanted else f"{wanted} holds every {kind}"
        return name, f"char_length({name}) > {room}", f"texts of up to {room} letters"
    if short == target:
        return name, "", SAME
    if {short, target} == {"timestamp without time zone", "timestamp with time zone"}:
        return name + " AT TIME ZONE 'UTC'", "", "a time without a zone is UTC"
    if short in _NUMBERS and target in _NUMBERS:
        if _NUMBERS.index(short) <= _NUMBERS.index(target):
            return name, "", f"{target} holds every {short}"
        if target in _LIMITS and short in ("integer", "bigint"):
            return name + "::" + target, f"{name} NOT BETWEEN {_LIMITS[target]}", f"numbers {target} holds"
    if {short, target} == {"json", "jsonb"}:
        return name + "::" + target, "", "the same JSON"
    return "", "", ""


def plan(
    source: dict[str, str], target: dict[str, dict[str, object]], table: str, versions: tuple[str, str],
    bridge: bool = False,
) -> list[ColumnPlan]:
    """One ColumnPlan per column of the target, then one per column of the source that has no place there.

    Args:
        source: column -> type in the bundle (`log_template_filename` stands for the template's number).
        target: column -> {"type", "nullable", "default"} as reflected in the target.
        versions: Airflow versions of source and target, for the words only.
        bridge: whether the target goes on to Airflow 3, so that nothing may be there that its upgrade cannot take.
    A column that cannot be filled has the action "impossible": the table must then not be loaded.
    """
    rows: list[ColumnPlan] = []
    used: set[str] = set()
    for column, facts in target.items():
        row = _target_column(source, facts, table, column, versions, bridge)
        used.add(row.source)
        rows.append(row)
    for column in source:
        if column not in used:
            rows.append(_dropped(source, table, column, versions))
    return rows


def _dropped(source: dict[str, str], table: str, column: str, versions: tuple[str, str]) -> ColumnPlan:
    if column == "execution_date" and "run_id" in source:
        reason = f"in {versions[1]} the row is known by its run id; the run itself has the date"
        return ColumnPlan("", "dropped", reason, "", column, "", "execution_date_to_run_id")
    return ColumnPlan("", "dropped", f"the target ({versions[1]}) has no such column", "", column, "", "")


def _target_column(
    source: dict[str, str], facts: dict[str, object], table: str, column: str, versions: tuple[str, str], bridge: bool
) -> ColumnPlan:
    name = _source_name(table, column, source)
    found = [rule for rule in find(table, column, bool(name), bridge) if not rule.needs or rule.needs in source]
    rule = found[0] if found else None
    if rule is not None and rule.action:
        return _by_rule(source, facts, column, name, rule)
    if name:
        return _by_type(source, facts, column, name, rule, versions)
    if facts["default"] is not None:
        return ColumnPlan(column, "defaulted", f"new in the target: {facts['default']}", "", "", "", "")
    if facts["nullable"]:
        return ColumnPlan(column, "nulled", f"the source ({versions[0]}) does not know it", "", "", "", "")
    reason = f"must not be empty, and the source ({versions[0]}) does not know it"
    return ColumnPlan(column, "impossible", reason, "", "", "", "")


def _by_rule(
    source: dict[str, str], facts: dict[str, object], column: str, name: str, rule: Rule
) -> ColumnPlan:
    """What a named rule does with a column; a default of the database that says the same is left to it."""
    if rule.when == "absent" and rule.expression and _constant(facts["default"]) == rule.expression:
        return ColumnPlan(column, "defaulted", rule.words, "", "", "", rule.name)
    expression, check = rule.expression, ""
    if "{value}" in expression:
        value, check, _ = _value(name, source[name], str(facts["type"]))
        if not value:
            return _impossible(source, facts, column, name)
        expression = expression.replace("{value}", value)
        check = _checks(check, rule.check.replace("{value}", value))
    if rule.needs == "execution_date":
        check = _checks(check, _empty(facts, name))
        return ColumnPlan(column, rule.action, rule.words, expression, name, check, rule.name)
    # A column that is also copied under its own name (run_id) is not used up by the look-up.
    used = name if name or rule.needs == "run_id" else rule.needs
    return ColumnPlan(column, rule.action, rule.words, expression, used, check, rule.name)


def _by_type(
    source: dict[str, str], facts: dict[str, object], column: str, name: str, rule: Rule | None,
    versions: tuple[str, str],
) -> ColumnPlan:
    value, check, words = _value(name, source[name], str(facts["type"]))
    if not value:
        return _impossible(source, facts, column, name)
    check = _checks(check, _empty(facts, name))
    label = "zoneless_is_utc" if "AT TIME ZONE" in value else ""
    if rule is not None:
        words, label = rule.words, rule.name
    if name != column:
        return ColumnPlan(
            column, "renamed", f"{name} is called {column} in {versions[1]}", value, name, check, label)
    return ColumnPlan(column, "copied", words, value, name, check, label)


def _impossible(source: dict[str, str], facts: dict[str, object], column: str, name: str) -> ColumnPlan:
    reason = f"{source[name]} cannot become {facts['type']}"
    return ColumnPlan(column, "impossible", reason, "", name, "", "")


def _empty(facts: dict[str, object], name: str) -> str:
    """SQL that is true for a missing value where the target must have one."""
    return "" if facts["nullable"] else f's."{name}" IS NULL'


def _checks(*found: str) -> str:
    return " OR ".join(check for check in found if check)


def _constant(default: object) -> str | None:
    """A database default without its type: "'-1'::integer" -> "-1"."""
    return None if default is None else str(default).split("::")[0].strip("'")
