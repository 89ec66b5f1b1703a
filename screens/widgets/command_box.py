"""F4: the command that does what the page does, to copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from mwaa_wizard import paths
from mwaa_wizard.front.words import shown_path
from mwaa_wizard.i18n import N_, _
from screens import clipboard

from .modal import Box
from .plain import Plain


class CommandBox(Box[None]):
    """Copying sends the text to the terminal, which may refuse it: a file has it in any case, and its name is said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", N_("copy")),
        Binding("ctrl+c", "copy", N_("copy"), show=False, priority=True),
        Binding("enter", "close", show=False),
    ]

    def __init__(self, page: str, session_id: str, command: str) -> None:
        super().__init__(_("The same without a screen: {page}").format(page=page))
        self._id, self._command = session_id, command

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="command-scroll"):
            yield Plain(self._command, id="command-text")
        words = _("Session {id} is saved after each change: the command finds it as it is here. Lines that begin with "
                  "# are remarks.")  # fmt: skip
        yield Plain(words.format(id=self._id), id="box-text", classes="quiet")
        yield Plain(id="command-said")

    def on_mount(self) -> None:
        self.add_class("-roomy")
        self.query_one("#command-scroll").focus()

    def _save(self) -> Path:
        path = paths.exports_dir() / f"{self._id}-command.sh"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self._command + "\n")
        return path

    def action_copy(self) -> None:
        """To the terminal's clipboard and to a file."""
        path = self._save()
        also = _("The same text is in {path}.").format(path=shown_path(path))
        self.query_one("#command-said", Plain).say(clipboard.send(self.app, self._command, also))
