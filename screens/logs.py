"""Logs: whether task logs come along, how many days of them, all or failed tries only."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Checkbox, Input, RadioButton, RadioSet

from mwaa_wizard.i18n import _

from .page import WizardPage
from .widgets.marks import Check, Radio
from .widgets.plain import Plain

MOST_DAYS = 13


class LogsPage(WizardPage):
    """CloudWatch takes no event older than 14 days, so 13 whole days are the most that can be copied."""

    PAGE = "logs"

    def body(self) -> ComposeResult:
        yield Check(_("copy task logs"), id="copy")
        yield Plain(classes="gap")
        with Horizontal(classes="row", id="days-row"):
            yield Plain(_("Days"), classes="label")
            yield Input(id="days", compact=True, type="integer", max_length=2, classes="short")
            yield Plain(_("1 to {most}").format(most=MOST_DAYS), classes="beside", id="days-note")
        yield Plain(classes="gap")
        with Horizontal(classes="row", id="which-row"):
            yield Plain(_("Which"), classes="label")
            with RadioSet(id="which", compact=True):
                yield Radio(_("every try of every task"), id="which-all")
                yield Radio(_("only tries that failed"), id="which-failed")

    def heading(self) -> tuple[str, str]:
        logs = self.session.logs
        return _("Do the task logs come along?"), (
            _("{days} days").format(days=logs.days) if logs.copy_logs else _("no logs")
        )

    def why(self) -> list[str]:
        return [
            _("Task logs live in CloudWatch Logs. They are read from the source's log group and written to the "
              "target's under the same run and try, with their original times, so that the Airflow UI shows them."),
            _("CloudWatch refuses events older than 14 days (PutLogEvents); older logs stay in the source's group "
              "as long as that exists."),
            _("The copy runs on this computer, with the profiles chosen on Connect."),
        ]  # fmt: skip

    def entered(self) -> None:
        logs = self.session.logs
        self.query_one("#copy", Checkbox).value = logs.copy_logs
        self.query_one("#days", Input).value = str(logs.days)
        self.query_one("#which-failed" if logs.failed_only else "#which-all", RadioButton).value = True
        self._show()
        self.query_one("#copy").focus()

    def _show(self) -> None:
        on = self.session.logs.copy_logs
        for name in ("#days-row", "#which-row"):
            self.query_one(name).disabled = not on

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        if event.value != self.session.logs.copy_logs:
            self.session.logs.copy_logs = event.value
            self._show()
            self.save()

    def on_radio_set_changed(self, event: RadioSet.Changed) -> None:
        failed = event.pressed.id == "which-failed"
        if failed != self.session.logs.failed_only:
            self.session.logs.failed_only = failed
            self.save()

    def on_input_changed(self) -> None:
        self._take()

    def on_input_submitted(self) -> None:
        if not self._take():
            self.focus_next()

    def _take(self) -> str:
        text = self.query_one("#days", Input).value.strip()
        note = self.query_one("#days-note", Plain)
        if not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
            problem = _(
                "Give a whole number from 1 to {most}: CloudWatch takes nothing older than 14 days."
            ).format(most=MOST_DAYS)
            note.say(Content.styled("✘ " + problem, "$text-error"))
            return problem
        note.say(_("1 to {most}").format(most=MOST_DAYS))
        if int(text) != self.session.logs.days:
            self.session.logs.days = int(text)
            self.save()
        return ""

    def reasons(self) -> list[str]:
        problem = self._take() if self.session.logs.copy_logs else ""
        return [problem] if problem else super().reasons()
