"""Review: how it ends, and what the session is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _, listed

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

ENDS = ("restore-source", "switch")


def questions() -> tuple[Question, ...]:
    """The last ones."""
    return (
        Question(
            name="review.cut_over", page="review", kind="choice", option="--cut-over", label=_("Cut over"),
            help=_("Which side's DAGs run at the end. “restore-source”: each source DAG gets the paused state it had. "
                   "“switch”: exactly those DAGs that ran on the source are unpaused on the target."),
            read=lambda session: session.cut_over, write=_write_end, check=_check_end,
            choices=lambda _session: [Choice(end, end_word(end)) for end in ENDS],
            # In place nothing is handed over.
            asked=lambda session: session.route != "in-place", needed=True,
        ),
        Question(
            name="review.keep_bundle", page="review", kind="yes-no", option="--keep-bundle",
            label=_("Keep the exported bundle afterwards"),
            help=_("No: the clean-up deletes what was exported, with the bucket that held it."),
            read=lambda session: session.keep_bundle,
            write=lambda session, answer: setattr(session, "keep_bundle", bool(answer)),
            # Only a history leaves a bundle.
            asked=lambda session: session.route in ("new-environment", "bridge"),
        ),
        Question(
            name="review.name", page="review", kind="text", option="--name", label=_("Name of this session"),
            help=_("For the list of sessions; empty: source and target."),
            read=lambda session: session.name, write=_write_name, longest=80,
        ),
    )  # fmt: skip


def end_word(end: str) -> str:
    """A way to end in words."""
    return {
        "restore-source": _("source goes on, target stays paused"),
        "switch": _("switch: the target takes over"),
    }[end]


def _check_end(_session: Session, answer: Answer) -> list[str]:
    return [] if answer in ENDS else [_("Choose one of {names}.").format(names=listed(ENDS))]


def _write_end(session: Session, answer: Answer) -> None:
    session.cut_over = "switch" if answer == "switch" else "restore-source"


def _write_name(session: Session, answer: Answer) -> None:
    session.name = " ".join(str(answer or "").split())
