"""Look-ups of a page: each runs in a thread, ends in a message, and can be asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import retrying
from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from .page import WizardPage


@dataclass
class _Question:
    what: str
    call: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[WizardError], None] | None
    number: int
    quiet: bool


class Lookups:
    """Keeps which questions are open and which failed; a newer question with the same words replaces the older."""

    class Answered(Message):
        """A thread has an answer or an error for question `number`."""

        def __init__(self, number: int, value: object, error: WizardError | None) -> None:
            super().__init__()
            self.number, self.value, self.error = number, value, error

    class Retrying(Message):
        """AWS makes question `number` wait."""

        def __init__(self, number: int, text: str) -> None:
            super().__init__()
            self.number, self.text = number, text

    def __init__(self, page: WizardPage) -> None:
        self._page = page
        self._open: dict[str, _Question] = {}
        self._failed: dict[str, _Question] = {}
        self._count = 0

    @property
    def failed(self) -> bool:
        """Whether something can be asked again."""
        return bool(self._failed)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._open)

    def ask(
        self,
        what: str,
        call: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[WizardError], None] | None,
        *,
        quiet: bool = False,
    ) -> None:
        """Start the thread; plain daemon threads, because quitting must not wait for AWS. `quiet`: `failed` tells a
        failure itself.
        """
        self._count += 1
        question = _Question(what, call, done, failed, self._count, quiet)
        self._open[what] = question
        self._failed.pop(what, None)
        self._page.notice.busy(what)
        self._page.refresh_bindings()

        def work() -> None:
            retrying.listen(lambda text: self._page.post_message(self.Retrying(question.number, text)))
            value: object = None
            error: WizardError | None = None
            try:
                value = call()
            except WizardError as problem:
                error = problem
            except (
                Exception
            ) as problem:  # a defect must not take the wizard down: told, written down, retried
                error = _defect(problem)
            self._page.post_message(self.Answered(question.number, value, error))

        threading.Thread(target=work, name="look-up", daemon=True).start()

    def retry(self) -> None:
        """Ask everything again that failed."""
        for question in list(self._failed.values()):
            self.ask(question.what, question.call, question.done, question.failed, quiet=question.quiet)

    def retrying(self, event: Retrying) -> None:
        """Tell why an answer is still out."""
        if any(question.number == event.number for question in self._open.values()):
            self._page.notice.busy(event.text)

    def answered(self, event: Answered) -> None:
        """Hand an answer to who asked; answers to replaced questions are dropped."""
        question = next((one for one in self._open.values() if one.number == event.number), None)
        if question is None:
            return
        del self._open[question.what]
        if event.error is not None:
            self._failed[question.what] = question
            if question.failed is not None:
                question.failed(event.error)
            if not question.quiet:
                self._page.notice.error(event.error, retry=True)
            elif not self._open and self._page.notice.kind == "busy":
                self._page.notice.hint()
        else:
            if self._open:
                self._page.notice.busy(next(iter(self._open)))
            elif self._page.notice.kind == "busy":
                self._page.notice.hint()
            question.done(event.value)
        self._page.refresh_bindings()


def _defect(problem: Exception) -> WizardError:
    from mwaa_wizard.commands.crash import write_crash_file

    return WizardError(
        what=_("This could not be read ({kind}).").format(kind=type(problem).__name__),
        where=write_crash_file(problem),
        changed=_("Nothing was changed."),
        remedy=_("Details, without secrets, are in the log folder: mwaa-wizard locate"),
    )
