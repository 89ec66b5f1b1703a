"""Routes that make a new environment: with the history, with the history on the way to Airflow 3, or without it."""

from __future__ import annotations

from mwaa_wizard.environments import facts, versions
from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.environments.routes.model import Reason, Request
from mwaa_wizard.environments.routes.sources import MIGRATION, REST, SCHEMAS, UPGRADING, VERSIONS
from mwaa_wizard.i18n import _


def _major(version: str) -> int:
    return versions.parse(version)[0]


def oldest_history() -> str:
    """The oldest version whose history can be read."""
    from mwaa_wizard.metadata import pairs

    return pairs.sources()[0]


def _unreadable(source: str, enters: str) -> list[Reason]:
    """Why the history of `source` cannot be taken into `enters`, which is Airflow 2."""
    if _major(source) >= 3:
        return [
            Reason(
                _("Tasks of Airflow 3 cannot reach the metadata database: nothing exports {source}'s history.").format(
                    source=source), VERSIONS,
            )
        ]  # fmt: skip
    if versions.parse(source) < versions.parse(oldest_history()):
        return [
            Reason(
                _("{source} is older than {oldest}, the oldest whose history can be read.").format(
                    source=source, oldest=oldest_history()
                ),
                SCHEMAS,
            )
        ]
    if versions.parse(source) > versions.parse(enters):
        return [
            Reason(
                _("{source} is newer than {enters}, whose tables lack columns that the source has.").format(
                    source=source, enters=enters
                ),
                SCHEMAS,
            )
        ]
    return []


def blocked_new_environment(request: Request) -> list[Reason]:
    """Every reason against exporting the history and importing it into a new environment with the target's version."""
    found = in_place.ended(request.target)
    if _major(request.target) >= 3:
        found.append(
            Reason(
                _("History cannot be imported into {target}: tasks of Airflow 3 cannot reach the metadata database. "
                  "Route bridge goes by way of {stone}.").format(
                    target=request.target, stone=in_place.stepping_stone() or "2.11.x"),
                VERSIONS,
            )
        )  # fmt: skip
        return found + (_unreadable(request.source, request.target) if _major(request.source) >= 3 else [])
    return found + _unreadable(request.source, request.target)


def blocked_bridge(request: Request) -> list[Reason]:
    """Every reason against importing into the newest 2.11.x and changing that one to Airflow 3 in place."""
    found = in_place.ended(request.target)
    stone = in_place.stepping_stone()
    if _major(request.target) < 3:
        found.append(
            Reason(
                _("Not needed: a bridge leads to Airflow 3, and {target} takes history directly.").format(
                    target=request.target
                ),
                MIGRATION,
            )
        )
        return found
    if stone is None:
        return [*found, *in_place.jumps("2.10.3", request.target)[1]]
    return found + _unreadable(request.source, stone)


def blocked_settings_only(request: Request) -> list[Reason]:
    """Every reason against moving variables, pools and connections only."""
    found = in_place.ended(request.target)
    if _major(request.source) < 2:
        found.append(
            Reason(
                _("Airflow 1.10 has no REST API that lists variables and pools; it came with 2.0. The routes that "
                  "take history along move them too."),
                REST,
            )
        )  # fmt: skip
    return found


def notes_new_environment(request: Request) -> list[Reason]:
    """What to know of the history's way, for new-environment and bridge."""
    found = [
        Reason(_("All DAGs are paused on both sides while the history is exported and imported."), MIGRATION),
    ]
    row = versions.find(request.source)
    if row is not None and not row.creatable:
        found.append(
            Reason(
                _("Nobody can make {source} again: keep the old environment until the new one is trusted.").format(
                    source=request.source
                ),
                VERSIONS,
            )
        )
    return found


def notes_bridge(request: Request) -> list[Reason]:
    """The same, and that history enters Airflow 3 by its own upgrade only."""
    stone = in_place.stepping_stone() or ""
    return [
        *notes_new_environment(request),
        Reason(
            _("The new environment begins with {stone}, the newest 2.11.x: only that goes up to Airflow 3.").format(
                stone=stone
            ),
            UPGRADING,
        ),
        *in_place.notes(stone, request.target, [request.target]),
    ]  # fmt: skip


def notes_settings_only(request: Request) -> list[Reason]:
    """How the settings are read, and what is in doubt about it."""
    rest = facts.load("versions")["rest"]
    found = [Reason(_("DAG files come along with the bucket; runs and their state do not."), MIGRATION)]
    if not request.self_managed and versions.parse(request.source) < versions.parse(rest["invoke_rest_api_from"]):
        found.append(
            Reason(
                _("InvokeRestApi needs {least}. Below that variables come one by one through MWAA's command line; it "
                  "lists neither pools nor connections: those are made by hand.").format(
                    least=rest["invoke_rest_api_from"]),
                REST,
            )
        )  # fmt: skip
    return found
