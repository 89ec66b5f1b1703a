"""A session that begins: empty but for what the command line said."""

from __future__ import annotations

from mwaa_wizard.session.model import Connection, Session


def new_session(profile: str | None, region: str | None) -> Session:
    """Both sides begin in one place."""
    session = Session()
    for part in (session.source, session.target):
        part.connection = Connection(profile=profile, region=region or "")
    return session
