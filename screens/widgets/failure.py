"""What is shown when a step fails: what, where, AWS's words, what was changed, how to mend it; and the ways on."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit

from .plain import Plain
from .ways import Ways


class Failure(Vertical):
    """Hidden until `show`; Retry has the focus then. Posts `Ways.Chosen`: retry, edit, skip, undo, bundle, quit."""

    DEFAULT_CSS = """
    #failure-scroll { height: auto; }
    #failure-ways { width: 1fr; height: auto; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._error: WizardError | None = None
        self._also: list[str] = []
        self._cells = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="failure-scroll", can_focus=False):
            yield Plain(id="failure-text")
        yield Ways(id="failure-ways")

    def on_mount(self) -> None:
        self.display = False

    def show(self, error: WizardError, also: list[str], edit: str, skip: bool) -> None:
        """Tell a failure in full. `also`: other steps that failed; `edit`: the page where it can be mended, by its
        title, empty where there is none; `skip`: whether the step may be left out.
        """
        self.display = True
        ways = [("retry", "r", _("Retry"))]
        if edit:
            ways.append(("edit", "e", _("Edit: {page}").format(page=edit)))
        if skip:
            ways.append(("skip", "x", _("Leave out …")))
        ways += [("undo", "u", _("Undo …")), ("bundle", "o", _("Support bundle …")), ("quit", "^q", _("Quit"))]
        self.query_one(Ways).offer(ways)
        if error is self._error and also == self._also:
            return
        self._error, self._also = error, also
        self._draw()
        self._share()
        self.query_one(VerticalScroll).scroll_home(animate=False)
        self.call_after_refresh(self.query_one(Ways).focus)

    def on_resize(self) -> None:
        if self._error is not None:
            if self.app.size.width != self._cells:
                self._draw()
            self._share()

    def _share(self) -> None:
        """The ways on are always in sight: the text scrolls where there is no room for all of it."""
        whole = self.parent.size.height if isinstance(self.parent, Widget) else 0
        room = whole * 65 // 100 - self.query_one(Ways).rows - 1  # the line above
        self.query_one("#failure-scroll").styles.max_height = max(3, room)

    def _draw(self) -> None:
        error = self._error
        if error is None:
            return
        self._cells = self.app.size.width
        said = " · ".join(part for part in (error.code, _request(error.request_id)) if part)
        who = _("System") if error.of_machine else _("AWS said")
        rows = [
            (_("What"), error.what), (_("Where"), error.where), (who, said), (_("Changed"), error.changed),
            (_("Mend"), error.remedy), *((_("Also"), text) for text in self._also),
        ]  # fmt: skip
        lines = []
        for label, text in rows:
            if text:
                first, *more = wrap(clean(text, limit=600), max(40, self._cells - 4), " " * 9, " " * 9)
                lines.append(Content.assemble((fit(label, 9), "bold"), first[9:]))
                lines += [Content(row) for row in more]
        self.query_one("#failure-text", Plain).say(Content("\n").join(lines))

    def hide(self) -> None:
        """Away with it."""
        self._error = None
        if self.display:
            self.display = False


def _request(request_id: str) -> str:
    return _("request {id}").format(id=request_id) if request_id else ""
