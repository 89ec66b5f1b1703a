"""Summary: the verification table, where the report lies, what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.front import engine, flow
from mwaa_wizard.front.verdict import signed, verdict
from mwaa_wizard.front.words import shown_path, wrap
from mwaa_wizard.i18n import N_, _, listed
from mwaa_wizard.text import clean, fit, width

from .page import WizardPage
from .widgets.plain import Plain


class SummaryPage(WizardPage):
    """Reads the session's files only, so it shows the same without AWS and next year."""

    PAGE = "summary"
    RAIL = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.quit", N_("finish")),
        Binding("x", "remove", N_("clean up")),
        Binding("u", "undo", N_("undo …")),
        Binding("w", "viewer", N_("whole report")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: engine.ReportText | None = None
        self._columns = 0  # that the report was written for

    def body(self) -> ComposeResult:
        with VerticalScroll(id="summary-scroll"):
            yield Plain(id="summary-text")
        yield Plain(id="summary-next")

    def heading(self) -> tuple[str, str]:
        if self._found is None:
            return _("Summary"), ""
        return signed(self._found) + verdict(self.session, self._found), ""

    def why(self) -> list[str]:
        if self.session.route == "in-place":
            return [
                _("Before the change of version and after it the environment was counted through its REST API, with "
                  "all DAGs paused."),
                _("The report files hold the same as this page and more: each jump, what it changed, and AWS's request "
                  "ids."),
            ]  # fmt: skip
        if self.session.route == "settings-only":
            return [
                _("Variables, pools and connections were read back from the target and compared; what could not be "
                  "moved is listed by name."),
            ]  # fmt: skip
        return [
            _("Rows and an order-independent checksum of the key columns were computed inside both environments over "
              "the rows that were chosen."),
            _("The report files hold the same as this page and more: what was rejected and why, what was made, and "
              "AWS's request ids."),
        ]  # fmt: skip

    def entered(self) -> None:
        self.query_one("#summary-scroll").focus()
        self._read()

    def _read(self) -> None:
        session, columns = self.session.model_copy(deep=True), max(56, min(100, self.size.width - 4))
        self._columns = columns
        self.look_up(_("Reading the report …"), lambda: engine.report(session, columns), self._fill)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self._found is None:
            return
        # The report itself is no wider than 100 cells; what comes next is as wide as the page.
        self.query_one("#summary-next", Plain).say(Content("\n".join(self._next(self._found))))
        if self._columns != max(56, min(100, event.size.width - 4)):
            self._read()

    def _fill(self, found: engine.ReportText) -> None:
        self._found = found
        text = "\n".join(clean(line) for line in found.text.rstrip().split("\n"))
        self.query_one("#summary-text", Plain).say(text)
        self.query_one("#summary-next", Plain).say(Content("\n".join(self._next(found))))
        self.call_after_refresh(self._show_heading)
        if "summary" not in self.session.page.done:
            self.session.page.done = [*self.session.page.done, "summary"]
        self.save()

    def action_remove(self) -> None:
        """To the page that says what of the migration is still there."""
        self.wizard.go_to("cleanup")

    def _report_file(self) -> str:
        """The report as a person reads it; empty where it was not written."""
        files = self._found.files if self._found else ()
        return next((path for path in files if path.endswith(".md")), "")

    def action_viewer(self) -> None:
        """The report's file over the whole screen, to search in."""
        from .log_viewer import LogViewer

        self.wizard.push_screen(LogViewer(Path(self._report_file())))

    def action_undo(self) -> None:
        """To the run, which asks before it takes everything back."""
        self.wizard.go_to("run")

        def ask() -> None:
            undo = getattr(self.wizard.screen, "action_undo", None)
            if undo is not None and self.wizard.screen is not self:
                undo()

        self.wizard.call_after_refresh(ask)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "viewer" and not self._report_file():
            return False
        if action == "remove" and not self.has_class("-too-small"):
            return self._found is not None and not flow.left_out("cleanup", self.session)
        if action == "undo" and not self.has_class("-too-small"):
            return self._found is not None and bool(self.session.last_result.state)
        return super().check_action(action, parameters)

    def _ways(self) -> list[str]:
        """What may come next, with the keys that do it."""
        if not self.session.last_result.state or flow.left_out("cutover", self.session):
            return []
        if self.session.cut_over == "switch":
            said = _("The run has switched over: the DAGs that were unpaused in {source} run in {target} now.")
            source, target = clean(self.session.source.environment), clean(self.session.target.environment)
            return [
                said.format(source=source, target=target),
                _("x shows what of the migration is still there"),
            ]
        return [_("n hands DAGs over to the target in batches · x shows what of the migration is still there")]

    def _next(self, found: engine.ReportText) -> list[str]:
        cells, labels = max(20, self.size.width - 4), (_("Next"), _("Report"), _("Undo"))
        room = max(8, *(width(label) + 1 for label in labels))
        following, report, undo = (fit(label, room) for label in labels)
        indent, rows = " " * room, list[str]()
        for line in found.next:
            rows += wrap(clean(line), cells, indent, indent if rows else following)
        for line in self._ways():
            rows += wrap(line, cells, indent, indent if rows else following)
        if found.files:
            # One folder, several forms of the same report.
            others = listed("." + path.rpartition(".")[2] for path in found.files[1:])
            path = shown_path(found.files[0]) + (_(" (also {others})").format(others=others) if others else "")
            rows += wrap(path, cells, indent, report)
        command = f"mwaa-wizard undo {self.session.id}"
        return rows if any(command in line for line in found.next) else [*rows, undo + command]
