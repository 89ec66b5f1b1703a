"""Arguments that all our DAGs share."""

from datetime import datetime, timedelta

import pendulum

START = datetime(2021, 1, 1, tzinfo=pendulum.timezone("UTC"))


def default_args(owner, retries=1, **more):
    """Arguments for every task: a minute between tries, no mail from a machine that has no mail server."""
    return dict(
        {
            "owner": owner,
            "retries": retries,
            "retry_delay": timedelta(minutes=1),
            "email_on_failure": False,
            "depends_on_past": False,
        },
        **more,
    )
