"""Writes the report's files into the session's run folder."""

from __future__ import annotations

from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.report import build, render
from mwaa_wizard.session.model import Session
from mwaa_wizard.session.store import write_atomic


def write(session: Session, journal: Journal | None = None, verify: VerifyResult | None = None) -> list[Path]:
    """report.md, report.html and report.json (0600); older ones are replaced. Returns their paths."""
    report = build.build(session, journal, verify)
    folder = paths.run_dir(session.id)
    written = []
    for name, text in (
        ("report.md", render.to_markdown(report)),
        ("report.html", render.to_html(report)),
        ("report.json", render.to_json(report)),
    ):
        write_atomic(folder / name, text)
        written.append(folder / name)
    return written
