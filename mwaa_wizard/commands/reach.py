"""Makes a session's AWS reachable from this process before it is opened; imports nothing until it has to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

SANDBOX_PROFILE = "sandbox"


def reach(session: Session) -> None:
    """Where a session was made in the sandbox, point this process at it.

    Raises WizardError where that sandbox is gone: it keeps nothing when it ends.
    """
    profiles = {session.source.connection.profile, session.target.connection.profile}
    if SANDBOX_PROFILE not in profiles or os.environ.get("AWS_ENDPOINT_URL"):
        return
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.i18n import _

    try:
        from mwaa_wizard.sandbox import control
    except ModuleNotFoundError:
        return  # the extra is not installed, so this is a profile of the user's own
    status = control.status()
    if not status.running:
        raise WizardError(
            what=_("This session was made in the sandbox, and the sandbox is not running."),
            changed=_("Nothing was changed."),
            remedy=_("The sandbox keeps nothing when it ends: start afresh with mwaa-wizard demo."),
        )
    os.environ.update(status.environ())
