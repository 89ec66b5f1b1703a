"""UpdateEnvironment to another version: which jumps MWAA makes, and which it does not.

Source of the rules: MWAA user guide, upgrading-environment, as `in_place` in `data/versions.json` has them.
"""

from __future__ import annotations

from mwaa_wizard.environments import facts, versions
from mwaa_wizard.environments.routes.model import Reason, Request
from mwaa_wizard.environments.routes.sources import NETWORK, TO_2, TO_3, UPGRADING, VERSIONS
from mwaa_wizard.i18n import _


def stepping_stone() -> str | None:
    """The newest version of the series from which MWAA goes up to the next major one; None where it has none."""
    wanted = facts.load("versions")["in_place"]["up"]["from_series"]
    return next((version for version in versions.creatable() if versions.series(version) == wanted), None)


def jumps(source: str, target: str) -> tuple[list[str], list[Reason]]:
    """The versions an environment goes through, the target last; or every reason why it cannot."""
    against = [*_ends(source, target)]
    if against:
        return [], against
    here, there = versions.parse(source)[0], versions.parse(target)[0]
    rules = facts.load("versions")["in_place"]
    if here == there:
        return [target], []
    if there == rules["up"]["to_major"] and here == there - 1:
        return _up(source, target)
    if here == rules["down"]["from_major"] and there == here - 1:
        return _down(target)
    return [], [
        Reason(
            _("No rule is known for going from Airflow {here} to Airflow {there}.").format(here=here, there=there),
            UPGRADING,
        )
    ]


def _ends(source: str, target: str) -> list[Reason]:
    """What is wrong with the source or the target alone."""
    found = []
    majors = facts.load("versions")["in_place"]["majors"]
    if versions.parse(source) == versions.parse(target):
        found.append(Reason(_("The source runs {version} already.").format(version=target), UPGRADING))
    if versions.parse(source)[0] < min(majors):
        found.append(
            Reason(_("MWAA does not change Airflow 1.10 in place: from 1.x to 2.x takes a new environment."), UPGRADING)
        )
    return found + ended(target)


def ended(version: str) -> list[Reason]:
    """Why MWAA gives nobody this version any more; empty where it does, or where it is not known."""
    row = versions.find(version)
    if row is None or row.creatable:
        return []
    text = _("Support of {version} ended on {date}: AWS neither makes it nor changes to it.")
    if not row.end_of_support:
        text = _("AWS neither makes {version} nor changes to it.")
    return [Reason(text.format(version=version, date=row.end_of_support), VERSIONS)]


def _up(source: str, target: str) -> tuple[list[str], list[Reason]]:
    stone = stepping_stone()
    series = facts.load("versions")["in_place"]["up"]["from_series"]
    if stone is None:
        return [], [
            Reason(_("MWAA has no {series}.x, the only way to Airflow 3.").format(series=series), UPGRADING),
        ]
    return [target] if versions.parse(source) >= versions.parse(stone) else [stone, target], []


def _down(target: str) -> tuple[list[str], list[Reason]]:
    series = facts.load("versions")["in_place"]["down"]["to_series"]
    if versions.series(target) == series:
        return [target], []
    stone = next((version for version in versions.creatable() if versions.series(version) == series), None)
    if stone is None:
        return [], [Reason(_("MWAA has no {series}.x to go down to.").format(series=series), UPGRADING)]
    return [stone, target], []


def notes(source: str, target: str, way: list[str]) -> list[Reason]:
    """What to know of a possible way, and where MWAA's own pages contradict each other."""
    found = [
        Reason(
            _("At each jump the environment is down and running tasks are killed. MWAA takes a snapshot first; "
              "after a failure it goes back to the version before."),
            UPGRADING,
        )
    ]  # fmt: skip
    here, there = versions.parse(source), versions.parse(target)
    if here[0] < there[0]:
        found.append(
            Reason(
                _("MWAA's pages contradict each other: airflow-versions wants a new environment for another major "
                  "version, upgrading-environment describes this way. The latter is newer and is followed here."),
                f"{UPGRADING}; {VERSIONS}",
            )
        )  # fmt: skip
        if versions.series(source) != facts.load("versions")["in_place"]["up"]["from_series"]:
            found.append(
                Reason(
                    _("From {version} MWAA goes to Airflow 3 by way of {stone} only, or through a new "
                      "environment.").format(version=source, stone=way[0]),
                    UPGRADING,
                )
            )  # fmt: skip
    if here[0] > there[0] and len(way) > 1:
        found.append(
            Reason(
                _("MWAA describes each of these jumps, but not their chain; try it on a copy first."),
                UPGRADING,
            )
        )
    row = versions.find(source)
    if row is not None and not row.creatable:
        found.append(
            Reason(
                _("There is no way back to {version}: its support ended on {date}.").format(
                    version=source, date=row.end_of_support
                ),
                VERSIONS,
            )
        )
    return found


def blocked(request: Request) -> list[Reason]:
    """Every reason against changing the source where it is."""
    found = []
    if request.self_managed:
        found.append(
            Reason(_("The source is self-managed: MWAA has no environment to change."), UPGRADING),
        )
    if request.elsewhere:
        found.append(
            Reason(
                _("Account, region, VPC and KMS key of an environment cannot be changed; this takes a new one."),
                UPGRADING,
            )
        )
    return found + jumps(request.source, request.target)[1]


def target_notes(request: Request) -> list[Reason]:
    """What the target's major version asks of DAGs and network, whatever the route."""
    here, there = versions.parse(request.source), versions.parse(request.target)
    found = []
    if here < (2,) <= there:
        found.append(Reason(_("DAGs, plugins and requirements of Airflow 1.10 must be rewritten for 2."), TO_2))
    if here < (3,) <= there:
        found.append(
            Reason(
                _("DAGs must be fit for Airflow 3: SubDAGs, SLAs and access to the metadata database are gone."), TO_3
            )
        )
        found.append(
            Reason(
                _("Tasks of Airflow 3 call the web server: with PUBLIC_ONLY the workers' subnets need a way to the "
                  "internet."),
                NETWORK,
            )
        )  # fmt: skip
    return found
