"""`make bench-metadata`: prints rows/s, ratios, bytes and peak memory; asserts nothing.

ARGS="--tasks 1000000 --curve 10000,100000 --rounds 3 --short": number of task instances (runs, audit rows and xcoms
follow), smaller sizes of the curve, how often what is short is repeated (medians), --short leaves out pg_dump.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
import zlib
from pathlib import Path

from tests.bench.metadata.contest import Ring, Timed, say
from tests.bench.metadata.fill import Size

TABLE = "task_instance"
ALL = ["dag_run", TABLE, "log", "xcom"]


def median(found: list[Timed]) -> Timed:
    """The middle one by time, with the highest memory of all."""
    middle = statistics.median_low([one.seconds for one in found])
    same = next(one for one in found if one.seconds == middle)
    return Timed(
        middle, same.size, max(one.rss for one in found), max(one.pss for one in found), same.own, same.server
    )


class Report:
    """Lines of the table that is printed at the end."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, Timed]] = []

    def add(self, name: str, rows: int, timed: Timed) -> Timed:
        self.rows.append((name, rows, timed))
        say(f"{name}: {timed.seconds:.2f} s, {rows / timed.seconds:,.0f} rows/s")
        return timed

    def show(self) -> None:
        heads = f"{'s':>8}{'rows/s':>11}{'MB':>8}{'peak RSS':>10}{'sum PSS':>9}{'CPU own':>9}{'server':>8}"
        print(f"\n{'(memory in MB, processor time in s)':58}{heads}")
        for name, rows, timed in self.rows:
            size = f"{timed.size / 1e6:.1f}" if timed.size else ""
            print(f"{name:58}{timed.seconds:8.2f}{rows / timed.seconds:11,.0f}{size:>8}"
                  f"{timed.rss / 1e6:10.0f}{timed.pss / 1e6:9.0f}{timed.own:9.2f}{timed.server:8.2f}")  # fmt: skip


class Bench:
    """One run."""

    def __init__(self, ring: Ring, size: Size, rounds: int) -> None:
        self.ring, self.size, self.rounds, self.report = ring, size, rounds, Report()
        self.file = ring.folder / "task_instance.csv"
        self.ratios: list[str] = []

    def target(self, name: str) -> str:
        """A fresh target that has the runs already."""
        self.ring.postgres.drop_database(name)
        self.ring.postgres.create_database(name, "runs")
        return name

    def ratio(self, words: str, fast: Timed, slow: Timed, wanted: str) -> None:
        self.ratios.append(f"{words:66}{slow.seconds / fast.seconds:6.2f}x   wanted: {wanted}")

    def exports(self, source: str) -> str:
        """Export of the task instances by all; the bucket with our bundle of everything."""
        ring, rows, report = self.ring, self.size.tasks, self.report
        ring.psql(source, f"\\copy {TABLE} to '{self.file}' csv")  # everything is in memory once
        mine, single = [], []
        for _ in range(self.rounds):
            single.append(ring.psql(source, f"\\copy {TABLE} to '{self.file}' csv"))
            single[-1].size = self.file.stat().st_size
            timed, manifest = ring.ours(source, "mwz_export", ring.bucket(), [TABLE])
            timed.size = sum(part["bytes"] for part in manifest["tables"][TABLE]["parts"])
            mine.append(timed)
        ours = report.add("export task_instance: ours, gzip, 2 helpers, whole DAG run", rows, median(mine))
        psql = report.add("export task_instance: psql \\copy to a file", rows, median(single))
        peer = ring.theirs(source, "backup", TABLE, "peer")
        report.add("export task_instance: mwaa-dr 2.2.0 to the same S3", rows, peer)
        self.ratio("export, ours to mwaa-dr's", ours, peer, "12")
        self.ratio("export, ours (compressed) to psql \\copy (not compressed)", ours, psql, "1.5")
        self.bound(ours, psql)
        bucket = ring.bucket()
        timed, manifest = ring.ours(source, "mwz_export", bucket, ALL)
        timed.size = sum(part["bytes"] for table in manifest["tables"].values() for part in table["parts"])
        report.add("export of all four tables: ours", sum(self.sizes()), timed)
        return bucket

    def bound(self, ours: Timed, single: Timed) -> None:
        """What the export cannot be faster than here: processor time, of which gzip is part, on the cores there are."""
        packer, begun = zlib.compressobj(1, zlib.DEFLATED, 31, 6), time.process_time()
        size = 0
        with self.file.open("rb") as file:
            while block := file.read(1 << 18):
                size += len(packer.compress(block))
        seconds, cores = time.process_time() - begun, os.cpu_count() or 1
        whole = ours.own + ours.server
        self.ratios += [
            f"profile of the export: {ours.server:.2f} s of PostgreSQL and {ours.own:.2f} s of the task make"
            f" {whole / cores:.2f} s on {cores} cores at best;",
            f"  gzip of psql's file alone is {seconds:.2f} s ({size / 1e6:.0f} MB); psql took {single.seconds:.2f} s"
            f" with {single.own + single.server:.2f} s of processor time.",
        ]

    def sizes(self) -> tuple[int, ...]:
        return self.size.runs, self.size.tasks, self.size.logs, self.size.xcoms

    def imports(self, bucket: str) -> None:
        """Import of the task instances into a target that has their runs, by all."""
        ring, rows, report = self.ring, self.size.tasks, self.report
        ring.postgres.create_database("runs", "empty")
        ring.ours("runs", "mwz_import", bucket, ["dag_run"])
        ring.postgres.sql("VACUUM (ANALYZE) dag_run", "runs")
        ours, _ = ring.ours(self.target("mine"), "mwz_import", bucket, [TABLE])
        report.add("import task_instance: ours, fresh target", rows, ours)
        again, document = ring.ours("mine", "mwz_import", bucket, [TABLE])
        facts = document["tables"][TABLE]
        report.add(f"import task_instance: ours, all there ({facts['inserted']} inserted)", rows, again)
        halves = self.halves()
        fields = f"\\copy {TABLE} from '%s' csv"
        two = ring.psql(self.target("two"), *(fields % half for half in halves))
        report.add("import task_instance: plain COPY, 2 connections", rows, two)
        ring.postgres.drop_database("two")
        mine = ring.ours(self.target("mine"), "mwz_import", bucket, [TABLE])[0]
        best = median([ours, mine])
        report.add("import task_instance: ours, fresh target, second time", rows, mine)
        one = ring.psql(self.target("one"), fields % self.file)
        report.add("import task_instance: plain COPY, 1 connection", rows, one)
        ring.postgres.drop_database("one")
        peer = ring.theirs(self.target("peer"), "restore", TABLE, "peer")
        report.add("import task_instance: mwaa-dr 2.2.0", rows, peer)
        self.ratio("import, ours to mwaa-dr's", best, peer, "1.6")
        self.ratio("import, ours to plain COPY on 2 connections", best, two, "never under 0.9")
        self.ratio("import, all there already to the first time", again, best, "3.5")
        timed, _ = ring.ours(self.target("mine"), "mwz_import", bucket, ALL)
        report.add("import of all four tables: ours", sum(self.sizes()), timed)

    def halves(self) -> list[Path]:
        """The CSV file in two files at a line's end (no value of the bench holds one)."""
        out = [self.file.with_suffix(f".{n}") for n in (1, 2)]
        data = self.file.read_bytes()
        cut = data.index(b"\n", len(data) // 2) + 1
        out[0].write_bytes(data[:cut])
        out[1].write_bytes(data[cut:])
        return out

    def programs(self, source: str) -> None:
        """pg_dump -j2 and pg_restore -j2, data only, of the same four tables."""
        ring, folder = self.ring, self.ring.folder / "dump"
        tables = [word for table in ALL for word in ("-t", table)]
        dump = [ring.program("pg_dump"), "-Fd", "-j2", "-Z1", "-a", "-f", str(folder), *tables]
        timed = ring.run(dump, source)[1]
        timed.size = sum(path.stat().st_size for path in folder.iterdir())
        self.report.add("export of all four tables: pg_dump -Fd -j2 -Z1", sum(self.sizes()), timed)
        ring.postgres.drop_database("mine")
        ring.postgres.create_database("restored", "empty")
        # Data alone cannot be ordered by foreign keys when two connections load it, so they are not checked.
        restore = [ring.program("pg_restore"), "-j2", "-a", "--disable-triggers", "-d", "restored", str(folder)]
        timed = ring.run(restore, "restored")[1]
        self.report.add("import of all four tables: pg_restore -j2, no FK checked", sum(self.sizes()), timed)


def curve(ring: Ring, tasks: int) -> tuple[float, float, float]:
    """Seconds of our export, import and import of what is there, of the task instances of one size."""
    bucket, source = ring.bucket(), ring.fill(Size(tasks))
    took = [ring.ours(source, "mwz_export", bucket, ["dag_run", TABLE])[0].seconds]
    ring.postgres.create_database("curve", "empty")
    ring.ours("curve", "mwz_import", bucket, ["dag_run"])
    took += [ring.ours("curve", "mwz_import", bucket, [TABLE])[0].seconds for _ in range(2)]
    ring.postgres.drop_database("curve")
    ring.postgres.drop_database(source)
    return took[0], took[1], took[2]


def main() -> None:
    """Run everything, print one table."""
    asked = argparse.ArgumentParser(prog="bench-metadata")
    asked.add_argument("--tasks", type=int, default=1_000_000)
    asked.add_argument("--curve", default="10000,100000")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--short", action="store_true")
    options = asked.parse_args()
    began = time.perf_counter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # PostgreSQL and the store end with us
    with tempfile.TemporaryDirectory(prefix="mwaa-wizard-bench-") as folder:
        Path(folder).chmod(0o755)
        ring = Ring(Path(folder))
        try:
            ring.open()
            points = {int(size): curve(ring, int(size)) for size in options.curve.split(",") if size}
            size = Size(options.tasks)
            bench = Bench(ring, size, options.rounds)
            source = ring.fill(size)
            bucket = bench.exports(source)
            bench.imports(bucket)
            if not options.short:
                bench.programs(source)
        finally:
            ring.close()
    bench.report.show()
    print()
    print("\n".join(bench.ratios))
    timed = {name: found.seconds for name, _, found in bench.report.rows}
    begins = ("export task_instance: ours", "import task_instance: ours, fresh", "import task_instance: ours, all")
    ours = [next(seconds for name, seconds in timed.items() if name.startswith(words)) for words in begins]
    print("\nours by size, task instances per second: export, import, import of what is there")
    for tasks, took in {**points, size.tasks: tuple(ours)}.items():
        print(f"{tasks:12,}" + "".join(f"{tasks / seconds:14,.0f}" for seconds in took))
    print(f"\n{time.perf_counter() - began:.0f} s in all. Clocks: ours and mwaa-dr's around the task's function, as")
    print("Airflow is loaded already when a task runs; PostgreSQL's programs from start to end.")


if __name__ == "__main__":
    main()
