"""What happens to rows that are in the target already: one policy per kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.front.questions.tables import KINDS, kind_word, policy_help, policy_word
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import fit

from .modal import Box
from .plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Conflict

def summary(conflict: Conflict) -> str:
    """The line on the tables page: what is not the default, or that all is kept."""
    changed = conflict.changed()
    if not changed:
        return _("rows of the target are kept")
    told = [f"{kind_word(kind)}: {policy_word(changed[kind])}" for kind in KINDS if kind in changed]
    return " · ".join(told)


class ConflictBox(Box[dict[str, str]]):
    """Space goes through the policies of the highlighted kind; Enter takes them, Esc leaves all as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "change(1)", N_("change")),
        Binding("right", "change(1)", show=False),
        Binding("left", "change(-1)", show=False),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("take these")}

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(_("Rows that are in the target already"))
        self._chosen: dict[str, str] = conflict.model_dump()

    def inside(self) -> ComposeResult:
        yield OptionList(*(Option(self._line(kind), id=kind) for kind in KINDS), markup=False, compact=True)
        yield Plain(classes="gap")
        yield Plain(id="box-text")

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.focus()
        options.highlighted = 0

    def _line(self, kind: str) -> str:
        return f"{fit(kind_word(kind), 20)} ◂ {fit(policy_word(self._chosen[kind]), 12)} ▸"

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._explain(event.option_id or KINDS[0])

    def _explain(self, kind: str) -> None:
        self.query_one("#box-text", Plain).say(policy_help(kind, self._chosen[kind]))

    def action_change(self, step: int) -> None:
        """The next policy of the highlighted kind."""
        from mwaa_wizard.session.model import POLICIES

        options = self.query_one(OptionList)
        kind = KINDS[options.highlighted or 0]
        index = next(i for i, policy in enumerate(POLICIES) if policy == self._chosen[kind])
        self._chosen[kind] = POLICIES[(index + step) % len(POLICIES)]
        options.replace_option_prompt(kind, self._line(kind))
        self._explain(kind)

    def on_option_list_option_selected(self) -> None:
        self.dismiss(self._chosen)
