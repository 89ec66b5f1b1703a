"""Whether a session holds every decision a run needs: the screens ask for them, a file edited by hand may lack some."""

from __future__ import annotations

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session


def missing(session: Session) -> list[str]:
    """The members that are empty and must not be, as they are called in the file."""
    needed = {
        "source.connection.region": session.source.connection.region,
        "source.environment": session.source.environment,
        "target.connection.region": session.target.connection.region,
        "target.environment": session.target.environment,
        "migration_bucket": session.migration_bucket,
    }
    if session.route in ("in-place", "bridge"):
        needed["target.airflow_version"] = session.target.airflow_version
    if session.route == "bridge":
        needed["target.upgrade_to"] = session.target.upgrade_to
    return [name for name, value in needed.items() if not value.strip()]


def require_complete(session: Session) -> None:
    """Raise WizardError (usage) that names what is missing."""
    if lacking := missing(session):
        raise WizardError(
            what=_("Session {id} is not complete: {names} is empty.").format(id=session.id, names=listed(lacking)),
            changed=_("Nothing was changed."),
            remedy=_("Choose it in the wizard: mwaa-wizard --session {id}").format(id=session.id),
            exit_code=EXIT_USAGE,
        )
