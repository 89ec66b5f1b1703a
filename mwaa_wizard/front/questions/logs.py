"""Logs: whether task logs come along, how many days of them, all or failed tries only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front.question import Answer, Question
from mwaa_wizard.i18n import _

from .limits import limit

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session



def questions() -> tuple[Question, ...]:
    """The other two only where logs are copied at all."""
    return (
        Question(
            name="logs.copy", page="logs", kind="yes-no", option="--logs", label=_("Copy task logs"),
            help=_("From the source's CloudWatch log group into the target's, with their original times."),
            read=lambda session: session.logs.copy_logs, write=_write_copy,
        ),
        Question(
            name="logs.days", page="logs", kind="number", option="--log-days", label=_("Days"),
            help=_("CloudWatch takes nothing older than 14 days, so 13 whole days are the most."),
            read=lambda session: session.logs.days, write=_write_days, check=_check_days, asked=_copied,
            needed=True, restrict=r"[0-9]*", longest=2,
        ),
        Question(
            name="logs.failed_only", page="logs", kind="yes-no", option="--logs-failed-only",
            label=_("Only tries that failed"), help=_("No: the logs of every try of every task."),
            read=lambda session: session.logs.failed_only, write=_write_failed, asked=_copied,
        ),
    )  # fmt: skip


def _copied(session: Session) -> bool:
    return session.logs.copy_logs


def _write_copy(session: Session, answer: Answer) -> None:
    session.logs.copy_logs = bool(answer)


def _check_days(_session: Session, answer: Answer) -> list[str]:
    from mwaa_wizard.session.model import Logs

    least, most = limit(Logs, "days", "ge"), limit(Logs, "days", "le")
    if isinstance(answer, int) and not isinstance(answer, bool) and least <= answer <= most:
        return []
    return [_("Give a whole number from 1 to {most}: CloudWatch takes nothing older than 14 days.").format(most=most)]


def _write_days(session: Session, answer: Answer) -> None:
    session.logs.days = answer  # type: ignore[assignment]


def _write_failed(session: Session, answer: Answer) -> None:
    session.logs.failed_only = bool(answer)
