"""The steps of a run; lines are only written again where they changed."""

from __future__ import annotations

from textual.content import Content
from textual.widgets.option_list import Option

from .toned import Toned


class StepList(Toned):
    """Shows (id, prompt) pairs and keeps the highlighted step, also in sight."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self._shown: dict[str, Content] = {}

    def show(self, lines: list[tuple[str, Content]]) -> None:
        """Show the lines; unchanged ones are left alone."""
        if [step_id for step_id, _prompt in lines] != list(self._shown):
            before = self.highlighted_option.id if self.highlighted_option else None
            self.clear_options()
            self.add_options(Option(prompt, id=step_id) for step_id, prompt in lines)
            self._shown = dict(lines)
            if before in self._shown:
                self.choose(str(before))
            return
        for step_id, prompt in lines:
            if not self._shown[step_id].is_same(prompt):
                self.replace_option_prompt(step_id, prompt)
                self._shown[step_id] = prompt

    def choose(self, step_id: str) -> None:
        """Highlight a step."""
        if step_id in self._shown:
            self.highlighted = list(self._shown).index(step_id)

    def on_resize(self) -> None:
        """A panel that takes rows must not push the chosen step out of sight."""
        self.call_after_refresh(self.scroll_to_highlight)
