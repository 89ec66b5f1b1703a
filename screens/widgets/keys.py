"""The footer: the keys that work now, and only those."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import Screen

from mwaa_wizard.i18n import _
from mwaa_wizard.text import width

from .plain import Plain

# What every page has comes last and in this order; a page's own keys come first.
_LAST = (
    "next",
    "back",
    "retry",
    "help",
    "command_palette",
    "quit",
    "rail",
    "follow",
    "all_lines",
    "wide_log",
)
# Left out first where the line is full, in this order from the end; and what stays whatever happens.
_SPARE = ("end", "f5", "f2", "ctrl+p", "i", "0")
_ALWAYS = ("n", "ctrl+n", "escape", "f1", "ctrl+q")
_NAMES = {"escape": "esc", "question_mark": "?", "minus": "-", "full_stop": ".", "slash": "/", "up": "↑↓", "down": "↓"}


def key_name(key: str) -> str:
    """`^n` for ctrl+n, `F1` for f1, `esc` for escape."""
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return _NAMES.get(key, key)


class Keys(Plain):
    """One line of `key label` pairs; a click does what the key does. What does not fit is on F1."""

    def __init__(self) -> None:
        super().__init__(id="keys")

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.call_after_refresh(self.show)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        self.show()

    def _changed(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen:
            self.show()

    def pairs(self) -> list[tuple[str, str, str]]:
        """(key, name of the key, label) of everything that works now, in the order shown."""
        shown: dict[str, tuple[int, str, str]] = {}
        names: dict[str, str] = {}
        own = {"ctrl+p": _("commands"), **getattr(self.screen, "WIDGET_KEYS", {})}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            action = binding.action.rpartition(".")[2].partition("(")[0]
            label = binding.description if binding.show else own.get(key, "")
            if not active.enabled or not label or binding.action in shown:
                continue
            rank = _LAST.index(action) + 1 if action in _LAST else 0
            if action == "next":
                label += getattr(self.screen, "next_note", "")
            names[key] = binding.key_display or ""
            shown[binding.action] = (rank, key, label)
        ordered = sorted(shown.values(), key=lambda item: item[0])
        return [(key, names.get(key) or key_name(key), label) for _rank, key, label in ordered]

    def _fitting(self, room: int) -> list[tuple[str, str, str]]:
        """The pairs that fit: the general ones go first, but never the ways on, back, out and to the help."""
        pairs = self.pairs()
        spare = [pair for pair in pairs if pair[0] in _SPARE]
        spare.sort(key=lambda pair: _SPARE.index(pair[0]), reverse=True)
        others = [pair for pair in pairs if pair[0] not in _SPARE and pair[0] not in _ALWAYS]
        while sum(width(name) + width(label) + 3 for _key, name, label in pairs) - 2 > room and (spare or others):
            pairs.remove((spare or others).pop())
        return pairs

    def show(self) -> None:
        """Write the line anew."""
        parts: list[Content] = [Content(" ")]
        for key, name, label in self._fitting(self.size.width - 1):
            parts.append(
                Content.from_markup(
                    f"[@click=app.simulate_key('{key}')][bold $text-accent]$name[/] $label[/]  ",
                    name=name,
                    label=label,
                )
            )
        self.say(Content("").join(parts))
