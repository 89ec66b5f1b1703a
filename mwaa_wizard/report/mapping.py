"""What becomes of each column between two Airflow versions, as data: `mwaa-wizard mapping` and the tables page.

Everything here comes from the same `metadata.mapping.plan` that the import runs by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import catalogue, mapping, schemas
from mwaa_wizard.metadata.bundle import Inventory
from mwaa_wizard.metadata.pairs import Pair
from mwaa_wizard.text import clean

# Filled by the source's column as it is: not worth a line unless all is asked for.
PLAIN = "copied"


@dataclass(frozen=True)
class ColumnLine:
    """One column. `column` is empty where the target has no place for `source`; `action` is mapping.ColumnPlan's."""

    column: str
    source: str
    action: str
    reason: str

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
        """Whether it is a copy without anything to say."""
        return self.action == PLAIN and not self.reason


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
    """What Airflow's own `db migrate` makes of a table that was imported: columns that come, go and change type."""

    table: str
    gone: bool
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
        rules=_rules(tables),
        bridge=_bridge(pair, [info.name for info in infos]) if pair.bridged else [],
    )


def of_inventory(inventory: Inventory, table: str, target_version: str) -> TableMapping:
    """The mapping of a table as the source really is, into the schema of the target's version.

    Raises WizardError where that schema is not known.
    """
    info = catalogue.info(table)
    if not inventory.columns.get(table):
        return TableMapping(table, _(info.title), note=_("The source has no such table."))
    rows = schemas.preview(inventory, table, target_version)
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
    rows = mapping.plan(schemas.exported(table, found), target, table, (pair.source, pair.enters))
    return TableMapping(table, title, _lines(rows))


def _lines(rows: Iterable[mapping.ColumnPlan]) -> list[ColumnLine]:
    return [
        ColumnLine(
            clean(row.column, limit=80), clean(row.source, limit=80), row.action, clean(_(row.reason) if row.reason
                                                                                      else "", limit=500)
        )
        for row in rows
    ]  # fmt: skip


def _left_out(source: str) -> dict[str, list[str]]:
    """Tables of the source that are not moved, by reason."""
    moved = set(catalogue.names())
    found: dict[str, list[str]] = {}
    for table in sorted({*schemas.load(source)["tables"], *catalogue.REFUSED} - moved):
        found.setdefault(_(catalogue.REFUSED.get(table, "Not part of the history.")), []).append(table)
    return found


def _rules(tables: list[TableMapping]) -> list[Rule]:
    return []


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
        line = BridgeLine(
            table,
            gone=False,
            added=[name for name in after if name not in before],
            dropped=[name for name in before if name not in after],
            changed=[
                f"{name} {facts['type']} → {after[name]['type']}"
                for name, facts in before.items()
                if name in after and after[name]["type"] != facts["type"]
            ],
        )
        if line.added or line.dropped or line.changed:
            lines.append(line)
    return lines
