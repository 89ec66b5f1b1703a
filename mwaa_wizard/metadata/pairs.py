"""Which Airflow version's history can go into which: a source, a target and, to 3.x, the bridge between them."""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.environments import versions
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.i18n import listed as in_a_row
from mwaa_wizard.metadata import schemas
from mwaa_wizard.text import clean


@dataclass(frozen=True)
class Pair:
    """`enters`: the version whose metadata the import writes; the target itself, or 2.x on the way to 3.x."""

    source: str
    target: str
    enters: str

    @property
    def bridged(self) -> bool:
        """Whether Airflow's own `db migrate` goes on from `enters` to `target`."""
        return self.enters != self.target


def sources() -> list[str]:
    """Versions whose history can be read, oldest first: those before Airflow 3 whose schema is known."""
    return [version for version in schemas.versions() if versions.parse(version) < (3,)]


def targets() -> list[str]:
    """Versions that can be migrated to, oldest first: every known 2.x, and 3.x by way of `bridge()`."""
    listed = {row.version for row in versions.known()} | set(schemas.versions())
    known = set(sources()) | {version for version in listed if versions.parse(version) >= (3,)}
    return sorted((version for version in known if versions.parse(version) >= (2,)), key=versions.parse)


def bridge() -> str:
    """The 2.x whose metadata Airflow 3's `db migrate` takes over (MWAA user guide: upgrading-environment)."""
    return versions.newest_of_2()


def pair(source: str, target: str) -> Pair:
    """The way from `source` to `target`. Raises WizardError (usage) that says what to choose where there is none."""
    if versions.parse(source) >= (3,):
        raise _refused(
            _("Airflow {version} cannot be a source: its tasks do not reach the metadata database.").format(
                version=clean(source, limit=40)
            ),
            _("MWAA upgrades a 3.x environment in place. For the source choose one of {versions}.").format(
                versions=in_a_row(sources())
            ),
        )
    if source not in sources():
        raise _unknown(source, _("source"), sources())
    if target not in targets():
        raise _unknown(target, _("target"), [found for found in targets() if _fits(source, found)])
    if not _fits(source, target):
        raise _refused(
            _("The source ({source}) is newer than the target ({target}), which lacks columns it has.").format(
                source=source, target=target
            ),
            _("For the target choose one of {versions}.").format(
                versions=in_a_row(found for found in targets() if _fits(source, found))
            ),
        )
    return Pair(source, target, bridge() if versions.parse(target) >= (3,) else target)


def _fits(source: str, target: str) -> bool:
    return versions.parse(source) <= versions.parse(target)


def _unknown(version: str, side: str, known: list[str]) -> WizardError:
    return _refused(
        _("The metadata of Airflow {version} is not known.").format(version=clean(version, limit=40)),
        _("For the {side} choose one of {versions}.").format(side=side, versions=in_a_row(known)),
    )


def _refused(what: str, remedy: str) -> WizardError:
    return WizardError(what=what, changed=_("Nothing was changed."), remedy=remedy, exit_code=EXIT_USAGE)
