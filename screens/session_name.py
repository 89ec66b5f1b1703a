"""The name of a saved session, asked in a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .widgets.line import Line
from .widgets.modal import Box
from .widgets.plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

_LONGEST = 80


class NameBox(Box[str]):
    """Enter keeps the name, an empty one goes back to source → target; Esc leaves it as it was."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("keep it")}

    def __init__(self, session: Session) -> None:
        super().__init__(_("Name of this session"))
        self._given, self._plain = session.name, clean(session.model_copy(update={"name": ""}).title())

    def inside(self) -> ComposeResult:
        yield Line(self._given, id="session-name", placeholder=self._plain, longest=_LONGEST)
        yield Plain(_("Empty: {title}").format(title=self._plain), id="box-text", classes="quiet")

    def on_mount(self) -> None:
        self.query_one(Line).focus()

    def on_line_restricted(self, event: Line.Restricted) -> None:
        """A paste that is too long would otherwise do nothing at all."""
        event.stop()
        self.query_one("#box-text", Plain).say(_("A name has at most {count} characters.").format(count=_LONGEST))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
