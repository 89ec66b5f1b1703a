"""The keys of the run page that are about its log: levels, search, the whole file."""

from __future__ import annotations

from textual.widgets import Input

from .page import WizardPage
from .widgets.log_pane import LogPane
from .widgets.search_line import SearchLine


class LogKeys(WizardPage):
    """A page with a `LogPane` and a `SearchLine` below it; their bindings are the page's own."""

    def show_log(self) -> None:
        """Bring the log and what is said of it up to date."""

    @property
    def pane(self) -> LogPane:
        """The log beside the steps."""
        return self.query_one(LogPane)

    def on_file_view_searched(self) -> None:
        self.show_log()

    def action_viewer(self) -> None:
        """The whole log over the whole screen."""
        from .log_viewer import LogViewer

        if self.pane.path is not None:
            self.wizard.push_screen(LogViewer(self.pane.path, self.pane.level, self.pane.word))

    def action_level(self) -> None:
        """Show the next level's lines only."""
        self.pane.next_level()
        self.show_log()

    def action_search(self) -> None:
        """Ask for a word and go to the next line that has it."""
        self.query_one(SearchLine).open(self.pane.word)

    def on_search_line_wanted(self, event: SearchLine.Wanted) -> None:
        self.pane.focus()
        if event.word:
            self.pane.search(event.word)
        else:
            self.pane.end_search()
        self.refresh_bindings()

    def action_find_next(self) -> None:
        """The next line with the word."""
        self.pane.find()

    def action_find_before(self) -> None:
        """The line with the word in front of this one."""
        self.pane.find(back=True)

    def action_back(self) -> None:
        """A search is ended first."""
        if isinstance(self.focused, Input) and self.focused.id == "run-search":
            self.query_one(SearchLine).close()
            self.pane.focus()
        elif self.pane.word or self.pane.searching is not None:
            self.pane.end_search()
            self.show_log()
            self.refresh_bindings()
        else:
            super().action_back()
