"""The report room, called by the last steps."""

from __future__ import annotations

from pathlib import Path

from mwaa_wizard.execution.context import Context
from mwaa_wizard.report import files


def write(ctx: Context) -> list[Path]:
    """Write the report in every form from the journal and the run folder's documents. Returns the files."""
    return list(files.write(ctx.session, ctx.journal))
