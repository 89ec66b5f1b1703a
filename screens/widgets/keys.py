"""The footer: the keys that work now, and only those. Tab comes to it, arrows mark a key, Enter does what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from mwaa_wizard.i18n import N_
from mwaa_wizard.text import width
from screens import keymap

from .plain import Plain

if TYPE_CHECKING:
    from screens.onward import Onward

# What every page has comes last and in this order; a page's own keys come first.
_LAST = (
    "next",
    "back",
    "help",
    "command_palette",
    "quit",
    "rail",
    "command",
    "follow",
    "all_lines",
    "wide_log",
)
# Left out first where the line is full, in this order from the end; and what stays whatever happens.
_SPARE = ("up", "end", "f4", "f2", "ctrl+p", "i", "0")
_ALWAYS = ("n", "ctrl+n", "escape", "f1", "ctrl+q")
# Its own while it has the focus: nothing to be marked.
_OWN = ("enter", "space", "left", "right")
# On a page that begins on its way on these are for the page.
_INTO = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "space", "tab")


class Keys(Plain, can_focus=True):
    """One line of `key label` pairs; a click, or Enter on the marked one, does what the key does. What does not fit is
    on F1.
    """

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", N_("do it")),
        Binding("space", "select", show=False),
        Binding("left", "tab(-1)", N_("choose"), key_display="←→"),
        Binding("right", "tab(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._marked = ""

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
        rows = []
        for one in keymap.working(self.screen):
            action = one.action.rpartition(".")[2].partition("(")[0]
            rank = _LAST.index(action) + 1 if action in _LAST else 0
            if action == "retry":
                # After a refusal it is what to do now: nothing comes before it. Else it is one of the general ones.
                rank = -1 if self._failed() else 3
            label = one.label + (getattr(self.screen, "next_note", "") if action == "next" else "")
            # A click there goes into the page only.
            key = "down" if one.key == "enter" and self.behind is not None else one.key
            rows.append((rank, (key, one.name, label)))
        return [pair for _rank, pair in sorted(rows, key=lambda row: row[0])]

    @property
    def behind(self) -> Widget | None:
        """Where the page is answered, while its way on is marked because it begins there."""
        found = getattr(self.screen, "behind", None)
        return found if isinstance(found, Widget) else None

    def on_key(self, event: events.Key) -> None:
        """Where the page begins here, Enter goes on; what moves a mark or picks a line goes into the page."""
        if self.behind is not None and event.key in _INTO:
            event.stop()
            cast("Onward", self.screen).answer()
            if event.key != "tab" and self.behind is None:
                self.app.simulate_key(event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (action == "tab" and self.is_attached and self.behind is not None)

    def _failed(self) -> bool:
        """Whether something that the page asked of AWS was refused."""
        return bool(getattr(getattr(self.screen, "lookups", None), "failed", False))

    def _fitting(self, room: int) -> list[tuple[str, str, str]]:
        """The pairs that fit: the general ones go first, but never the ways on, back, out and to the help."""
        pairs = self.pairs()
        spare = [pair for pair in pairs if pair[0] in _SPARE]
        spare.sort(key=lambda pair: _SPARE.index(pair[0]), reverse=True)
        kept = (*_ALWAYS, "f5", "r") if self._failed() else _ALWAYS
        others = [pair for pair in pairs if pair[0] not in _SPARE and pair[0] not in kept]
        while sum(width(name) + width(label) + 3 for _key, name, label in pairs) - 2 > room and (spare or others):
            pairs.remove((spare or others).pop())
        return pairs

    def on_focus(self) -> None:
        """The way on is marked first."""
        there = self._there()
        self._marked = next((key for key in ("n", "ctrl+n", *there) if key in there), "")
        self.show()

    def on_blur(self) -> None:
        self._marked = ""
        self.show()

    def _there(self) -> list[str]:
        return [key for key, _name, _label in self._fitting(self.size.width - 2) if key not in _OWN]

    def action_tab(self, step: int) -> None:
        """Mark another key."""
        there = self._there()
        if there:
            at = there.index(self._marked) + step if self._marked in there else 0
            self._marked = there[at % len(there)]
            self.show()

    def action_select(self) -> None:
        """Do what the marked key does."""
        if self._marked in self._there():
            self.app.simulate_key(self._marked)

    def show(self) -> None:
        """Write the line anew."""
        if not self.is_attached or not self.size.width:
            return  # the page was left before this was drawn, or nothing fits before it has its size
        parts: list[Content] = [Content(" ")]
        for key, name, label in self._fitting(self.size.width - 2):
            mark, end = ("[reverse]", "[/]") if key == self._marked else ("", "")
            parts.append(
                Content.from_markup(
                    f"[@click=app.simulate_key('{key}')]{mark}[bold $text-accent]$name[/] $label{end}[/]  ",
                    name=name,
                    label=label,
                )
            )
        self.say(Content("").join(parts))
