"""Where a word to search for is typed, and what is said of level and search below a log."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .file_view import FileView


class SearchLine(Input):
    """Hidden until `open`; Enter posts `Wanted` with the word, empty to end the search."""

    class Wanted(Message):
        """A word to search for."""

        def __init__(self, word: str) -> None:
            super().__init__()
            self.word = word

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)

    def on_mount(self) -> None:
        self.display = False
        self.placeholder = _("search for … then Enter; esc closes")

    def open(self, word: str) -> None:
        """Show the line with the last word in it."""
        self.value = word
        self.display = True
        self.focus()

    def close(self) -> None:
        """Hide it."""
        self.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.close()
        self.post_message(self.Wanted(self.value.strip()))


def level_word(view: FileView) -> str:
    """`WARN and above`; empty where all lines are shown."""
    if not view.level:
        return ""
    told = _("errors only") if view.level == "ERROR" else _("{level} and above").format(level=view.level)
    if view.window.hungry:
        told += " " + _("({share} looked through)").format(share=f"{view.window.reached:.0%}")
    return told


def search_word(view: FileView) -> str:
    """`“word”: 42 % searched, esc breaks off`, `“word”: F3 next, F6 before`; empty without a search."""
    if not view.word:
        return ""
    word = clean(view.word, limit=30)
    if view.searching is not None:
        return _("“{word}”: {share} searched, esc breaks off").format(word=word, share=f"{view.searching:.0%}")
    if view.missed:
        return _("“{word}”: no further line that way, F3/F6").format(word=word)
    return _("“{word}”: F3 next, F6 before, esc ends").format(word=word)
