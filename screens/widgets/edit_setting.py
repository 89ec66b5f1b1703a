"""The box in which one setting is edited: help, choices, and what is wrong beside the field."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .modal import Box
from .plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.session.model import Session


class EditSetting(Box[bool]):
    """Dismisses with True once the session holds the new value."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choices", N_("choices")),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("accept")}

    class Choices(Message):
        """AWS answered what can be chosen: (value, words) pairs, or why not."""

        def __init__(self, pairs: list[tuple[str, str]], problem: str) -> None:
            super().__init__()
            self.pairs, self.problem = pairs, problem

    class Judged(Message):
        """The engine took the value, or says why not."""

        def __init__(self, problems: list[str]) -> None:
            super().__init__()
            self.problems = problems

    def __init__(self, session: Session, row: SettingRow) -> None:
        super().__init__(_("Edit: {label}").format(label=clean(row.label)))
        self._session, self._row = session, row
        self._pairs: list[tuple[str, str]] = [(choice, choice) for choice in row.choices]

    def inside(self) -> ComposeResult:
        row = self._row
        yield Plain(clean(row.help), id="box-help", classes="quiet")
        yield Plain(_("Source: {value}").format(value=clean(row.source) or _("(nothing)")), classes="quiet")
        if row.fixed_after_creation:
            yield Plain("⚠ " + _("Cannot be changed once the environment exists."))
        yield Plain(classes="gap")
        yield Input(value=clean(row.text), password=row.secret, id="edit-value", compact=True)
        yield Plain(id="edit-problem")
        yield OptionList(id="edit-choices", compact=True)

    def on_mount(self) -> None:
        self._say(self._row.problems)
        self._show_choices()
        self.query_one(Input).focus()
        if not self._pairs:
            self._ask_choices()

    def _ask_choices(self) -> None:
        session, name = self._session.model_copy(deep=True), self._row.name

        def work() -> None:
            try:
                self.post_message(self.Choices(engine.setting_choices(session, name), ""))
            except WizardError as problem:
                self.post_message(self.Choices([], problem.what))

        threading.Thread(target=work, name="choices", daemon=True).start()

    def on_edit_setting_choices(self, event: Choices) -> None:
        self._pairs = event.pairs
        self._show_choices()
        if event.problem:
            self.query_one("#box-help", Plain).say(
                _("AWS could not be asked for choices: {why}").format(why=clean(event.problem))
            )

    def _show_choices(self) -> None:
        options = self.query_one("#edit-choices", OptionList)
        options.clear_options()
        options.add_options(Option(Content(clean(words)), id=str(n)) for n, (_v, words) in enumerate(self._pairs))
        options.display = bool(self._pairs)

    def action_choices(self) -> None:
        """From the field into the list."""
        if self._pairs:
            choices = self.query_one("#edit-choices", OptionList)
            choices.highlighted = 0
            choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        value = self._pairs[event.option_index][0]
        field = self.query_one(Input)
        if engine.takes_several(self._row.name):
            # A list: choosing adds, choosing again takes away; Enter in the field accepts.
            have = [part for part in field.value.replace(",", " ").split() if part]
            have = [part for part in have if part != value] if value in have else [*have, value]
            field.value = ", ".join(have)
            return
        field.value = value
        self.action_accept()

    def on_input_changed(self) -> None:
        self._say([])

    def on_input_submitted(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        """Hand the text to the engine, in a thread: keyring may show its own unlock dialog."""
        text = self.query_one(Input).value

        def work() -> None:
            try:
                problems = engine.edit_setting(self._session, self._row.name, text)
            except WizardError as problem:
                problems = [problem.what]
            self.post_message(self.Judged(problems))

        threading.Thread(target=work, name="edit", daemon=True).start()

    def on_edit_setting_judged(self, event: Judged) -> None:
        if event.problems:
            self._say(event.problems)
        else:
            self.dismiss(True)

    def _say(self, problems: list[str]) -> None:
        self.query_one("#edit-problem", Plain).say("\n".join(f"✘ {clean(problem)}" for problem in problems[:3]))
