"""Reads the source environment; nothing is changed."""

from __future__ import annotations

import json

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import SIDES
from mwaa_wizard.environments import clone, places
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.complete import require_complete
from mwaa_wizard.session.model import Session
from mwaa_wizard.session.store import write_atomic
from mwaa_wizard.text import clean

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
        require_complete(ctx.session)
        _require_regions(ctx.session)
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


def _require_regions(session: Session) -> None:
    """Raise WizardError for a region without MWAA before a call to it is tried: its endpoint has no address at all."""
    known = places.all_regions()
    for side in SIDES:
        region = session.connection(side).region
        if region not in known:
            raise WizardError(
                what=_("MWAA is not in {region}.").format(region=clean(region, limit=40)),
                where=_("region of the {side}; known to botocore: {regions}").format(
                    side=_(side), regions=listed(sorted(known))
                ),
                changed=_("Nothing was changed."),
                remedy=_("Choose a region that has MWAA, then resume. If AWS has added this one, upgrade boto3."),
                code="region",
            )
