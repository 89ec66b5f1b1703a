"""What changed in AWS since a session was last open: shown before it goes on, and nothing waits for AWS."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, fit, width

from .widgets.modal import Box
from .widgets.plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.front.drift import Found
    from mwaa_wizard.session.model import Session

    from .app import WizardApp

# Nothing is shown of an answer that comes at once; what is shown stays long enough to be read.
AFTER, AT_LEAST = 0.1, 1.0


class DriftBox(Box[str]):
    """Waits, tells, and closes with Enter or Esc; both go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", N_("go on")),
        Binding("f5", "retry", N_("ask again")),
    ]

    def __init__(self, watch: Watch) -> None:
        super().__init__(_("Since this session was last open"))
        self._watch = watch

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="help-scroll"):
            yield Plain(id="drift-text")

    def on_mount(self) -> None:
        self.query_one("#help-scroll").focus()
        self.show()

    def show(self) -> None:
        """What is known now."""
        for text in self.query("#drift-text").results(Plain):
            text.say(text_of(self._watch.found))
            self.refresh_bindings()

    def action_accept(self) -> None:
        """Go on with the session."""
        self.dismiss("go on")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "retry":
            return bool(self._watch.found and self._watch.found.problems)
        return True

    def action_retry(self) -> None:
        """Ask AWS again, after a login for example."""
        self._watch.ask()
        self.show()


def text_of(found: Found | None) -> Content:
    """The box's words: still asking, what differs, what could not be asked."""
    if found is None:
        return Content(
            _("Asking AWS what became of source and target …") + "\n\n" + _("Enter goes on without waiting.")
        )
    parts: list[Content] = []
    if found.differences:
        count = len(found.differences)
        head = ngettext("{count} thing is not as it was:", "{count} things are not as they were:", count)
        rows = [head.format(count=count), ""]
        sides = {"source": _("source"), "target": _("target")}
        labels = [f"{sides[row.side]} · {clean(row.label)}" for row in found.differences]
        cells = min(34, max(map(width, labels)))
        for label, row in zip(labels, found.differences, strict=True):
            gone = _("not there")
            rows.append(f"{fit(label, cells)}  {clean(row.before) or gone} → {clean(row.now) or gone}")
        parts.append(Content("\n".join(rows)))
        parts.append(Content(_("Your choices are as you left them. Look at the pages that this concerns before you "
                               "start the run; the run checks again.")))  # fmt: skip
    for problem in found.problems:
        lines = [_("AWS could not be asked, so it is not known what changed."), clean(problem.what)]
        said = " · ".join(part for part in (clean(problem.code), clean(problem.request_id)) if part)
        if said:
            lines.append(_("AWS said: {said}").format(said=said))
        if problem.remedy:
            lines.append(clean(problem.remedy))
        parts.append(Content("\n".join(lines)))
    if not parts:
        parts.append(Content(_("Nothing changed.")))
    return Content("\n\n").join(parts)


class Watch:
    """One look at AWS for the session that was opened; the app calls `tick` a few times a second."""

    def __init__(self, app: WizardApp, session: Session, then: Callable[[], None]) -> None:
        self._app, self._session, self._then = app, session, then
        self._answers: deque[Found] = deque()
        self._box: DriftBox | None = None
        self._shown_at = 0.0
        self.found: Found | None = None
        self.done = False
        self.ask()

    def ask(self) -> None:
        """Look again, in a thread."""
        from mwaa_wizard.front import drift

        self.found = None
        self._asked_at = time.monotonic()
        copy, answers = self._session.model_copy(deep=True), self._answers

        def work() -> None:
            try:
                answers.append(drift.look(copy))
            except WizardError as problem:
                answers.append(drift.Found(since=copy.updated_at, problems=[problem]))
            except Exception as problem:  # a defect must not keep the session closed: told, written down
                from .lookup import defect

                answers.append(drift.Found(since=copy.updated_at, problems=[defect(problem)]))

        threading.Thread(target=work, name="drift", daemon=True).start()

    def tick(self) -> None:
        """Show the box where the answer is late or has something to say."""
        now = time.monotonic()
        if self.found is None and self._answers:
            self.found = self._answers.popleft()
            if self._box is not None:
                self._box.show()
        if self._box is None:
            if self.found is None and now - self._asked_at < AFTER:
                return
            if self.found is not None and not (self.found.differences or self.found.problems):
                self._end(None)
                return
            self._box, self._shown_at = DriftBox(self), now
            self._app.push_screen(self._box, self._end)
            return
        nothing = self.found is not None and not (self.found.differences or self.found.problems)
        if nothing and now - self._shown_at >= AT_LEAST and self._app.screen is self._box:
            self._box.dismiss(None)

    def _end(self, _answer: str | None) -> None:
        """Go on: what was shown is what the next opening compares with."""
        if self.done:
            return
        self.done = True
        opened = self._app.opened
        if opened is not None and opened.session is self._session and self.found is not None:
            from mwaa_wizard.front import drift

            drift.remember(self._session, self.found)
            opened.save()
        self._then()
