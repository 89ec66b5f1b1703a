"""The checks before anything is changed, in the order they are told; each lives in the preflight room."""

from __future__ import annotations

from collections.abc import Iterator

from mwaa_wizard.aws.errors import DENIED, code_of, translate
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.preflight import (
    buckets,
    choice,
    endpoints,
    firewall,
    keys,
    logs,
    permissions,
    quotas,
    roles,
    source,
    subnets,
    webserver,
)
from mwaa_wizard.preflight.finding import Check, Finding, Refused, Verdict, forget, label, refused, refused_action

__all__ = ["Finding", "Verdict", "findings"]


def findings(ctx: Context) -> Iterator[Finding]:
    """Run all checks in order. A look that AWS refuses is a warning with the missing action; whatever else goes wrong
    in a check is its failing finding, not an exception. Raises Cancelled.
    """
    forget(ctx)
    for name, check in _checks():
        ctx.safe_point()
        try:
            yield from check(ctx)
        except Cancelled:
            raise
        except Refused as refusal:
            yield refused(name, refusal.action)
        except Exception as problem:
            if check is not source.airflow and code_of(problem) in DENIED:
                yield refused(name, refused_action(problem))
                continue
            error = translate(problem)
            yield Finding(name, "fail", " · ".join(p for p in (error.what, error.where, error.code) if p), error.remedy)


def _checks() -> list[tuple[str, Check]]:
    return [
        (_("credentials"), permissions.identities),
        (_("source environment"), source.status),
        (_("source Airflow"), source.airflow),
        (label("source", _("permissions")), permissions.source),
        (_("source role"), permissions.source_role),
        (label("source", _("role trust")), roles.source_trust),
        (label("source", _("role policy")), roles.source_policy),
        (label("source", _("bucket")), buckets.source),
        (label("source", _("KMS key")), keys.source),
        (label("source", _("web server")), webserver.source),
        (label("source", _("task logs")), logs.source),
        (_("target region"), choice.region),
        (_("target name"), choice.name_free),
        (_("target version"), choice.version),
        (_("target settings"), choice.target_settings),
        (_("tables"), choice.tables),
        (label("target", _("permissions")), permissions.target),
        (label("target", _("role trust")), roles.target_trust),
        (label("target", _("role policy")), roles.target_policy),
        (label("target", _("bucket")), buckets.target),
        (label("target", _("bucket encryption")), buckets.target_encryption),
        (label("target", _("subnets")), subnets.target),
        (label("target", _("routes")), subnets.target_routes),
        (label("target", _("VPC DNS")), subnets.target_dns),
        (label("target", _("security groups")), firewall.target_groups),
        (label("target", _("network ACLs")), firewall.target_acls),
        (label("target", _("VPC endpoints")), endpoints.target),
        (label("target", _("KMS key")), keys.target),
        (label("target", _("KMS key policy")), keys.target_policy),
        (label("target", _("quota of environments")), quotas.target),
        (label("target", _("quota of workers")), quotas.target_workers),
        (label("target", _("web server")), webserver.target),
        (label("target", _("task logs")), logs.target),
        (label("target", _("log groups")), logs.target_leftovers),
    ]
