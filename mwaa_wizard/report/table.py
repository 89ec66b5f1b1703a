"""Rows of the report as plain cells, shared by the renderers."""

from __future__ import annotations

from mwaa_wizard.i18n import _, listed, ngettext, strung
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.report import entries
from mwaa_wizard.report.kinds import kind_word
from mwaa_wizard.report.model import Count, Report
from mwaa_wizard.text import fit, human_time, width

# As many names as tell what kind of row it is, each cut to so many cells; report.json has them all.
NAMES, NAME_CELLS = 2, 64
OURS = "of this tool"  # the export's reason for rows of our own DAG runs: no loss


def rejected_rows(report: Report) -> int:
    """Rows that the target could not take; each is told with its reason further down, and kept in the bundle."""
    return sum(table.rejected for table in report.tables)


def headline(report: Report) -> str:
    """The one line that says how it went."""
    lost = rejected_rows(report)
    if report.state == "verified" and lost:
        return ngettext(
            "VERIFIED  {target} has all that was chosen but {n} rejected row",
            "VERIFIED  {target} has all that was chosen but {n} rejected rows",
            lost,
        ).format(target=report.target, n=f"{lost:,}")
    if report.state == "verified":
        return _("VERIFIED  {target} has all that was chosen").format(target=report.target)
    if report.state == "differs":
        return _("DIFFERS  {target} is not the same as the source").format(target=report.target)
    return _("NOT VERIFIED  {title}").format(title=report.title)


def places(report: Report) -> str:
    """Source and target with their accounts and regions."""
    source, target = f"{report.source} {report.source_place}", f"{report.target} {report.target_place}"
    return f"{source.strip()} → {target.strip()}"


def header() -> tuple[str, str, str, str, str]:
    """Names of the columns of `cells`."""
    return _("table"), _("source"), _("target"), _("same"), _("notes")


def mark(same: bool) -> str:
    """A sign that needs no colour."""
    return "✔" if same else "✘"


def cells(report: Report) -> list[tuple[str, str, str, str, str]]:
    """One row a table (or a kind of entry), then DAGs and task logs."""
    rows = [entries.cells(line) for line in report.entries]
    for table in report.tables:
        notes = [note.rstrip(".") for note in table.notes]
        if table.rejected:
            notes.insert(0, _("{n} rejected").format(n=f"{table.rejected:,}"))
        rows.append((table.name, f"{table.source:,}", f"{table.target:,}", mark(table.same), strung(notes)))
    if report.dags_compared:
        alike = report.dags_compared - len(report.dags_differ)
        note = _("{n} differ").format(n=len(report.dags_differ)) if report.dags_differ else ""
        rows.append((_("DAGs"), f"{report.dags_compared:,}", f"{alike:,}", mark(not report.dags_differ), note))
    if report.logs is not None:
        logs = report.logs
        lost = sum(logs.rejected.values())
        notes = [_("events; {n} streams").format(n=f"{logs.streams_found:,}")]
        notes += [f"{count:,} {reason}" for reason, count in sorted(logs.rejected.items())]
        arrived = max(0, logs.events_read - lost)
        rows.append((_("task logs"), f"{logs.events_read:,}", f"{arrived:,}", mark(not lost), strung(notes)))
    return rows


def import_header() -> tuple[str, ...]:
    """Names of the columns of `import_cells`; all but the first are numbers."""
    return _("table"), _("read"), _("inserted"), _("there"), _("updated"), _("rejected")


def import_cells(report: Report) -> list[tuple[str, ...]]:
    """What the import did, one row a table."""
    return [
        (line.name, *(f"{n:,}" for n in (line.read, line.inserted, line.present, line.updated, line.rejected)))
        for line in report.imported
    ]


def import_title() -> str:
    """The heading of that table."""
    return _("What the import did")


def counted(report: Report) -> list[tuple[str, list[str]]]:
    """Sections below the table: (title, lines), empty ones left out."""
    ours = in_words(OURS)
    sections = [
        (_("DAGs that differ"), [f"{name}: {why}" for name, why in report.dags_differ.items()]),
        *entries.sections(report.entries),
        (_("Rejected by the target"), [_count_line(count) for count in report.rejected]),
        (_("Rows of the source that cannot be brought over"), [_count_line(count) for count in report.not_exported]),
        (_("Emptied, as the target's Airflow cannot read them"), [_count_line(count) for count in report.emptied]),
        (_("Not taken over, as ordered"), [_count_line(count) for count in report.kept]),
        (_("Left out of the export"), [_count_line(count) for count in report.left_out if count.reason != ours]),
        (_("Paused states"), [report.paused] if report.paused else []),
        (_("What exists now"), [" ".join(filter(None, (kind_word(t.kind), t.name, t.detail))) for t in report.exists]),
        (_("Time per step"), [_step_line(s.step, s.state, s.seconds) for s in report.steps]),
        (_("Next"), report.next),
    ]
    return [(title, lines) for title, lines in sections if lines]


def _count_line(count: Count) -> str:
    line = f"{count.table}: {count.rows:,} × {count.reason}"
    if count.examples:
        names = [fit(name, min(width(name), NAME_CELLS)) for name in count.examples[:NAMES]]
        line += _(", such as {names}").format(names=listed(names))
    return line + (_(", kept in {place}").format(place=count.kept) if count.kept else "")


def _step_line(step: str, state: str, seconds: float | None) -> str:
    took = "" if seconds is None else human_time(seconds)
    state = _("left out by the user") if state == "left-out" else state
    return f"{step}: {state} {took}".rstrip()
