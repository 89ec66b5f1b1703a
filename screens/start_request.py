"""What the command line asks the full-screen wizard to open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from mwaa_wizard.front.answers_file import Answers


@dataclass(frozen=True)
class StartRequest:
    """`page` is "start" (the list of sessions) or "session" (open `session_id` where the user left it).

    `theme` is what the user asked for (`theme.py`), empty for the saved one. `dry_run`: runs say what they would do.
    `profile` and `region` are the defaults of a new migration. `go_on` opens the run page and goes on at once.
    `reach` is called with a session before it is opened and may raise WizardError (the composition root uses it).
    """

    # Exit code by which the wizard asks its caller to start the sandbox and open the wizard again.
    WANTS_DEMO: ClassVar[int] = 64

    page: str = "start"
    session_id: str | None = None
    profile: str | None = None
    region: str | None = None
    go_on: bool = False
    mouse: bool = True
    theme: str = ""
    dry_run: bool = False
    answers: Answers | None = None
    reach: Callable[[Any], None] | None = None
