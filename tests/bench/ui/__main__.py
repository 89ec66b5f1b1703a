"""`make bench-ui`: everything in one run, one table; the exit code says whether all was as promised."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import first_paint
from .harness import Row, inside, table


def pages() -> list[Row]:
    """Page switches in a real terminal."""
    found = inside("switch")
    first, cpu = found.pop("first:worst"), found.pop("cpu")
    worst = max(found, key=lambda page: found[page])
    note = f"{cpu:.0f} ms of it computing; " + ", ".join(f"{page} {took:.0f}" for page, took in found.items())
    slowest = Row(f"page switch, slowest ({worst})", found[worst], "ms", 100, note)
    return [slowest, Row("page switch, first time in a process", first, "ms", None, "slowest page; loads its modules")]


def lag() -> list[Row]:
    """The event loop while lines come in for ten seconds: the worst of each of three runs, and of those the median."""
    rows = []
    for rate, wanted in ((1_000, 50.0), (10_000, 50.0), (100_000, 100.0)):
        found = sorted((inside("lag", str(rate), "10") for _turn in range(3)), key=lambda one: float(one["worst"]))[1]
        note = (
            f"p99 {found['p99']:.0f} ms, {found['still']:.0f} ms with no line at all; {found['rate']:,.0f} lines/s "
            f"came, the newest shown is {found['behind'] / rate:.1f} s old"
        )
        rows.append(Row(f"worst lag at {rate:,} lines/s", found["worst"], "ms", wanted, note))
    return rows


def memory() -> list[Row]:
    """Resident memory after a million lines."""
    found = inside("memory", "1000000", seconds=400)
    note = f"before {found['before']:.0f}, most {found['peak']:.0f}; all of them came in {found['seconds']:.0f} s"
    return [Row("memory after 1,000,000 lines", found["after"], "MB", 150, note)]


def large_log() -> list[Row]:
    """A log of 1 GB."""
    found = inside("large_log", "1024", "w", seconds=300)
    rows = [Row("1 GB log, key to first lines", found["open"], "ms", 1000, f"{found['lines']:,} lines")]
    moves = ("pageup", "home", "end", "down")
    return [*rows, *(Row(f"1 GB log, {name}", found[name], "ms", 100) for name in moves)]


def lists() -> list[Row]:
    """Keys on long lists."""
    rows = []
    for what, count, name in LISTS:
        found = inside(what, str(count), seconds=300)
        cpu = found.pop("cpu")
        slowest = max(found, key=lambda key: found[key])
        note = f"{cpu:.0f} ms of it computing; " + ", ".join(f"{key} {took:.0f}" for key, took in found.items())
        rows.append(Row(f"{count:,} {name}, slowest key ({slowest})", found[slowest], "ms", 100, note))
    return rows


LISTS = (
    ("environments", 5_000, "environments"), ("dags", 10_000, "DAGs"), ("streams", 100_000, "log streams"),
)  # fmt: skip
PARTS: dict[str, Callable[[], list[Row]]] = {
    "first-paint": first_paint.measure, "pages": pages, "lag": lag, "memory": memory, "log": large_log, "lists": lists,
}  # fmt: skip


def main() -> int:
    """The parts named on the command line, or all. Returns the exit code."""
    wanted = sys.argv[1:] or list(PARTS)
    rows: list[Row] = []
    for name in wanted:
        rows += PARTS[name]()
        print(table(rows[-1:]).splitlines()[-1], flush=True)
    print()
    print(table(rows))
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
