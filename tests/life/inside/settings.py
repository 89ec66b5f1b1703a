"""Runs inside the source's Airflow: a variable and a connection with awkward secrets, through Airflow's models."""

from airflow.models import Connection, Variable

try:
    from airflow.utils.session import provide_session
except ImportError:
    from airflow.utils.db import provide_session


@provide_session
def write(session=None):  # type: ignore[no-untyped-def]
    Variable.set("life_secret", "v%lue-\u00e9", session=session)
    session.add(Connection(
        conn_id="life_database", conn_type="postgres", host="db.internal", login="app", password="p%ss:/w@rd",
        port=5432, schema="prod", extra='{"sslmode": "require"}'))


write()
