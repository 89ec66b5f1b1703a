"""The checks before anything is changed, in the order they are told; each lives in the preflight room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mwaa_wizard.aws.errors import DENIED, code_of, translate
from mwaa_wizard.environments.fields import SECURITY_GROUPS
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.preflight import (
    between,
    buckets,
    choice,
    endpoints,
    entries,
    firewall,
    keys,
    logs,
    permissions,
    quotas,
    roles,
    source,
    subnets,
    upgrade,
    webserver,
)
from mwaa_wizard.preflight.finding import Check, Finding, Refused, Verdict, forget, label, refused, refused_action
from mwaa_wizard.session.model import Session

__all__ = ["Finding", "Told", "Verdict", "findings", "told"]

# What these find wrong is in the session's own answers: nothing that is done in AWS meanwhile mends it.
_OF_ANSWERS = (choice.region, choice.name_free, choice.version, choice.target_settings, choice.tables,
               upgrade.same_environment, upgrade.path)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A finding; `certain`: the run would fail by it, whatever is mended outside the wizard until then."""

    finding: Finding
    certain: bool = False


def findings(ctx: Context) -> Iterator[Finding]:
    """Run all checks in order. A look that AWS refuses is a warning with the missing action; whatever else goes wrong
    in a check is its failing finding, not an exception. Raises Cancelled.
    """
    for one in told(ctx):
        yield one.finding


def told(ctx: Context) -> Iterator[Told]:
    """As `findings`, each with whether it is certain to fail the run."""
    forget(ctx)
    for name, check in checks(ctx.session):
        ctx.safe_point()
        try:
            for finding in check(ctx):
                yield Told(finding, finding.verdict == "fail" and check in _OF_ANSWERS)
        except Cancelled:
            raise
        except Refused as refusal:
            yield Told(refused(name, refusal.action))
        except Exception as problem:
            if check is not source.airflow and code_of(problem) in DENIED:
                yield Told(refused(name, refused_action(problem)))
                continue
            error = translate(problem)
            seen = " · ".join(p for p in (error.what, error.where, error.code) if p)
            yield Told(Finding(name, "fail", seen, error.remedy))


def checks(session: Session) -> list[tuple[str, Check]]:
    """The checks of the session's route, in the order they are told, each with its name."""
    if session.route == "in-place":
        return _in_place(session)
    found = _new_environment()
    if session.route == "settings-only":
        # The source is only read: no role, no bucket and no log of it is touched.
        skipped = (permissions.source, permissions.source_role, roles.source_trust, roles.source_policy, logs.source,
                   choice.tables, between.bundle)  # fmt: skip
        found = [(name, check) for name, check in found if check not in skipped]
        return [*found, *entries.checks()]
    if session.route == "bridge":
        found += [(_("upgrade path"), upgrade.path), (_("Airflow 3 network"), upgrade.airflow_3_network)]
    return found


def _in_place(session: Session) -> list[tuple[str, Check]]:
    """One environment, which is there: what an update looks at, and what it changes by the user's own edits."""
    edits = session.target.settings
    found: list[tuple[str, Check]] = [
        (_("one environment"), upgrade.same_environment),
        (_("credentials"), permissions.identities),
        (_("source environment"), source.status),
        (_("source Airflow"), source.airflow),
        (_("upgrade path"), upgrade.path),
        (_("update request"), upgrade.request),
        (_("import errors"), upgrade.import_errors),
        (label("target", _("permissions")), upgrade.may_update),
        (label("target", _("role trust")), roles.target_trust),
        (label("target", _("role policy")), roles.target_policy),
        (label("target", _("bucket")), buckets.target),
        (label("source", _("KMS key")), keys.source),
        (label("source", _("web server")), webserver.source),
        (_("Airflow 3 network"), upgrade.airflow_3_network),
    ]
    if SECURITY_GROUPS in edits:
        found.append((label("target", _("security groups")), firewall.target_groups))
    if {"EnvironmentClass", "MaxWorkers"} & set(edits):
        found.append((label("target", _("quota of workers")), quotas.target_workers))
    return found


def _new_environment() -> list[tuple[str, Check]]:
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
        (_("way of the bundle"), between.bundle),
        (label("target", _("KMS key")), keys.target),
        (label("target", _("KMS key policy")), keys.target_policy),
        (label("target", _("quota of environments")), quotas.target),
        (label("target", _("quota of workers")), quotas.target_workers),
        (label("target", _("web server")), webserver.target),
        (label("target", _("task logs")), logs.target),
        (label("target", _("log groups")), logs.target_leftovers),
    ]
