"""The box in which one setting is edited: help, choices, and what is wrong beside the field."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.question import Choice, give, parse, shown
from mwaa_wizard.front.questions.settings import of_row
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .filter import Filtering
from .line import Line
from .modal import Box
from .plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.session.model import Session


class EditSetting(Filtering, Box[bool]):
    """Dismisses with True once the session holds the new value. What is typed and not accepted stays in `drafts`."""

    LIST = "#edit-choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choices", N_("choices"), priority=True),
        Binding("f5", "retry", N_("ask again")),
        Binding("slash", "filter", N_("filter"), key_display="/"),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("accept")}

    class Choices(Message):
        """AWS answered what can be chosen, or why not."""

        def __init__(self, choices: Sequence[Choice], problem: str) -> None:
            super().__init__()
            self.choices, self.problem = choices, problem

    class Judged(Message):
        """The session took the value, or says why not."""

        def __init__(self, problems: list[str]) -> None:
            super().__init__()
            self.problems = problems

    def __init__(self, session: Session, row: SettingRow, drafts: dict[str, str]) -> None:
        super().__init__(_("Edit: {label}").format(label=clean(row.label)))
        self._session, self._row, self._drafts = session, row, drafts
        self.asked = of_row(session, row)
        self._choices: Sequence[Choice] = ()
        self._listed: list[Choice] = []
        self._refused = False

    def inside(self) -> ComposeResult:
        row, question = self._row, self.asked
        yield Plain(question.help, id="box-help", classes="quiet")
        yield Plain(_("Source: {value}").format(value=clean(row.source) or _("(nothing)")), classes="quiet")
        yield Plain(classes="gap")
        text = shown(question, self._session)
        yield Line(
            clean(self._drafts.get(question.name, text)), id="edit-value", password=question.secret,
            restrict=question.restrict, longest=question.longest, several=question.kind == "lines",
        )  # fmt: skip
        yield Plain(id="edit-problem")
        yield OptionList(id="edit-choices", compact=True)

    def on_mount(self) -> None:
        self._say(self._row.problems)
        self.query_one(Line).focus()
        self._ask_choices()

    # Choices

    def _ask_choices(self) -> None:
        choices, session = self.asked.choices, self._session.model_copy(deep=True)
        if choices is None:
            return
        if not self.asked.slow:
            self._choices = choices(session)
            self._show_choices()
            return
        options = self.query_one("#edit-choices", OptionList)
        options.display = options.loading = True

        def work() -> None:
            try:
                self.post_message(self.Choices(choices(session), ""))
            except WizardError as problem:
                self.post_message(self.Choices((), problem.what))

        threading.Thread(target=work, name="choices", daemon=True).start()

    def on_edit_setting_choices(self, event: Choices) -> None:
        self.query_one("#edit-choices", OptionList).loading = False
        self._choices, self._refused = event.choices, bool(event.problem)
        self._show_choices()
        told = _("AWS could not be asked for choices: {why} F5 asks again.").format(why=clean(event.problem))
        self.query_one("#box-help", Plain).say(told if event.problem else self.asked.help)
        self.refresh_bindings()

    def _show_choices(self) -> None:
        options = self.query_one("#edit-choices", OptionList)
        self._listed = [one for one in self._choices if self.holds(one.value, one.words)]
        options.clear_options()
        options.add_options(
            Option(Content(clean(one.words or one.value)), id=str(number)) for number, one in enumerate(self._listed)
        )
        options.display = bool(self._choices)

    def filtered(self) -> None:
        self._show_choices()

    def action_choices(self) -> None:
        """From the field into the list."""
        if self._listed:
            choices = self.query_one("#edit-choices", OptionList)
            choices.highlighted = 0
            choices.focus()

    def action_retry(self) -> None:
        """Ask AWS for the choices again."""
        self._refused = False
        self._ask_choices()

    def action_close(self) -> None:
        """Out of the filter first, then out of the box."""
        if not self.close_filter():
            super().action_close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "retry":
            return self._refused
        if action == "choices":
            # In the list itself the key goes down a line.
            return bool(self._listed) and isinstance(self.focused, Line)
        if action == "filter":
            return bool(self._choices) and self.is_mounted and self.query_one("#edit-choices").has_focus
        return super().check_action(action, parameters)

    def on_descendant_focus(self) -> None:
        self.refresh_bindings()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        value = self._listed[event.option_index].value
        field = self.query_one(Line)
        if self.asked.kind == "lines":
            # A list: choosing adds, choosing again takes away; Enter in the field accepts.
            have = [part for part in field.value.replace(",", " ").split() if part]
            have = [part for part in have if part != value] if value in have else [*have, value]
            field.value = ", ".join(have)
            return
        field.value = value
        self.action_accept()

    # The field

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id != "edit-value":
            super().on_input_changed(event)
            return
        if not self.asked.secret:
            self._drafts[self.asked.name] = event.value
        self._say([])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "edit-value":
            super().on_input_submitted(event)
            return
        self.action_accept()

    def on_line_restricted(self) -> None:
        self._say([_("That character cannot be in it.")])

    def action_accept(self) -> None:
        """Check and write, in a thread: keyring may show its own unlock dialog."""
        text = self.query_one(Line).value.strip()
        try:
            answer = parse(self.asked, text) if text else ""
        except ValueError as refusal:
            self._say([str(refusal)])
            return

        def work() -> None:
            try:
                problems = give(self._session, self.asked, answer)
            except WizardError as problem:
                problems = [problem.what]
            self.post_message(self.Judged(problems))

        threading.Thread(target=work, name="edit", daemon=True).start()

    def on_edit_setting_judged(self, event: Judged) -> None:
        if event.problems:
            self._say(event.problems)
            return
        self._drafts.pop(self.asked.name, None)
        self.dismiss(True)

    def _say(self, problems: list[str]) -> None:
        self.query_one("#edit-problem", Plain).say("\n".join(f"✘ {clean(problem)}" for problem in problems[:3]))
