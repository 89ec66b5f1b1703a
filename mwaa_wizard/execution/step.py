"""A step: read-only check, run, verify, undo. Every step is idempotent: running it twice changes nothing more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from mwaa_wizard.execution.context import Context
from mwaa_wizard.session.model import Session


@dataclass(frozen=True)
class Check:
    """Whether a step's work is already there, and the reason in one line."""

    done: bool
    detail: str = ""


class Step(ABC):
    """One unit of a plan. Subclasses live one a file in `steps/`."""

    id: ClassVar[str]

    @property
    @abstractmethod
    def title(self) -> str:
        """A short name for the step list, already translated."""

    @abstractmethod
    def describe(self, session: Session) -> list[str]:
        """What will be changed and where, one line each: the review page and the dry run print it."""

    @abstractmethod
    def check(self, ctx: Context) -> Check:
        """Is it already done? Reads only."""

    @abstractmethod
    def run(self, ctx: Context) -> None:
        """Do it. Journal each thing made before making the next. Raises WizardError or Cancelled."""

    def verify(self, ctx: Context) -> None:  # noqa: B027 - many steps prove themselves in `check`
        """Prove that it is done; raises WizardError where it is not."""

    def skippable(self, session: Session) -> str:
        """What is missed where the user leaves this step out, in a sentence; empty where it may not be left out."""
        return ""

    def while_away(self, session: Session) -> str:
        """What goes on in the environments while nobody watches this step, in a sentence; empty where nothing does."""
        return ""

    def undo(self, ctx: Context) -> None:  # noqa: B027 - read-only steps have nothing to put back
        """Put back what the journal says this step made or changed."""
