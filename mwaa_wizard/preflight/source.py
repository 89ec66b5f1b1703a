"""The source environment and its Airflow answer."""

from __future__ import annotations

from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.preflight.finding import Finding, Findings


def status(ctx: Context) -> Findings:
    """The source environment is AVAILABLE."""
    name = _("source environment")
    status = str(sides.environment(ctx, "source").get("Status"))
    evidence = f"{ctx.session.source.environment}: {status}"
    if status == "AVAILABLE":
        yield Finding(name, "pass", evidence)
    elif status == "UPDATE_FAILED":
        yield Finding(name, "warn", evidence, _("Its last update was rolled back; it still runs as before."))
    else:
        yield Finding(name, "fail", evidence, _("Wait until it is AVAILABLE, then resume."))


def airflow(ctx: Context) -> Findings:
    """The source Airflow answers: what is refused here stops the migration, so it fails."""
    api = sides.api(ctx, "source")
    version = api.ping()
    count = sum(1 for _dag in api.dags())
    yield Finding(
        _("source Airflow"), "pass", _("answers as {version} with {count} DAGs").format(version=version, count=count)
    )
