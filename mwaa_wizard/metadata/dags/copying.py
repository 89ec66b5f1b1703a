"""A helper's part of the export: units copied from the shared snapshot into parts in the bucket."""

import io

COPY_SETTINGS = (
    "SET LOCAL synchronize_seqscans TO off",  # or a large table is read from where another scan is
    "SET LOCAL max_parallel_workers_per_gather TO 0",  # the units are what runs in parallel
    "SET LOCAL jit TO off",
)
SORT_MEMORY = "SET LOCAL work_mem TO '32MB'"


class Copier(object):
    """One connection under the snapshot, one client of the bucket."""

    def __init__(self, store, chosen, part_rows, snapshot, baton):
        """Args: store: one that no process has used yet. chosen: {table: Selection}. baton: tells when to stop."""
        self.store, self.chosen, self.part_rows, self.baton = store, chosen, part_rows, baton
        self.connection, self.cursor = open_database(True, snapshot)
        for statement in COPY_SETTINGS + (SORT_MEMORY,):
            self.cursor.execute(statement)

    def close(self):
        """Give the connection back."""
        close_database(self.connection)

    def copy(self, unit):
        """One unit; the facts of its parts."""
        table, number, first, end = unit
        header = (",".join(self.chosen[table].names) + "\n").encode("utf-8")
        if number is None:
            return self._stream(table, header)
        return self._range(table, number, range_rule(first, end), header)

    def _range(self, table, number, where, header):
        writer = UnitWriter(self.store, PART.format(table=table, number=number), header, self.baton.check)
        try:
            buffered = io.BufferedWriter(writer, BLOCK)
            self.cursor.copy_expert(self.chosen[table].copy(where), buffered)
            rows = self.cursor.rowcount
            if not rows:
                writer.abort()  # blocks whose rows all stay: nothing was sent yet
                return []
            buffered.flush()
            return [writer.finish(rows)]
        except BaseException:
            writer.abort()
            raise

    def _stream(self, table, header):
        numbers = Numbers(table)
        writer = PartWriter(self.store, numbers, header, table in ORDERED, self.stopped, self.part_rows)
        try:
            self.cursor.copy_expert(self.chosen[table].copy(""), writer)
            writer.close()
        except BaseException:
            writer.abort()
            raise
        return numbers.parts

    def stopped(self, rows):
        """Called by the writer now and then."""
        self.baton.check()


def copy_units(job, chosen, units, snapshot, parallel, part_rows, told):
    """Start copying `units` in `parallel` helpers; told(unit, parts) for each that is done. Join what is returned."""
    store = job.store.clone()  # made once: a client costs more than a unit of a small table; it has no connection yet
    return Helpers(
        job, parallel, len(units),
        begin=lambda baton: Copier(store, chosen, part_rows, snapshot, baton),
        work=lambda copier, index: copier.copy(units[index]),
        told=lambda index, parts: told(units[index], parts))
