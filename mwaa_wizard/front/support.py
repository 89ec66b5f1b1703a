"""The support bundle for front-ends: what would be in it, and writing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def listed(session: Session) -> list[str]:
    """What a bundle of the session holds, a line each."""
    from mwaa_wizard.report import support

    return support.lines(session)


def write(session: Session, path: str = "", *, mask_accounts: bool = False) -> str:
    """Write it and return where it is. Raises WizardError."""
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.report import support

    try:
        where = Path(path).expanduser() if path else None
        return str(support.write(session, where, mask_accounts=mask_accounts))
    except OSError as problem:
        raise translate(problem) from problem
