"""Room for one more environment and for its workers.

Sources: MWAA user guide mwaa-quotas (10 environments a region, 25 workers an environment, both adjustable); Service
Quotas API reference, ListServiceQuotas. The applied values are asked; where there is no answer the documented ones
are told, which block nothing: the account's own may have been raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.environments import versions
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.preflight.finding import Finding, Findings, Refused, Verdict, label, look_all, target_values

# Words in the names of Service Quotas (spaces left out) -> the name in our table of the documented values.
_WORDS = {"environment": "environments", "worker": "workers", "webserver": "webservers", "scheduler": "schedulers"}
_DEFAULT_WORKERS = 10  # MaxWorkers left out: CreateEnvironment takes 10, on mw1.micro 1


@dataclass(frozen=True)
class Quota:
    """A quota's value and where it comes from; `applied`: Service Quotas itself says that it holds here."""

    value: int
    source: str
    applied: bool = False

    @property
    def verdict(self) -> Verdict:
        """What exceeding it means: only an applied quota is known to be in the way."""
        return "fail" if self.applied else "warn"


def target(ctx: Context) -> Findings:
    """Environments in the target's region against the quota."""
    name = label("target", _("quota of environments"))
    quota = _quota(ctx, "environment")
    there = look_all(ctx, "target", "mwaa", "list_environments", "Environments")
    ours = ctx.session.target.environment in there and sides.made_environment(ctx)
    count = len(there) - (1 if ours else 0)
    evidence = _("{count} of {quota} environments in {region} ({source})").format(
        count=count, quota=quota.value, region=ctx.clients.place("target").region, source=quota.source
    )
    if count >= quota.value:
        remedy = _("Have the quota raised in Service Quotas (airflow), or delete an environment.")
        yield Finding(name, quota.verdict, evidence, remedy if quota.applied else _unasked(remedy))
    elif count + 1 >= quota.value:
        yield Finding(name, "warn", evidence, _("The target is the last one that fits; ask for more in time."))
    else:
        yield Finding(name, "pass", evidence)


def target_workers(ctx: Context) -> Findings:
    """The target's workers against the quota of an environment."""
    name, most = label("target", _("quota of workers")), target_values(ctx).get("MaxWorkers")
    quota = _quota(ctx, "worker")
    wanted = most if isinstance(most, int) else _DEFAULT_WORKERS
    evidence = _("at most {wanted} of {quota} workers ({source})").format(
        wanted=wanted, quota=quota.value, source=quota.source
    )
    if wanted > quota.value:
        remedy = _("Lower Max workers on page Settings, or have the quota raised in Service Quotas.")
        yield Finding(name, quota.verdict, evidence, remedy if quota.applied else _unasked(remedy))
    else:
        yield Finding(name, "pass", evidence)


def _unasked(remedy: str) -> str:
    return _("Unless this account's quota has been raised: {remedy}").format(remedy=remedy)


def _documented(word: str) -> int:
    return next(quota.value for quota in versions.quotas() if quota.name == _WORDS[word])


def _quota(ctx: Context, word: str) -> Quota:
    """The applied quota whose name holds `word`; the documented one where Service Quotas cannot be asked."""
    from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

    service, source = versions.load("quotas")["service_code"], _("documented")
    quotas: list[dict[str, Any]] = []
    try:
        quotas = look_all(ctx, "target", "service-quotas", "list_service_quotas", "Quotas", ServiceCode=service)
    except Refused as refusal:
        source = _("documented; {action} is refused").format(action=refusal.action)
    except (EndpointConnectionError, ConnectTimeoutError):
        # A region without Service Quotas, or a VPC without an endpoint for it, in which MWAA's own is there.
        source = _("documented; Service Quotas cannot be reached")
    except Exception as problem:
        if not is_missing(problem) and code_of(problem) != "NoSuchResourceException":
            raise
    for quota in quotas:
        if _is_about(str(quota.get("QuotaName", "")), word) and quota.get("Value"):
            return Quota(int(quota["Value"]), _("Service Quotas"), applied=True)
    return Quota(_documented(word), source)


def _is_about(name: str, word: str) -> bool:
    """Whether a quota's name is about environments, workers, ...: workers are counted "per environment", too."""
    text = name.lower().replace(" ", "")
    if "serverless" in text or word not in text:
        return False
    narrower = [other for other in _WORDS if other not in (word, "environment")]
    return not any(other in text for other in narrower)
