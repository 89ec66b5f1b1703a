"""What comes with a page's answers: what is suggested before it asks, and what AWS has to say after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def suggest(page: str, session: Session) -> bool:
    """Fill in what most would answer, where nothing is answered yet; whether the session changed. Asks no AWS."""
    before = session.model_copy(deep=True)
    if page == "connect":
        _suggest_places(session)
    elif page == "route":
        _suggest_version(session)
    elif page == "target" and not session.target.environment:
        from .target import suggested_name

        session.target.environment = suggested_name(session.source.environment)
    return session != before


def _suggest_places(session: Session) -> None:
    from mwaa_wizard.front import engine

    names = [line.name for line in engine.profiles()]
    for connection in (session.source.connection, session.target.connection):
        if connection.profile is None and not connection.region and names:
            connection.profile = "default" if "default" in names else names[0]
        if not connection.region:
            connection.region = engine.profile_region(connection.profile)


def _suggest_version(session: Session) -> None:
    from mwaa_wizard.front import engine, routing

    if not routing.wanted(session) and session.source.airflow_version:
        routing.want(session, engine.suggested_version(session.source.airflow_version))


def learn(page: str, session: Session) -> list[str]:
    """Ask AWS for what follows from a page's answers, and keep it: who the credentials are, which version the source
    has, whether the name is free. What stands against going on, in words. Takes seconds; raises WizardError.
    """
    from mwaa_wizard.front import engine

    if page == "connect":
        from .connect import took_identity

        took_identity(session, "source", engine.identity(session, "source"))
        took_identity(session, "target", engine.identity(session, "target"))
    elif page == "source":
        return _learn_source(session)
    elif page == "target":
        name = session.target.environment
        if name and not engine.name_is_free(session, name):
            return [_("There is an environment {name} already. Choose another name.").format(name=clean(name))]
    return []


def _learn_source(session: Session) -> list[str]:
    from mwaa_wizard.front import engine
    from mwaa_wizard.front.engine import EnvironmentLine

    from . import source

    found = engine.source_environment(session)
    line = EnvironmentLine(
        name=session.source.environment,
        status=str(found.get("Status") or ""),
        version=str(found.get("AirflowVersion") or ""),
        environment_class=str(found.get("EnvironmentClass") or ""),
        created="",
        region=session.source.connection.region,
    )
    problem = source.problem_of(line)
    if not problem:
        source.choose(session, line)
    return [problem] if problem else []
