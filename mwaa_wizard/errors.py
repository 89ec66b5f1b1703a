"""The one error type that reaches a user: what happened, what was changed, what to do next."""

from __future__ import annotations

import errno
from dataclasses import dataclass

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_RESUMABLE = 75  # EX_TEMPFAIL: stopped half-way on purpose or by a failure that a resume can mend


@dataclass
class WizardError(Exception):
    """A failure told in full; every front-end prints the same parts.

    `what` is one sentence. `changed` says what is and what is not different now. `remedy` is the next action.
    `where` names the call or file, `code` is AWS's or Airflow's own error code, `request_id` AWS's request id; `page`
    the wizard's page where it can be mended, empty where that follows from the rest (`front/mending.py`).
    """

    what: str
    changed: str = ""
    remedy: str = ""
    where: str = ""
    code: str = ""
    request_id: str = ""
    exit_code: int = EXIT_FAILED
    page: str = ""

    def __str__(self) -> str:
        return self.what

    @property
    def of_machine(self) -> bool:
        """Whether `code` is this machine's own (a full disk), not AWS's."""
        return self.code in errno.errorcode.values()

    def lines(self) -> list[str]:
        """The error as plain lines for a terminal or a log, empty parts left out."""
        from mwaa_wizard.i18n import _

        said = " · ".join(part for part in (self.code, self.request_id) if part)
        rows = [
            (_("What"), self.what),
            (_("Where"), self.where),
            (_("System") if self.of_machine else _("AWS said"), said),
            (_("Changed"), self.changed),
            (_("Mend"), self.remedy),
        ]
        return [f"{label}: {text}" for label, text in rows if text]


class Cancelled(Exception):
    """The user asked to stop; raised by a step at a point where stopping is safe."""
