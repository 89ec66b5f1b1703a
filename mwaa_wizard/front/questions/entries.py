"""Entries: what route settings-only moves. Values of connections are in `values`: they are never in the session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _, listed

from .limits import limit

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session



def questions() -> tuple[Question, ...]:
    """In the order the page has them."""
    from mwaa_wizard.session.model import Entries

    letters = str(limit(Entries, "prefix", "pattern"))
    return (
        Question(
            name="entries.variables", page="entries", kind="yes-no", option="--variables", label=_("Variables"),
            help=_("Variables go through the REST API of both sides."),
            read=lambda session: session.entries.variables,
            write=lambda session, answer: setattr(session.entries, "variables", bool(answer)),
        ),
        Question(
            name="entries.pools", page="entries", kind="yes-no", option="--pools", label=_("Pools"),
            help=_("Pools go through the REST API of both sides."),
            read=lambda session: session.entries.pools,
            write=lambda session, answer: setattr(session.entries, "pools", bool(answer)),
        ),
        Question(
            name="entries.connections", page="entries", kind="choice", option="--connections", label=_("Connections"),
            help=_("No API returns passwords of connections: they are written to AWS Secrets Manager, where the "
                   "target's Airflow finds them, or stay behind."),
            read=lambda session: session.entries.connections, write=_write_connections, check=_check_connections,
            choices=lambda _session: [Choice("secrets-manager", _("write them to AWS Secrets Manager")),
                                      Choice("leave", _("leave them all behind"))],
            needed=True,
        ),
        Question(
            name="entries.left", page="entries", kind="lines", option="--leave-connections",
            label=_("Connections that stay behind"), help=_("Ids of connections that are not moved."),
            read=lambda session: list(session.entries.left), write=_write_left,
            asked=lambda session: session.entries.connections != "leave",
        ),
        Question(
            name="entries.prefix", page="entries", kind="text", option="--secret-prefix", label=_("Prefix"),
            help=_("Of the secrets' names, in front of /connections/ID; empty: one of the target's own."),
            read=lambda session: session.entries.prefix, write=_write_prefix, check=_check_prefix,
            asked=lambda session: session.entries.connections != "leave", restrict=letters.strip("^$"),
            longest=limit(Entries, "prefix", "max_length"),
            hint=_("one of the target's own"),
        ),
        Question(
            name="entries.replace", page="entries", kind="yes-no", option="--replace-entries",
            label=_("Replace variables and pools that the target has already"),
            help=_("No: the target's stay as they are. Secrets that are there are never overwritten."),
            read=lambda session: session.entries.conflict == "replace",
            write=lambda session, answer: setattr(session.entries, "conflict", "replace" if answer else "keep"),
        ),
    )  # fmt: skip


def _check_connections(_session: Session, answer: Answer) -> list[str]:
    ways = ("secrets-manager", "leave")
    return [] if answer in ways else [_("Choose one of {names}.").format(names=listed(ways))]


def _write_connections(session: Session, answer: Answer) -> None:
    session.entries.connections = "leave" if answer == "leave" else "secrets-manager"


def _write_left(session: Session, answer: Answer) -> None:
    names = answer if isinstance(answer, list) else []
    session.entries.left = [*dict.fromkeys(name.strip() for name in names if name.strip())]


def _check_prefix(_session: Session, answer: Answer) -> list[str]:
    from mwaa_wizard.session.model import Entries

    if re.fullmatch(str(limit(Entries, "prefix", "pattern")), str(answer or ""), re.ASCII):
        return []
    return [_("A prefix of Secrets Manager takes letters, digits and /_+=.@- only.")]


def _write_prefix(session: Session, answer: Answer) -> None:
    session.entries.prefix = str(answer or "").strip().rstrip("/")
