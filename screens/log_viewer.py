"""A whole log or report over the whole screen, however long it is: jump, search, filter, pan, follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from mwaa_wizard.front.log_file import LevelName
from mwaa_wizard.front.log_index import LineIndex
from mwaa_wizard.front.words import shorten_middle, shown_path
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean, fit, human_bytes, width

from . import clipboard
from .widgets.file_view import FileView
from .widgets.identity import Identity
from .widgets.keys import Keys
from .widgets.plain import Plain
from .widgets.search_line import SearchLine, level_word, search_word
from .widgets.too_small import cover

if TYPE_CHECKING:
    from .app import WizardApp


class LogViewer(Screen[None]):
    """Reads only what is shown; lines are counted beside it, so that numbers come a moment after the text."""

    DEFAULT_CSS = """
    #viewer-head { height: 1; width: 1fr; padding: 0 1; background: $panel; text-wrap: nowrap; }
    #viewer-file { padding: 0 1; }
    #viewer-state { height: 1; width: 1fr; padding: 0 1; color: $text-muted; text-wrap: nowrap; }
    """

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"left": N_("long lines")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", N_("close")),
        Binding("slash", "search", N_("search")),
        Binding("f3", "find_next", N_("next match")),
        Binding("f6", "find_before", N_("match before")),
        Binding("l", "level", N_("level")),
        Binding("g", "goto", N_("go to line")),
        Binding("home", "first", N_("beginning")),
        Binding("end", "follow", N_("follow"), priority=True),
        Binding("y", "copy", N_("copy page")),
    ]
    AUTO_FOCUS = "#viewer-file"

    def __init__(self, path: Path, level: LevelName = "", word: str = "") -> None:
        super().__init__()
        # A log is read from its end, what does not grow from its beginning.
        self._from_end = path.suffix == ".log"
        self._path = path
        self._level: LevelName = level
        self._word = word
        self._index = LineIndex(path)
        self._told = ""

    def compose(self) -> ComposeResult:
        yield Identity()
        yield Plain(id="viewer-head")
        yield FileView(id="viewer-file")
        yield SearchLine(id="viewer-search")
        yield Input(id="viewer-goto", compact=True)
        yield Plain(id="viewer-state")
        yield Keys()

    def on_mount(self) -> None:
        field = self.query_one("#viewer-goto", Input)
        field.display = False
        field.placeholder = _("a line number, or 50% of the file")
        self.view.window.level = self._level
        self.view.word = self._word
        opened = cast("WizardApp", self.app).opened
        self.query_one(Identity).show(opened.session if opened is not None else None)
        self._index.start()
        self.set_interval(0.1, self._tick)
        self.call_after_refresh(self._tick)

    def on_unmount(self) -> None:
        self._index.stop()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(cover(self, event.size.width, event.size.height), "-too-small")
        self.call_after_refresh(self._tick)

    @property
    def view(self) -> FileView:
        """The text."""
        return self.query_one(FileView)

    # What is said above and below

    def _tick(self) -> None:
        if not self.is_attached or self.has_class("-too-small"):
            return
        fresh = self.view.path is None
        self.view.show(self._path)
        if fresh and self.view.path is not None and not self._from_end:
            self.view.goto(0)
        if self.view.file.size - self._index.counted >= 2 << 20:
            self._index.start()  # the file has grown
        self._say()

    def on_file_view_moved(self) -> None:
        self._told = ""
        if self.is_attached:
            self._say()

    def _say(self) -> None:
        view, cells = self.view, self.size.width - 2
        file, top = view.file, view.window.top
        size = human_bytes(file.size)
        total = self._index.total(file)
        if total is None:
            counting = _("{size}, counting lines {share}").format(
                size=size, share=f"{self._index.counted / max(1, file.size):.0%}"
            )
        else:
            counting = _("{lines} lines, {size}").format(lines=f"{total:,}", size=size)
        name = shorten_middle(shown_path(str(self._path)), max(10, cells - width(counting) - 2))
        self.query_one("#viewer-head", Plain).say(fit(clean(name), max(0, cells - width(counting))) + counting)
        line = self._index.line_of(top, file)
        share = 1.0 if view.following else top / max(1, file.size)
        place = (_("line {number}").format(number=f"{line:,}") + " · " if line is not None else "") + f"{share:.0%}"
        follows = _("following ▾") if view.following else ""
        if view.behind:
            follows = _("{count} new lines · End follows").format(count=f"{view.behind:,}")
        parts = [self._told] if self._told else [place, follows, level_word(view), search_word(view)]
        self.query_one("#viewer-state", Plain).say(" · ".join(part for part in parts if part))
        self.refresh_bindings()

    # Keys

    def action_close(self) -> None:
        """One thing a time: the field, the search, then the viewer."""
        self._told = ""
        for field in (self.query_one(SearchLine), self.query_one("#viewer-goto", Input)):
            if field.display:
                field.display = False
                self.view.focus()
                return
        if self.view.word:
            self.view.end_search()
            self._say()
            return
        self.dismiss(None)

    def action_search(self) -> None:
        """Ask for a word."""
        self._told = ""
        self.query_one(SearchLine).open(self.view.word)

    def on_search_line_wanted(self, event: SearchLine.Wanted) -> None:
        self.view.focus()
        if event.word:
            self.view.search(event.word)
        else:
            self.view.end_search()

    def on_file_view_searched(self) -> None:
        self._say()

    def action_find_next(self) -> None:
        """The next line with the word."""
        self._told = ""
        self.view.find()

    def action_find_before(self) -> None:
        """The line with the word in front of this one."""
        self._told = ""
        self.view.find(back=True)

    def action_level(self) -> None:
        """Show the next level's lines only."""
        self.view.next_level()

    def action_first(self) -> None:
        """To the beginning."""
        self.view.goto(0)

    def action_follow(self) -> None:
        """To the end, and follow it."""
        self.view.follow()

    def action_goto(self) -> None:
        """Ask for a line or a share of the file."""
        self._told = ""
        field = self.query_one("#viewer-goto", Input)
        field.value, field.display = "", True
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "viewer-goto":
            return
        text = event.value.strip().replace(",", "")
        event.input.display = False
        self.view.focus()
        if text.endswith("%") and text[:-1].replace(".", "", 1).isdigit():
            share = min(100.0, float(text[:-1])) / 100
            self.view.goto(int(self.view.file.size * share))
        elif text.isdigit():
            offset = self._index.offset_of(int(text), self.view.file)
            if offset is None:
                self._told = _("lines are still counted up to there; try again in a moment, or give a share like 50%")
            else:
                self.view.goto(offset)
        elif text:
            self._told = _("give a whole number, or a share like 50%")
        self._say()

    def action_copy(self) -> None:
        """What is on the screen to the clipboard, as far as the terminal takes it."""
        self._told = clipboard.send(self.app, self.view.page_text())
        self._say()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("find_next", "find_before"):
            return bool(self.is_attached and self.view.word)
        return True
