"""Reads the source environment; nothing is changed."""

from __future__ import annotations

import json

from mwaa_wizard import paths
from mwaa_wizard.environments import clone
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.session.store import write_atomic

FILE = "source.json"


class ReadSource(Step):
    """GetEnvironment and who we are; a copy without secret values is kept for pages and reports."""

    id = "read-source"

    @property
    def title(self) -> str:
        return _("Read source")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Read environment {name} in {region}; nothing is changed.").format(
                name=session.source.environment, region=session.source.connection.region
            )
        ]

    def check(self, ctx: Context) -> Check:
        return Check(False)  # cheap, and every later step wants today's answer

    def run(self, ctx: Context) -> None:
        identity = ctx.clients.identity("source")
        ctx.log(_("Source account {account} as {arn}.").format(account=identity.account, arn=identity.arn))
        found = sides.environment(ctx, "source", fresh=True)
        text = json.dumps(clone.sanitise(found), indent=2, default=str) + "\n"
        write_atomic(paths.run_dir(ctx.session.id) / FILE, text)
        ctx.log(
            _("{name}: Airflow {version}, {status}, {size}.").format(
                name=found["Name"],
                version=found.get("AirflowVersion"),
                status=found.get("Status"),
                size=found.get("EnvironmentClass"),
            )
        )
        ctx.log(_("DAGs come from {arn}/{path}.").format(arn=found["SourceBucketArn"], path=found["DagS3Path"]))
