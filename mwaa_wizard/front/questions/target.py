"""Target: the name of the new environment. Its role and its bucket are settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine
from mwaa_wizard.front.question import Answer, Question
from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def questions() -> tuple[Question, ...]:
    """One."""
    return (
        Question(
            name="target.name", page="target", kind="text", option="--target-name", label=_("Name"),
            help=_("Letters, digits, - and _; starts with a letter; at most 80. It cannot be changed later, and has "
                   "to be unique in its account and region."),
            read=lambda session: session.target.environment, write=_write, check=_check, needed=True,
            restrict=r"([A-Za-z][0-9A-Za-z_-]*)?", longest=80,
        ),
    )  # fmt: skip


def same_region(session: Session) -> bool:
    """Whether both sides are in one account and region, where a name is there once only."""
    here, there = session.source.connection, session.target.connection
    return (here.account, here.region) == (there.account, there.region)


def _check(session: Session, answer: Answer) -> list[str]:
    found = engine.name_problems(str(answer))
    if answer and answer == session.source.environment and same_region(session):
        found.append(_("The new environment needs another name than the source: both are in one region."))
    return found


def _write(session: Session, answer: Answer) -> None:
    session.target.environment = str(answer or "")


def suggested_name(source: str) -> str:
    """A name near the source's that differs from it: `analytics-prod` gives `analytics-v2`, `etl-v2` gives `etl-v3`."""
    numbered = re.fullmatch(r"(.*-v)(\d+)", source)
    if numbered:
        return f"{numbered[1]}{int(numbered[2]) + 1}"[-80:]
    return re.sub(r"-(prod|production)$", "", source)[:77] + "-v2"
