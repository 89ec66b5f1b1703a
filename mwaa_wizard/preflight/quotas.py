"""Room for one more environment and for its workers.

Sources: MWAA user guide mwaa-quotas (10 environments a region, 25 workers an environment, both adjustable); Service
Quotas API reference, ListServiceQuotas. The applied values are asked; where there is no answer the documented hold.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.environments import versions
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.preflight.finding import Finding, Findings, Refused, label, look_all, target_values

# Words in the names of Service Quotas (spaces left out) -> the name in our table of the documented values.
_WORDS = {"environment": "environments", "worker": "workers", "webserver": "webservers", "scheduler": "schedulers"}
_DEFAULT_WORKERS = 10  # MaxWorkers left out: CreateEnvironment takes 10, on mw1.micro 1


def target(ctx: Context) -> Findings:
    """Environments in the target's region against the quota."""
    name = label("target", _("quota of environments"))
    quota, source = _quota(ctx, "environment")
    there = look_all(ctx, "target", "mwaa", "list_environments", "Environments")
    ours = ctx.session.target.environment in there and sides.made_environment(ctx)
    count = len(there) - (1 if ours else 0)
    evidence = _("{count} of {quota} environments in {region} ({source})").format(
        count=count, quota=quota, region=ctx.clients.place("target").region, source=source
    )
    if count >= quota:
        yield Finding(name, "fail", evidence,
                      _("Have the quota raised in Service Quotas (airflow), or delete an environment."))  # fmt: skip
    elif count + 1 >= quota:
        yield Finding(name, "warn", evidence, _("The target is the last one that fits; ask for more in time."))
    else:
        yield Finding(name, "pass", evidence)


def target_workers(ctx: Context) -> Findings:
    """The target's workers against the quota of an environment."""
    name, most = label("target", _("quota of workers")), target_values(ctx).get("MaxWorkers")
    quota, source = _quota(ctx, "worker")
    wanted = most if isinstance(most, int) else _DEFAULT_WORKERS
    evidence = _("at most {wanted} of {quota} workers ({source})").format(wanted=wanted, quota=quota, source=source)
    if wanted > quota:
        yield Finding(name, "fail", evidence,
                      _("Lower Max workers on page Settings, or have the quota raised in Service Quotas."))  # fmt: skip
    else:
        yield Finding(name, "pass", evidence)


def _documented(word: str) -> int:
    return next(quota.value for quota in versions.quotas() if quota.name == _WORDS[word])


def _quota(ctx: Context, word: str) -> tuple[int, str]:
    """The applied quota whose name holds `word`, and where the number comes from."""
    service, source = versions.load("quotas")["service_code"], _("documented")
    quotas: list[dict[str, Any]] = []
    try:
        quotas = look_all(ctx, "target", "service-quotas", "list_service_quotas", "Quotas", ServiceCode=service)
    except Refused as refusal:
        source = _("documented; {action} is refused").format(action=refusal.action)
    except Exception as problem:
        if not is_missing(problem) and code_of(problem) != "NoSuchResourceException":
            raise
    for quota in quotas:
        if _is_about(str(quota.get("QuotaName", "")), word) and quota.get("Value"):
            return int(quota["Value"]), _("Service Quotas")
    return _documented(word), source


def _is_about(name: str, word: str) -> bool:
    """Whether a quota's name is about environments, workers, ...: workers are counted "per environment", too."""
    text = name.lower().replace(" ", "")
    if "serverless" in text or word not in text:
        return False
    narrower = [other for other in _WORDS if other not in (word, "environment")]
    return not any(other in text for other in narrower)
