"""What happened to rows, table by table: imported, rejected, emptied, left out, with reasons, names and where kept."""

from __future__ import annotations

from collections.abc import Iterable

from mwaa_wizard import paths
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.report.model import Count, ImportLine
from mwaa_wizard.text import clean

STATE = "state "  # the export's reason for rows in a state that is not moved begins so


def reason_words(reason: str) -> str:
    """A reason as a user reads it; the documents' own words where there are no better ones."""
    words = {
        "not_terminal": _("was still running or waiting when it was exported"),
        "too_old": _("older than 14 days, which CloudWatch Logs does not take"),
        "expired": _("older than the log group keeps"),
        "too_new": _("more than 2 hours in the future"),
        "too_large": _("empty or larger than CloudWatch Logs takes"),
        "state none": _("had no state yet when it was exported"),
    }
    if reason not in words and reason.startswith(STATE):
        state = clean(reason.removeprefix(STATE), limit=40)
        return _("was in state {state} when it was exported").format(state=state)
    return words.get(reason, in_words(clean(reason, limit=200)))


def imported(result: bundle.ImportResult | None) -> list[ImportLine]:
    """One line a table, in the order they were loaded."""
    tables = result.tables if result else {}
    return [
        ImportLine(clean(name, limit=80), t.read, t.inserted, t.present, t.updated, t.rejected)
        for name, t in tables.items()
    ]


def rejected(session_id: str, result: bundle.ImportResult | None) -> list[Count]:
    """Rows the target could not take."""
    tables = result.tables if result else {}
    return _sorted(
        _count(name, reason, rows, kept=_kept(session_id, bundle.rejected_key(name)) if table.rejected else "")
        for name, table in tables.items()
        for reason, rows in table.reasons.items()
    )


def emptied(session_id: str, result: bundle.ImportResult | None) -> list[Count]:
    """Values the target's Airflow could not read: the row is there, the value is empty."""
    tables = result.tables if result else {}
    return _sorted(
        _count(name, words, values, kept=_kept(session_id, bundle.rejected_key(name)))
        for name, table in tables.items()
        for words, values in table.emptied.items()
    )


def kept(result: bundle.ImportResult | None) -> list[Count]:
    """Rows of the target that stay as they were although the source's are other ones, as ordered."""
    tables = result.tables if result else {}
    words = _("keep the target's values, which differ from the source's")
    return _sorted(_count(name, words, len(table.kept), sorted(table.kept)) for name, table in tables.items())


def not_exported(session_id: str, manifest: bundle.Manifest | None) -> list[Count]:
    """Rows of the source that cannot be brought over; of variables and connections the names alone are kept."""
    tables = manifest.tables if manifest else {}
    return _sorted(
        _count(name, reason, rows, table.examples.get(reason), _kept(session_id, bundle.source_rejected_key(name)))
        for name, table in tables.items()
        for reason, rows in table.rejected.items()
    )


def left_out(manifest: bundle.Manifest | None) -> list[Count]:
    """Rows that stay by choice (days, DAGs, tables) or by their state."""
    tables = manifest.tables if manifest else {}
    return _sorted(
        _count(name, reason, rows, table.examples.get(reason))
        for name, table in tables.items()
        for reason, rows in table.left_out.items()
    )


def _count(table: str, reason: str, rows: int, examples: Iterable[str] | None = None, kept: str = "") -> Count:
    names = [clean(name, limit=160) for name in examples or () if name.strip()]
    return Count(clean(table, limit=80), reason_words(reason), rows, names[:5], kept)


def _sorted(found: Iterable[Count]) -> list[Count]:
    return sorted((count for count in found if count.rows), key=lambda count: (count.table, -count.rows))


def _kept(session_id: str, key: str) -> str:
    """The file that was saved when the bundle went, else the key in the bundle."""
    path = paths.run_dir(session_id) / key
    return str(path) if path.exists() else key
