"""What kind of window this is: one that may only read, one that only says what it would do, or an ordinary one."""

from __future__ import annotations

from mwaa_wizard import readonly
from mwaa_wizard.i18n import _


def mode_words(dry_run: bool) -> str:
    """What this window cannot or will not do; empty where it is an ordinary one."""
    if readonly.on():
        return _("READ ONLY: nothing that changes AWS can be started")
    return _("DRY RUN: a run only says what it would do") if dry_run else ""
