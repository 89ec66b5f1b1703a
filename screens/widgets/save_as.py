"""Asks for a file's place; a file that is there with another text is not replaced before that is said."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from mwaa_wizard.front.policy_files import there
from mwaa_wizard.front.words import shown_path
from mwaa_wizard.i18n import N_, _

from .modal import Box
from .plain import Plain


class SaveAs(Box[str]):
    """Dismisses with a path, or with nothing."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("save")}

    def __init__(self, title: str, start: str, text: str) -> None:
        super().__init__(title)
        self._start, self._text, self._warned = start, text, ""

    def inside(self) -> ComposeResult:
        yield Input(self._start, id="save-place")
        yield Plain(id="edit-problem")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self) -> None:
        self._warned = ""
        self.query_one("#edit-problem", Plain).say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        place = event.value.strip()
        problem = self._problem(place)
        self.query_one("#edit-problem", Plain).say(problem)
        if not problem:
            self.dismiss(place)

    def _problem(self, place: str) -> str:
        if not place:
            return _("Name a file.")
        path = Path(place).expanduser()
        if path.is_dir():
            return _("That is a folder: name a file in it.")
        if not path.parent.is_dir():
            return _("There is no folder {path}.").format(path=shown_path(path.parent))
        found = there(path)
        if found is None or found == self._text or self._warned == place:
            return ""
        self._warned = place
        return _("{path} is there with another text. Enter again replaces it.").format(path=shown_path(path))
