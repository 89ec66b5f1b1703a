"""What survives each route, and why."""

from __future__ import annotations

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.routes.model import ASSETS, Asset, Degree, Kind, Request, Survival
from mwaa_wizard.environments.routes.sources import (
    CREATE,
    LOGS,
    MIGRATION,
    REST,
    SCHEMAS,
    SECRETS,
    UPGRADING,
    VERSIONS,
)
from mwaa_wizard.i18n import _, sentences

Verdict = tuple[Degree, str, str]


def survives(kind: Kind, request: Request) -> tuple[Survival, ...]:
    """Every asset in the order of ASSETS."""
    verdicts = {
        "in-place": _in_place,
        "new-environment": _new_environment,
        "bridge": _new_environment,
        "settings-only": _settings_only,
    }[kind](request)
    return tuple(Survival(asset, *verdicts[asset]) for asset in ASSETS)


def _in_place(request: Request) -> dict[Asset, Verdict]:
    same = _("It stays in the same environment.")
    kept: Verdict = ("yes", same, UPGRADING)
    logs: Verdict = ("yes", _("The log groups carry the environment's name, and that stays."), UPGRADING)
    if versions.parse(request.source) < (2, 4):
        logs = (
            "partly",
            _("The groups stay, but streams of {source} have other names than the newer web server looks for; "
              "MWAA does not say whether it finds them.").format(source=request.source),
            VERSIONS,
        )  # fmt: skip
    return {
        "history": _upgraded(request),
        "logs": logs,
        "name": ("yes", same, UPGRADING),
        "url": ("yes", same, UPGRADING),
        "variables": kept, "connections": kept, "pools": kept,
    }  # fmt: skip


def _upgraded(request: Request) -> Verdict:
    here, there = versions.parse(request.source), versions.parse(request.target)
    if there < here:
        return (
            "partly",
            _("MWAA brings the database down with the snapshot; what only the newer version records is lost."),
            UPGRADING,
        )
    if here < (3,) <= there:
        return "yes", _lost_in_3(_("Airflow upgrades its own database.")), f"{UPGRADING}; {SCHEMAS}"
    return "yes", _("Airflow upgrades its own database."), UPGRADING


def _lost_in_3(how: str) -> str:
    return sentences((how, _("Airflow 3 has no tables for SLA misses and task fails; those rows end there.")))


def _new_environment(request: Request) -> dict[Asset, Verdict]:
    how = _("Exported and imported: the tables and days that are chosen.")
    if versions.parse(request.target) >= (3,):
        how = _lost_in_3(how)
    return {
        "history": ("yes", how, MIGRATION),
        "logs": _logs(request),
        **_new_place(request),
        "variables": ("yes", _("Decrypted on the source, sealed to the target's key, encrypted there."), MIGRATION),
        "connections": (
            "yes", _("With their passwords: decrypted on the source, sealed to the target's key."), MIGRATION,
        ),
        "pools": ("yes", _("Exported and imported with the history."), MIGRATION),
    }  # fmt: skip


def _logs(request: Request) -> Verdict:
    if request.self_managed:
        return (
            "no",
            _("Task logs of a self-managed Airflow are not in MWAA's log groups; they stay where they are."),
            MIGRATION,
        )
    return (
        "partly",
        _("CloudWatch takes no events older than 14 days, so at most 13 days are copied. Older ones stay in the "
          "source's groups, or are exported to a bucket."),
        LOGS,
    )  # fmt: skip


def _new_place(request: Request) -> dict[Asset, Verdict]:
    url: Verdict = ("no", _("A new environment has a new address."), CREATE)
    if request.self_managed:
        return {"name": ("no", _("A self-managed Airflow has no environment name to keep."), CREATE), "url": url}
    if request.elsewhere:
        name: Verdict = (
            "partly",
            _("A name is unique per account and region: it is free in another of these, not beside the source."),
            CREATE,
        )
    else:
        name = (
            "no",
            _("A name is unique per account and region; it is free only after the source is deleted."),
            CREATE,
        )
    return {"name": name, "url": url}


def _settings_only(request: Request) -> dict[Asset, Verdict]:
    variables: Verdict = ("yes", _("Read and written through the REST API."), REST)
    pools: Verdict = variables
    if versions.parse(request.source) >= (3,):
        variables = (
            "partly",
            _("The REST API of Airflow 3 masks values whose names look secret: those come through MWAA's command line, "
              "where the web server is reached from here; else they are named."),
            REST,
        )
    connections = _("No API returns passwords: they are entered once, or read from the source's secrets backend, and "
                    "put into Secrets Manager.")  # fmt: skip
    if not request.self_managed and versions.parse(request.source) < (2, 4, 3):
        variables = ("yes", _("Read one by one through MWAA's command line."), REST)
        pools = ("no", _("InvokeRestApi is not there before 2.4.3, and the command line lists no pools."), REST)
        connections = _("Those of the source's secrets backend; before 2.4.3 nothing lists the others.")
    return {
        "history": ("no", _("Nothing of it is moved."), MIGRATION),
        "logs": ("no", _("They stay in the source's log groups.") if not request.self_managed else _logs(request)[1],
                 MIGRATION),
        **_new_place(request),
        "variables": variables,
        "connections": ("partly", connections, SECRETS),
        "pools": pools,
    }  # fmt: skip
