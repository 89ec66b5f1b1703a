"""The oracle's second half: expected rows against what is there; every difference in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.matrix import expected
from tests.matrix.expected import Moving, canonical
from tests.matrix.facts import UNTOUCHED, Facts, Row

_TOLD = 3
_LOOKED_AT = ("variable", "connection")


class Judge:
    """One import: the source, the target before it, the target after it.

    `pickles`: {"conf" | "executor_config": {hex: "fits" | "empty" | "unreadable" | "breaks"}} as the target's own
    models read them ("breaks": Airflow 3's upgrade would). `leap`: the bundle goes on to Airflow 3. `problems`
    collects what is wrong, `inserted` counts rows that came, by table.
    """

    def __init__(
        self, source: Facts, before: Facts, after: Facts, pickles: dict[str, dict[str, str]], leap: bool = False,
        policy: str = "keep",
    ) -> None:  # fmt: skip
        self.source, self.before, self.after, self.pickles = source, before, after, pickles
        self.leap, self.moving, self.policy = leap, Moving(source, leap), policy
        self.gone = ("unreadable", "breaks") if leap else ("unreadable",)
        self.problems: list[str] = []
        self.inserted: dict[str, int] = {}
        self.emptied: Counter[str] = Counter()
        self.differ: dict[str, list[Any]] = {}  # what the target keeps with other values, or nobody could read
        self.updated: dict[str, int] = {}  # rows that were there with other values, and are replaced

    def run(self) -> list[str]:
        """Look at everything; the problems."""
        for table in expected.MOVED:
            if table in self.source.columns and table in self.after.columns:
                self._table(table)
        for table in UNTOUCHED:
            if self.before.tables.get(table) != self.after.tables.get(table):
                self.problems.append(f"{table}: is no history, and was changed")
        for table in _LOOKED_AT:
            self._secrets(table)
        return self.problems

    def _columns(self, table: str) -> list[str]:
        """The columns of the target in canonical form."""
        names = [name for name in self.after.columns[table] if name not in ("id", "log_template_id", "dag_run_id")]
        if table in expected.TASK_TABLES and "execution_date" in names:
            names.remove("execution_date")
            names += ["run_id"] if "run_id" not in names else []
        if table == "dag_run_note":
            names += ["dag_id", "run_id"]
        if table == "dag_run" and "log_template_id" in self.after.columns[table]:
            names.append("template")
        if table == "xcom" and "dag_run_id" in self.after.columns[table]:
            names.append("hangs on")
        return names

    def _become(self, table: str, row: Row, names: list[str]) -> Row:
        """A row of the source as it must look in the target."""
        out: Row = {name: row.get(name) for name in names}
        filled = {**expected.FILLED.get(table, {}), **(expected.LEAP.get(table, {}) if self.leap else {})}
        for name, value in filled.items():
            if name in out and out[name] is None:
                out[name] = value
        for name in expected.EMPTY.get(table, ()):
            if name in out:
                out[name] = None
        if table == "dag_run":
            if "run_type" in out and "run_type" not in row:
                out["run_type"] = expected.run_type(row["run_id"])
            if "template" in out:
                out["template"] = self._template(row.get("template"))
        if table == "xcom" and "hangs on" in out:
            out["hangs on"] = True
        for name in ("conf", "executor_config"):
            if out.get(name) is not None and self.pickles[name].get(out[name]) in self.gone:
                self.emptied[table] += 1
                out[name] = None if name == "conf" else "empty"
        if table == "dag_run" and self.leap and out["conf"] is None:
            out["conf"] = "empty"  # Airflow 3.0 wants a dictionary
        return out

    def _template(self, filename: str | None) -> str | None:
        """The same file name where the target knows it, else the target's newest; nothing for the oldest runs."""
        known = self.before.templates()
        if filename is None or filename in known.values():
            return filename
        return known[max(number for number in known if number is not None)]

    def _seen(self, table: str, row: Row, names: list[str]) -> Row:
        out = {name: row[name] for name in names}
        return self._plain(out)

    def _plain(self, row: Row) -> Row:
        """An empty dictionary is one, however it was pickled."""
        for name in ("executor_config", *(("conf",) if self.leap else ())):
            if row.get(name) is not None and self.pickles[name].get(row[name]) == "empty":
                row[name] = "empty"
        return row

    def _table(self, table: str) -> None:
        names = self._columns(table)
        wanted = [self._plain(self._become(table, row, names)) for row in self.moving.rows(table)]
        there = [self._seen(table, row, names) for row in canonical(self.after, table)]
        old = [self._seen(table, row, names) for row in canonical(self.before, table)]
        if table in expected.MULTISETS:
            self._bags(table, wanted, old, there)
        else:
            self._keyed(table, wanted, old, there)

    def _bags(self, table: str, wanted: list[Row], old: list[Row], there: list[Row]) -> None:
        bags = [Counter(_frozen(row) for row in rows) for rows in (wanted, old, there)]
        should = bags[0] | bags[1]  # an equal row that was there already is that row
        missing, extra = should - bags[2], bags[2] - should
        self.inserted[table] = (should - bags[1]).total()
        self._tell(table, "missing", list(missing.elements()))
        self._tell(table, "not in the source", list(extra.elements()))

    def _keyed(self, table: str, wanted: list[Row], old: list[Row], there: list[Row]) -> None:
        key = expected.KEYS[table]
        should = {tuple(row.get(name) for name in key): row for row in wanted}
        if len(should) != len(wanted):
            self.problems.append(f"{table}: the torture data have the same key twice")
        kept = {tuple(row.get(name) for name in key): row for row in old}
        self.inserted[table] = len(set(should) - set(kept))
        other = [name for name in should if name in kept and _unlike(should[name], kept[name])]
        if self.policy == "replace":
            self.updated[table], other = len(other), []
            kept = {name: row for name, row in kept.items() if name not in should}
        self.differ[table] = [name for name in other if name != ("default_pool",)]
        if table == "slot_pool" and self.policy == "keep":
            default = should.pop(("default_pool",), None)
            if default:
                kept[("default_pool",)] = {**kept[("default_pool",)], "slots": default["slots"],
                                           "description": default["description"]}  # fmt: skip
        should = {**should, **kept}  # what was there stays as it was
        found = {tuple(row.get(name) for name in key): row for row in there}
        self._tell(table, "missing", [name for name in should if name not in found])
        self._tell(table, "not in the source", [name for name in found if name not in should])
        for name, row in should.items():
            now = found.get(name, row)
            unlike = _unlike(row, now)
            if unlike:
                self._tell(table, "other values in", [
                    (*name, *(f"{name}: {_short(row[name])} became {_short(now[name])}" for name in unlike))
                ])  # fmt: skip
        if len(found) != len(there):
            self.problems.append(f"{table}: rows stand twice in the target")

    def _secrets(self, table: str) -> None:
        """Variables and connections as both sides' models read them."""
        before = self.before.secrets[table]
        wanted = {name: item for name, item in self.source.secrets[table].items() if item != "unreadable"}
        for field, value in expected.LEAP.get(table, {}).items() if self.leap else ():
            wanted = {n: {**item, field: value if item[field] is None else item[field]} for n, item in wanted.items()}
        self.inserted[table] = len(set(wanted) - set(before))
        other_values = [name for name in wanted if name in before and self._differs(wanted[name], before[name])]
        if self.policy == "replace":
            self.updated[table], other_values = len(other_values), []
            before = {name: item for name, item in before.items() if name not in wanted}
        self.differ[table] = other_values
        self.differ[table] += [name for name in self.source.secrets[table] if name not in wanted]
        should, found = {**wanted, **before}, self.after.secrets[table]
        self._tell(table, "missing", [name for name in should if name not in found])
        self._tell(table, "not in the source", [name for name in found if name not in should])
        for name, item in should.items():
            other = found.get(name, item)
            if "unreadable" in (item, other):  # of the target's own, from before
                unlike = ["everything"] if item != other else []
            else:
                unlike = [field for field in other if item.get(field) != other[field]]
            if unlike:
                self._tell(table, "other values in", [(name, *unlike)])

    @staticmethod
    def _differs(item: Any, other: Any) -> bool:
        """Whether a secret has another value in the target, in the fields the source knows."""
        return other == "unreadable" or any(item.get(field) != value for field, value in other.items())

    def _tell(self, table: str, what: str, rows: list[Any]) -> None:
        if rows:
            # One kind of difference is told three times at most, with the count of all.
            start = f"{table}: {what} "
            known = [number for number, line in enumerate(self.problems) if line.startswith(start)]
            shown = "; ".join(_short(row) for row in rows[:_TOLD])
            if len(known) < _TOLD:
                self.problems.append(f"{start}({len(rows)}): {shown}")


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((name, repr(value)) for name, value in sorted(row.items()))


def _same(one: Any, other: Any) -> bool:
    return bool(one == other and type(one) is type(other)) or (
        isinstance(one, int | float) and isinstance(other, int | float) and float(one) == float(other)
    )


def _unlike(row: Row, other: Row) -> list[str]:
    return [column for column in row if not _same(row[column], other[column])]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 500 else text[:300] + " ... " + text[-60:]
