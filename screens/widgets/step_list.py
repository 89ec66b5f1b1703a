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
        self._own: list[str] = []  # chosen here; their messages are still on the way

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
            place = list(self._shown).index(step_id)
            if place != self.highlighted:
                self._own.append(step_id)
                self.highlighted = place

    def chosen_here(self, step_id: str) -> bool:
        """Whether a step's highlight is of `choose`: where steps pass quickly, its message comes after the next one."""
        if step_id not in self._own:
            return False
        del self._own[: self._own.index(step_id) + 1]
        return True

    def on_resize(self) -> None:
        """A panel that takes rows must not push the chosen step out of sight."""
        self.call_after_refresh(self.scroll_to_highlight)
