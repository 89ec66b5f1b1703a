"""What is shown when a step fails: what, where, AWS's words, what was changed, how to mend it; and the ways on."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit

from .plain import Plain


class Failure(VerticalScroll, can_focus=False):
    """Hidden until `show`; Retry has the focus then."""

    class Retry(Message):
        """Run the failed step again."""

    class Undo(Message):
        """Take everything back."""

    class Quit(Message):
        """Leave; the session is saved."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._error: WizardError | None = None

    def compose(self) -> ComposeResult:
        yield Plain(id="failure-text")
        yield OptionList(
            Option(_("r  Retry"), id="retry"), Option(_("u  Undo …"), id="undo"), Option(_("^q Quit"), id="quit"),
            id="failure-ways", markup=False, compact=True,
        )  # fmt: skip

    def on_mount(self) -> None:
        self.display = False

    def show(self, error: WizardError) -> None:
        """Tell a failure in full."""
        self.display = True
        if error is self._error:
            return
        self._error = error
        said = " · ".join(part for part in (error.code, error.request_id) if part)
        rows = (
            (_("What"), error.what), (_("Where"), error.where), (_("AWS said"), said), (_("Changed"), error.changed),
            (_("Mend"), error.remedy),
        )  # fmt: skip
        lines = []
        for label, text in rows:
            if text:
                first, *more = wrap(clean(text, limit=600), max(40, self.app.size.width - 4), " " * 9, " " * 9)
                lines.append(Content.assemble((fit(label, 9), "bold"), first[9:]))
                lines += [Content(row) for row in more]
        self.query_one("#failure-text", Plain).say(Content("\n").join(lines))
        ways = self.query_one(OptionList)
        ways.highlighted = 0
        self.call_after_refresh(ways.focus)

    def hide(self) -> None:
        """Away with it."""
        self._error = None
        if self.display:
            self.display = False

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message({"retry": self.Retry, "undo": self.Undo, "quit": self.Quit}[event.option_id or "retry"]())
