"""Logs: whether task logs come along, how many days of them, all or failed tries only."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import RadioButton, RadioSet

from mwaa_wizard.front import questions
from mwaa_wizard.front.question import give
from mwaa_wizard.i18n import _

from .page import WizardPage
from .widgets.field import Field, Radios, Tick
from .widgets.marks import Radio
from .widgets.plain import Plain
from .widgets.row import Row


class LogsPage(WizardPage):
    """CloudWatch takes no event older than 14 days, so 13 whole days are the most that can be copied."""

    PAGE = "logs"
    ONWARD = True

    def body(self) -> ComposeResult:
        yield Tick("logs.copy", id="copy")
        yield Plain(classes="gap")
        yield Field("logs.days", id="days", classes="short")
        yield Plain(classes="gap")
        with Row(_("Which"), id="which-row"), Radios("logs.failed_only", id="which"):
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
        self.load_answers()
        self.query_one("#which-failed" if self.session.logs.failed_only else "#which-all", RadioButton).value = True
        self._show()
        self.query_one("#copy").focus()

    def _show(self) -> None:
        asked = {question.name for question in questions.of_page(self.PAGE, self.session)}
        self.query_one("#days-field").disabled = "logs.days" not in asked
        self.query_one("#which-row").disabled = "logs.failed_only" not in asked

    def on_tick_answered(self) -> None:
        self._show()

    def on_radio_set_changed(self, event: RadioSet.Changed) -> None:
        failed, question = event.pressed.id == "which-failed", questions.must("logs.failed_only")
        if failed != question.read(self.session):
            give(self.session, question, failed)
            self.save()
