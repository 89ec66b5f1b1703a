"""The journal tells what was made and not yet removed, even when the last write was cut off."""

from __future__ import annotations

from mwaa_wizard.execution.journal import Journal


def test_live_things_keep_what_was_there_first() -> None:
    journal = Journal.of("a1")
    journal.write("s", "made", kind="bucket", name="b1")
    journal.write("s", "changed", kind="dag-pause", name="d", before=False)
    journal.write("s", "changed", kind="dag-pause", name="d", before=True)
    journal.write("s", "made", kind="bucket", name="b2")
    journal.write("s", "removed", kind="bucket", name="b1")
    assert [r["name"] for r in journal.live("bucket")] == ["b2"]
    assert journal.live("dag-pause")[0]["before"] is False


def test_a_torn_line_is_skipped_and_does_not_swallow_the_next_record() -> None:
    journal = Journal.of("a2")
    journal.write("s", "started")
    with open(journal.path, "a", encoding="utf-8") as file:
        file.write('{"at": "2026-01-01", "step": "s", "ev')
    journal.write("s", "done")
    assert [r["event"] for r in journal.records()] == ["started", "done"]
    assert journal.last("s", "done") is not None
    assert journal.last("other", "done") is None


def test_journal_is_private() -> None:
    journal = Journal.of("a3")
    journal.write("s", "started")
    assert journal.path.stat().st_mode & 0o077 == 0
