"""What becomes of each column between two Airflow versions, as data: `mwaa-wizard mapping` and the tables page.

Everything here comes from the same `metadata.mapping.plan` that the import runs by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mwaa_wizard.environments import versions
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import catalogue, mapping, rules, schemas
from mwaa_wizard.metadata.bundle import Inventory
from mwaa_wizard.metadata.pairs import Pair
from mwaa_wizard.text import clean


@dataclass(frozen=True)
class ColumnLine:
    """One column. `column` is empty where the target has no place for `source`; the rest is as in mapping.ColumnPlan.

    `checked`: texts that are too long, or numbers that are too large for the target, are looked for and rejected.
    """

    column: str
    source: str
    action: str
    reason: str
    rule: str = ""
    checked: bool = False

    @property
    def name(self) -> str:
        """`logical_date ← execution_date` where the names differ."""
        if not self.column:
            return self.source
        if self.action == "renamed":
            return f"{self.column} ← {self.source}"
        return self.column

    @property
    def plain(self) -> bool:
        """Whether it is a copy of every value as it is: not worth a line unless all is asked for."""
        return self.action == "copied" and not self.rule and self.reason == mapping.SAME


@dataclass(frozen=True)
class TableMapping:
    """One table. `note` stands for the columns where there is nothing to map."""

    name: str
    title: str
    columns: list[ColumnLine] = field(default_factory=list)
    note: str = ""

    @property
    def copied(self) -> int:
        """How many columns are plain copies."""
        return sum(1 for line in self.columns if line.plain)


@dataclass(frozen=True)
class Rule:
    """A rule that schemas cannot tell, and where it comes from."""

    name: str
    words: str
    source: str


@dataclass(frozen=True)
class BridgeLine:
    """What Airflow's own `db migrate` makes of a table that was imported: columns that come, go and change type.

    `values`: what becomes of values, in words with the migration that does it.
    """

    table: str
    gone: bool
    values: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Mapping:
    """Everything `mwaa-wizard mapping` tells; `left_out` is reason -> tables."""

    pair: Pair
    tables: list[TableMapping]
    left_out: dict[str, list[str]]
    rules: list[Rule]
    bridge: list[BridgeLine]


def build(pair: Pair, only: str | None = None) -> Mapping:
    """The mapping of a pair, of one table where `only` names it. Raises WizardError for a table that is not moved."""
    infos = [catalogue.info(only)] if only else list(catalogue.TABLES)
    tables = [_between(info.name, pair) for info in infos]
    return Mapping(
        pair=pair,
        tables=tables,
        left_out={} if only else _left_out(pair.source),
        rules=_rules(pair, tables),
        bridge=_bridge(pair, [info.name for info in infos]) if pair.bridged else [],
    )


def of_inventory(inventory: Inventory, table: str, target_version: str, bridge: bool = False) -> TableMapping:
    """The mapping of a table as the source really is, into the schema of the target's version.

    Raises WizardError where that schema is not known.
    """
    info = catalogue.info(table)
    if not inventory.columns.get(table):
        return TableMapping(table, _(info.title), note=_("The source has no such table."))
    rows = schemas.preview(inventory, table, target_version, bridge)
    if not rows:
        return TableMapping(table, _(info.title), note=_("The target has no such table."))
    return TableMapping(table, _(info.title), _lines(rows))


def _between(table: str, pair: Pair) -> TableMapping:
    title = _(catalogue.info(table).title)
    found = {name: str(facts["type"]) for name, facts in schemas.columns(pair.source, table).items()}
    target = schemas.columns(pair.enters, table)
    if not found:
        known = _("Airflow {version} has no such table.").format(version=pair.source)
        return TableMapping(table, title, note=known)
    if not target:
        return TableMapping(table, title, note=_("Airflow {version} has no such table.").format(version=pair.enters))
    exported = schemas.exported(table, found)
    lines = _lines(mapping.plan(exported, target, table, (pair.source, pair.enters), pair.bridged))
    told = {line.column for line in lines} | {line.source for line in lines}
    stays = _("means something in the source's own database only")
    lines += [ColumnLine("", name, "dropped", stays) for name in found if name not in told and name not in exported]
    return TableMapping(table, title, lines)


def _lines(rows: Iterable[mapping.ColumnPlan]) -> list[ColumnLine]:
    return [
        ColumnLine(
            column=clean(row.column, limit=80),
            source=clean(row.source, limit=80),
            action=row.action,
            reason=clean(row.reason, limit=500),
            rule=row.rule,
            # A missing value where the target must have one is looked for in nearly every column: not worth words.
            checked="char_length" in row.check or "BETWEEN" in row.check,
        )
        for row in rows
    ]


def _left_out(source: str) -> dict[str, list[str]]:
    """Tables of the source that are not moved, by reason."""
    moved = set(catalogue.names())
    found: dict[str, list[str]] = {}
    for table in sorted({*schemas.load(source)["tables"], *catalogue.REFUSED} - moved):
        found.setdefault(_(catalogue.REFUSED.get(table, OTHER_TABLE)), []).append(table)
    return found


def _rules(pair: Pair, tables: list[TableMapping]) -> list[Rule]:
    """The named rules that the tables go by, each said once, in the order of `metadata.rules`."""
    used = {(t.name, line.column, line.rule, line.reason) for t in tables for line in t.columns if line.rule}
    shown = {table.name for table in tables if not table.note}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for rule in rules.RULES:
        # A rule of a whole table says which row stays where the source allowed two: only 1.10 did.
        whole = not rule.column and rule.table in shown and versions.parse(pair.source) < (2,)
        general = not rule.table and any(rule.name == name for _table, _column, name, _words in used)
        if whole or general or (rule.table, rule.column, rule.name, rule.words) in used:
            words, origins = found.setdefault(rule.name, ([], []))
            words += [rule.words] if rule.words not in words else []
            origins += [rule.source] if rule.source not in origins else []
    return [Rule(name, "; ".join(words), "; ".join(origins)) for name, (words, origins) in found.items()]


OTHER_TABLE = "Not part of the history."

# What Airflow's migrations from 2.11 to 3.0 do with values, as read in their source. (table, words, revision)
_MIGRATED = (
    ("dag_run", "execution_date is called logical_date", "1cdc775ca98f"),
    ("dag_run", "conf: the pickle becomes JSON; what is no JSON becomes empty", "e39a26ac59f6"),
    ("dag_run", "run_after: the end of the data interval, else the logical date", "6a9e7a527a88"),
    ("dag_run", "run_type: dataset_triggered is called asset_triggered", "0e9519b56710"),
    ("task_instance", "id: a UUID takes the place of DAG, task, run and map index as primary key", "d59cbbef95eb"),
    ("xcom", "value: pickled ones move to the table _xcom_archive, the others become JSON", "eed27faa34e3"),
    ("log", "execution_date is called logical_date", "1cdc775ca98f"),
)


def _bridge(pair: Pair, tables: list[str]) -> list[BridgeLine]:
    """Columns of the imported tables before and after `db migrate`; empty where the target's schema is not known."""
    if pair.target not in schemas.versions():
        return []
    lines = []
    for table in tables:
        before, after = schemas.columns(pair.enters, table), schemas.columns(pair.target, table)
        if before and not after:
            lines.append(BridgeLine(table, gone=True))
            continue
        renamed = {name for names in mapping.SYNONYMS.get(table, ()) for name in names}
        line = BridgeLine(
            table,
            gone=False,
            values=[f"{_(words)} ({revision})" for name, words, revision in _MIGRATED if name == table],
            added=[name for name in after if name not in before and name not in renamed],
            dropped=[name for name in before if name not in after and name not in renamed],
            changed=[
                f"{name} {facts['type']} → {after[name]['type']}"
                for name, facts in before.items()
                if name in after and after[name]["type"] != facts["type"]
            ],
        )
        if line.added or line.dropped or line.changed:
            lines.append(line)
    return lines
