"""What the report says of variables, pools and connections that were moved one by one (route settings-only)."""

from __future__ import annotations

from mwaa_wizard.entries import result
from mwaa_wizard.entries.result import EntriesResult, Kind
from mwaa_wizard.i18n import _, strung
from mwaa_wizard.report.model import EntryLine, State
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


def load(session: Session) -> EntriesResult | None:
    """What is known of them; None on the other routes."""
    return result.load(session.id) if session.route == "settings-only" else None


def state(found: EntriesResult) -> State:
    """How the verification went."""
    if found.same is None:
        return "not-verified"
    return "verified" if found.same else "differs"


def word(kind: str) -> str:
    """A kind as a user reads it."""
    words = {
        "variable": _("variables"),
        "slot_pool": _("pools"),
        "connection": _("connections"),
        "secret-variable": _("variables in the secrets backend"),
    }
    return words.get(kind, kind)


def lines(found: EntriesResult | None) -> list[EntryLine]:
    """One line a kind, names cleaned; in the order they are moved."""
    kinds: tuple[Kind, ...] = ("variable", "slot_pool", "connection", "secret-variable")
    made = []
    for name in kinds:
        kind = found.kinds.get(name) if found else None
        if kind is None or (name == "secret-variable" and not kind.found):
            continue
        made.append(
            EntryLine(
                name=name, found=kind.found, written=len(kind.written), kept=len(kind.kept), unread=kind.unread,
                unlisted=kind.unlisted, anew=kind.anew,
                not_moved=_cleaned(kind.not_moved), doubtful=_cleaned(kind.doubtful), differs=_cleaned(kind.differs),
            )
        )  # fmt: skip
    return made


def dags(found: EntriesResult | None) -> tuple[int, dict[str, str]]:
    """How many DAGs were looked for in the target, and those that are not there."""
    if found is None:
        return 0, {}
    return found.dags, {clean(name, limit=250): _("not in the target") for name in found.dags_missing}


def cells(line: EntryLine) -> tuple[str, str, str, str, str]:
    """The line as a row of the report's table."""
    notes = []
    if line.kept:
        notes.append(_("{n} were there").format(n=f"{line.kept:,}"))
    if line.not_moved or line.unread:
        notes.append(_("{n} not moved").format(n=f"{len(line.not_moved) + line.unread:,}"))
    if line.anew:
        notes.append(_("{n} as the same JSON, in Airflow 3's own spacing").format(n=f"{line.anew:,}"))
    here = f"{line.written + line.kept:,}"
    return word(line.name), f"{line.found:,}", here, "✘" if line.differs else "✔", strung(notes)


def sections(found: list[EntryLine]) -> list[tuple[str, list[str]]]:
    """Names with their reasons, to stand below the table."""
    unread = _("{kind}: {n} larger than MWAA's REST API passes on, so not even named")
    unlisted = _("{kind}: nothing lists them on an Airflow before 2.4.3; make them by hand")
    return [
        (_("Different in the target"), _told(found, "differs")),
        (_("Not moved"), _told(found, "not_moved") + [
            unread.format(kind=word(line.name), n=line.unread) for line in found if line.unread
        ] + [unlisted.format(kind=word(line.name)) for line in found if line.unlisted]),
        (_("Moved, but look at them"), _told(found, "doubtful")),
    ]  # fmt: skip


def _told(found: list[EntryLine], member: str) -> list[str]:
    told = []
    for line in found:
        by_reason: dict[str, list[str]] = {}
        for name, why in getattr(line, member).items():
            by_reason.setdefault(why, []).append(name)
        told += [f"{word(line.name)}: {', '.join(names)}: {why}" for why, names in by_reason.items()]
    return told


def _cleaned(names: dict[str, str]) -> dict[str, str]:
    return {clean(name, limit=250): clean(why, limit=300) for name, why in sorted(names.items())}
