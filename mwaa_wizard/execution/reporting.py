"""The report room, called by the verify step: builds the report and writes it into the run folder."""

from __future__ import annotations

from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.execution.context import Context
from mwaa_wizard.metadata.bundle import VerifyResult


def write(ctx: Context, result: VerifyResult) -> list[Path]:
    """Write the report in every form. Returns the files."""
    from mwaa_wizard import report

    built = report.build(ctx.session, ctx.journal, result)
    return list(report.write(built, paths.run_dir(ctx.session.id)))
