"""Look-ups of a page: each runs in a thread, ends in a message, and can be asked again.

What is being asked is shown after 0.1 s and stays for 1 s at least: answers that come at once do not flicker.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import retrying
from mwaa_wizard.i18n import _

# Seconds without a word, and seconds that a word is kept.
AFTER, AT_LEAST = 0.1, 1.0

if TYPE_CHECKING:
    from .page import WizardPage
    from .widgets.notice import Said


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
        self._shown_at = 0.0
        self._covered: Said = ("", ())  # what was told before it was told what is being asked

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
        if self._page.notice.kind == "problem":
            self._page.notice.hint()  # what went wrong before is being tried again
        self._page.set_timer(AFTER, lambda: self._late(question))
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
                error = defect(problem)
            self._page.post_message(self.Answered(question.number, value, error))

        threading.Thread(target=work, name="look-up", daemon=True).start()

    def retry(self) -> None:
        """Ask everything again that failed."""
        self._page.notice.hint()  # what was told of it is not to come back
        for question in list(self._failed.values()):
            self.ask(question.what, question.call, question.done, question.failed, quiet=question.quiet)

    def _late(self, question: _Question) -> None:
        """No answer so far: say what is being asked, unless something more important is said."""
        page = self._page
        # "busy": AWS has said already why it makes one wait.
        if page.alive and page.notice.kind not in ("problem", "busy") and self._open.get(question.what) is question:
            self._busy(question.what)

    def _busy(self, text: str) -> None:
        self._shown_at = time.monotonic()
        if self._page.notice.kind != "busy":
            self._covered = self._page.notice.said
        self._page.notice.busy(text)

    def _quiet(self) -> None:
        """Take the word away that something is being asked, when it was there long enough and nothing else is open."""
        if not self._page.alive or self._page.notice.kind != "busy":
            return
        left = AT_LEAST - (time.monotonic() - self._shown_at)
        if left > 0:
            self._page.set_timer(left, self._quiet)
        elif self._open:
            self._busy(next(iter(self._open)))
        else:
            self._page.notice.say_again(self._covered)

    def retrying(self, event: Retrying) -> None:
        """Tell why an answer is still out."""
        if any(question.number == event.number for question in self._open.values()):
            self._busy(event.text)

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
            else:
                self._quiet()
        else:
            self._quiet()
            question.done(event.value)
        self._page.refresh_bindings()


def defect(problem: Exception) -> WizardError:
    """A failure of our own, told as one: the file without secrets that says where."""
    from mwaa_wizard.commands.crash import write_crash_file

    return WizardError(
        what=_("This could not be read ({kind}).").format(kind=type(problem).__name__),
        where=write_crash_file(problem),
        changed=_("Nothing was changed."),
        remedy=_("Details, without secrets, are in the log folder: mwaa-wizard locate"),
    )
