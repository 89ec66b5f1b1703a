"""The report from a run folder: right numbers, inert text, every form."""

from __future__ import annotations

import html.parser
import json
import re
from typing import Any

import pytest

from mwaa_wizard import i18n, paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.metadata.bundle import ImportResult, Manifest, TableExport, TableImport, TableVerify, VerifyResult
from mwaa_wizard.report import build, files, render
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import width
from tests.environments.samples import session

EVIL = "<script>alert(1)</script>\x1b[2J|x|"


def verify(**changes: Any) -> VerifyResult:
    tables = {
        "dag_run": TableVerify(source_rows=48_211, target_rows=48_211, same=True),
        "task_instance": TableVerify(
            source_rows=1_002_340, target_rows=1_002_328, rejected=12, same=True, notes=["12 without a run"]
        ),
    }
    known: dict[str, Any] = {
        "run_id": "mw-1", "environment": "analytics-v2", "airflow_version": "2.11.2", "finished_at": "",
        "tables": tables,
    }  # fmt: skip
    return VerifyResult(**{**known, **changes})


def run_folder(made: Session, result: VerifyResult | None = None) -> Journal:
    """What a whole run leaves."""
    folder = paths.run_dir(made.id)
    manifest = Manifest(
        run_id="mw-2", environment="analytics-prod", airflow_version="2.8.1", alembic_head="", snapshot="",
        created_at="", dag_counts={"etl": {"runs": 3}, "daily": {"runs": 1}},
        tables={
            "task_instance": TableExport(
                rows=1, left_out={"not_terminal": 4, "outside the chosen DAGs": 2, "state deferred": 1, "nothing": 0},
                rejected={"its run is not in the source": 3},
                examples={"state deferred": ["etl scheduled__1 wait [0]"], "its run is not in the source": [EVIL]},
            )
        },
    )  # fmt: skip
    imported = ImportResult(
        run_id="mw-3", environment="analytics-v2", airflow_version="2.11.2", alembic_head="", manifest_run_id="",
        finished_at="", tables={
            "dag_run": TableImport(read=48_211, inserted=48_000, present=211, updated=5),
            "task_instance": TableImport(
                read=1_002_340, inserted=1_002_328, rejected=12, reasons={EVIL: 12},
                emptied={"executor_config: not readable": 2},
            ),
            "variable": TableImport(read=2, present=2, kept=["region", "bucket"]),
        },
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    (folder / "import.json").write_text(imported.model_dump_json(), encoding="utf-8")
    (folder / "verify.json").write_text((result or verify()).model_dump_json(), encoding="utf-8")
    journal = Journal.of(made.id)
    journal.write("migration-bucket", "started")
    journal.write("migration-bucket", "made", kind="bucket", name="mwaa-migration-x")
    journal.write("migration-bucket", "done")
    journal.write("resources", "made", kind="object", name="dags/a.py", bucket="new-dags")
    journal.write("create-target", "made", kind="environment", name="analytics-v2", region="us-east-1")
    journal.write("source-policy", "made", kind="inline-policy", name="p")
    before = {"unpaused": ["etl", "daily"], "paused": ["old"]}
    journal.write("export", "changed", kind="dag-pause", name="analytics-prod", before=before, side="source")
    journal.write(
        "logs", "copied", streams_found=9, streams_copied=8, already_there=1, events_read=100, events_written=90,
        rejected={"too_old": 7}, missing=2,
    )  # fmt: skip
    journal.write("source-policy", "removed", kind="inline-policy", name="p")
    return journal


def test_the_numbers_of_a_run() -> None:
    made = session()
    run_folder(made)
    report = build.build(made)
    assert report.state == "verified"
    assert [(t.name, t.source, t.target, t.rejected, t.same) for t in report.tables] == [
        ("dag_run", 48_211, 48_211, 0, True), ("task_instance", 1_002_340, 1_002_328, 12, True)
    ]  # fmt: skip
    assert [c.rows for c in report.left_out] == [4, 2, 1]
    assert report.left_out[2].reason == "was in state deferred when it was exported"
    assert report.left_out[2].examples == ["etl scheduled__1 wait [0]"]
    assert [(c.rows, c.kept) for c in report.not_exported] == [(3, "rejected/source/task_instance.csv.gz")]
    assert [(c.rows, c.kept) for c in report.rejected] == [(12, "rejected/task_instance.csv.gz")]
    assert [(c.rows, c.reason) for c in report.emptied] == [(2, "executor_config: not readable")]
    assert [(c.table, c.rows, c.examples) for c in report.kept] == [("variable", 2, ["bucket", "region"])]
    assert [(i.name, i.read, i.inserted, i.present, i.updated, i.rejected) for i in report.imported] == [
        ("dag_run", 48_211, 48_000, 211, 5, 0), ("task_instance", 1_002_340, 1_002_328, 0, 0, 12),
        ("variable", 2, 0, 2, 0, 0),
    ]  # fmt: skip
    assert "still running" in report.left_out[0].reason
    assert report.dags_compared == 2
    assert report.logs is not None
    assert (report.logs.events_read, report.logs.missing) == (100, 2)
    assert [(thing.kind, thing.name) for thing in report.exists] == [
        ("environment", "analytics-v2"), ("bucket", "mwaa-migration-x"), ("object", "1")
    ]  # fmt: skip
    assert "2 DAGs were unpaused" in report.paused
    assert report.steps[0].step == "migration-bucket"
    assert report.steps[0].seconds is not None
    assert build.verified(made)


def test_what_happened_to_rows_is_in_every_form() -> None:
    made = session()
    run_folder(made)
    report = build.build(made)
    for text in (render.to_text(report, 100), render.to_markdown(report), render.to_html(report)):
        plain = text.replace("\\", "")
        for word in ("48,000", "1,002,328", "such as etl scheduled__1 wait [0]", "executor_config: not readable",
                     "rejected/source/task_instance.csv.gz", "What the import did",
                     "has all that was chosen but 12 rejected rows"):  # fmt: skip
            assert word in plain, word
    document = json.loads(render.to_json(report))
    assert document["imported"][0]["updated"] == 5
    assert document["not_exported"][0]["kept"] == "rejected/source/task_instance.csv.gz"


def test_rows_saved_when_the_bundle_went_are_named_by_their_file() -> None:
    made = session()
    run_folder(made)
    path = paths.run_dir(made.id) / "rejected/task_instance.csv.gz"
    path.parent.mkdir()
    path.write_bytes(b"")
    assert build.build(made).rejected[0].kept == str(path)


def test_paused_states_after_each_kind_of_cut_over() -> None:
    made = session()
    journal = run_folder(made)
    assert "both sides" in build.build(made).paused
    journal.write("cut-over", "changed", kind="dag-pause", name="analytics-v2", before={"paused": []}, side="target")
    assert "run in the target" in build.build(made).paused
    journal.write("cut-over", "removed", kind="dag-pause", name="analytics-v2", side="target")
    journal.write("cut-over", "removed", kind="dag-pause", name="analytics-prod", side="source")
    assert "has its paused states back" in build.build(made).paused


def test_a_difference_is_seen_everywhere() -> None:
    made = session()
    run_folder(made, verify(dags_differ={"etl": "3 runs, 2 in the target"}))
    report = build.build(made)
    assert report.state == "differs"
    assert not build.verified(made)
    for text in (render.to_text(report), render.to_markdown(report), render.to_html(report)):
        assert "DIFFERS" in text
        assert "3 runs, 2 in the target" in text
    assert json.loads(render.to_json(report))["state"] == "differs"
    assert "✘" in render.to_text(report)


def test_the_upgrade_that_was_chosen_comes_next() -> None:
    made = session()
    made.target.upgrade_to = "3.3.1"
    run_folder(made).write("clean-up", "done")
    assert "3.3.1 in place" in build.build(made).next[0]
    assert len(build.build(made).next) == 2


def test_nothing_verified_yet() -> None:
    made = session()
    report = build.build(made)
    assert (report.state, report.tables) == ("not-verified", [])
    assert f"mwaa-wizard run {made.id}" in render.to_text(report)
    assert not build.verified(made)
    Journal.of(made.id).write("export", "started")
    assert f"mwaa-wizard resume {made.id}" in render.to_text(build.build(made))
    assert f"mwaa-wizard resume {made.id}" in render.to_markdown(build.build(made))


def test_a_damaged_document_is_no_result() -> None:
    made = session()
    run_folder(made)
    (paths.run_dir(made.id) / "verify.json").write_text("{", encoding="utf-8")
    assert build.build(made).state == "not-verified"
    assert not build.verified(made)


@pytest.mark.parametrize("columns", [24, 40, 80, 120])
def test_text_keeps_to_its_width(columns: int) -> None:
    made = session()
    run_folder(made, verify(dags_differ={"d" * 100: "データ" * 40}))
    lines = render.to_text(build.build(made), columns).splitlines()
    assert [line for line in lines if width(line) > columns] == []
    assert any("1,002,340" in line for line in lines)


def test_text_from_outside_is_inert() -> None:
    made = session()
    made.target.environment = EVIL
    run_folder(made, verify(dags_differ={EVIL: EVIL}))
    report = build.build(made)
    everything = [render.to_text(report), render.to_markdown(report), render.to_html(report), render.to_json(report)]
    assert all("\x1b" not in text for text in everything)
    assert "<script" not in render.to_html(report)
    assert not re.search(r"(?<!\\)<script", render.to_markdown(report))


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a データ", 4, ["a", "デー", "タ"]),
        ("a です。b", 7, ["a で", "す。b"]),
        ("データ", 5, ["デー", "タ"]),
    ],
)
def test_wrapping_counts_cells(text: str, cells: int, lines: list[str]) -> None:
    assert render.wrap(text, cells) == lines


class Page(html.parser.HTMLParser):
    """Counts what a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_and_loads_nothing() -> None:
    made = session()
    run_folder(made)
    page = Page()
    page.feed(render.to_html(build.build(made)))
    assert page.open == []
    assert page.links == []
    assert "script" not in page.seen
    assert page.seen.count("tr") == 1 + 2 + 2 + 1 + 3  # two tables, DAGs, logs; the import's three tables


def test_the_report_is_in_the_language_in_use_and_says_which() -> None:
    made = session()
    run_folder(made)
    report = build.build(made)
    assert '<html lang="en">' in render.to_html(report)
    assert f"Written {report.made_at}, session {made.id}" in render.to_markdown(report)
    i18n.use_language("ja")
    try:
        report = build.build(made)
        page = render.to_html(report)
        assert '<html lang="ja">' in page
        assert "移行先" in page
        assert f"{report.made_at} に作成、セッション {made.id}" in render.to_markdown(report)
    finally:
        i18n.use_language("en")


def test_files_are_written_privately() -> None:
    made = session()
    run_folder(made)
    written = files.write(made)
    assert [path.name for path in written] == ["report.md", "report.html", "report.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)
    assert json.loads(written[2].read_text(encoding="utf-8"))["session_id"] == made.id


def test_what_was_done_and_what_was_left_out_or_failed_are_both_listed() -> None:
    made = session()
    journal = run_folder(made, verify())
    for step, event in (("export", "done"), ("logs", "left-out"), ("clean-up", "failed")):
        journal.write(step, "started")
        journal.write(step, event)
    text = render.to_text(build.build(made), 100)
    steps = text[text.index("Time per step") :]
    assert "export: done" in steps
    assert "logs: left out by the user" in steps
    assert "clean-up: failed" in steps


def test_batches_handed_over_since_are_in_the_sentence_on_paused_states() -> None:
    made = session()
    journal = run_folder(made, verify())
    before = {"unpaused": ["a", "b"]}
    journal.write("export", "changed", kind="dag-pause", name="source:x", side="source", before=before)
    journal.write("cut-over", "removed", kind="dag-pause", name="source:x", side="source")
    for number, dags in (("1", ["a"]), ("2", ["b"])):
        journal.write("batch", "changed", kind="dag-batch", name=number, before={"unpaused": dags, "paused": []})
    journal.write("batch", "removed", kind="dag-batch", name="1")
    assert "Since then 1 DAG was handed over to the target in batches." in build.build(made).paused


def test_columns_end_below_their_names_also_where_those_are_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {"source": "移行元", "target": "移行先", "inserted": "挿入", "read": "読込"}
    monkeypatch.setattr("mwaa_wizard.report.table._", lambda text: wide.get(text, text))
    made = session()
    run_folder(made)
    lines = render.to_text(build.build(made), 100).splitlines()
    for name, word in (("移行元", "dag_run"), ("挿入", "dag_run")):
        head = next(number for number, line in enumerate(lines) if name in line)
        row = next(line for line in lines[head:] if line.strip().startswith(word))
        end = width(lines[head][: lines[head].index(name) + len(name)])
        assert re.fullmatch(r"\d ", row[end - 1 : end + 1]), (lines[head], row)


@pytest.mark.parametrize(("columns", "whole"), [(120, True), (80, True), (70, False)])
def test_a_tables_name_is_cut_only_where_its_notes_need_the_room(columns: int, whole: bool) -> None:
    name = "rendered_task_instance_fields"
    made = session()
    run_folder(made, verify(tables={name: TableVerify(source_rows=7, target_rows=7, same=True, notes=["a note"])}))
    lines = render.to_text(build.build(made), columns).splitlines()
    head = next(number for number, line in enumerate(lines) if line.split()[:1] == ["table"])
    assert lines[head + 1].split()[0] == (name if whole else name[:23] + "…")
