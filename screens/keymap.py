"""The one registry of keys: what each means, wherever it works. No page gives a key another meaning.

Only keys that every terminal delivers are in it: letters and digits without shift, F1 to F10, ctrl and a letter,
arrows, Enter, Esc, Tab, Space, Home, End, PgUp, PgDn. A page's own label may be narrower (`u`: "reset", "undo …"),
never another. In a box that asks a question the letters are the answers it prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.widgets import Input, TextArea

from mwaa_wizard.i18n import N_, _

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.widget import Widget


@dataclass(frozen=True)
class Meaning:
    """`words`: what the key does everywhere; `actions`: what the pages call that in their bindings."""

    words: str
    actions: tuple[str, ...]


KEYS: dict[str, Meaning] = {
    # Ways through the wizard
    "n": Meaning(N_("go on to the next page, or say what is missing"), ("next",)),
    "ctrl+n": Meaning(N_("go on, also from inside a field"), ("next",)),
    "escape": Meaning(N_("back, or close the box; nothing is lost"), ("back", "close", "clear_filter")),
    "enter": Meaning(
        N_("choose, open or accept what is marked"),
        ("accept", "choose", "close", "app.quit", "submit", "select", "select_cursor", "toggle_button", "edit", "open"),
    ),
    "space": Meaning(
        N_("pick or leave the line that is marked"),
        ("change", "pick", "toggle", "leave_one", "toggle_button", "select"),
    ),
    "f1": Meaning(N_("help: why the page asks, the field, and its keys"), ("help",)),
    "f2": Meaning(N_("between the list of pages and the page"), ("rail",)),
    "f3": Meaning(N_("the next match of the search"), ("find_next",)),
    "f6": Meaning(N_("the match of the search before"), ("find_before",)),
    "f4": Meaning(N_("the command that does the same without a screen"), ("command", "equivalent")),
    "f5": Meaning(N_("ask again what failed"), ("retry",)),
    "ctrl+p": Meaning(N_("every command by name"), ("command_palette",)),
    "ctrl+q": Meaning(N_("quit; everything is saved"), ("quit", "app.quit")),
    "ctrl+c": Meaning(N_("copy marked text; it stops nothing"), ("help_quit", "copy_text", "screen.copy_text", "copy")),
    "q": Meaning(N_("quit; everything is saved"), ("quit", "app.quit")),
    "slash": Meaning(N_("filter the list, or search in the text"), ("filter", "search")),
    # What is done with a line or a page
    "a": Meaning(N_("all of them"), ("all", "all_lines", "merged", "every", "approve_all")),
    "b": Meaning(N_("a batch of DAGs"), ("batch", "roll_back", "next_batch")),
    "c": Meaning(N_("only what changed or differs, or everything"), ("only", "everything", "diff", "compare")),
    "d": Meaning(N_("duplicate"), ("duplicate",)),
    "e": Meaning(N_("edit"), ("edit", "rename", "existing")),
    "g": Meaning(N_("where to look"), ("regions", "places", "goto")),
    "h": Meaning(N_("why it is there"), ("why", "reasons")),
    "i": Meaning(N_("turn the choice round"), ("invert",)),
    "k": Meaning(N_("count or check now"), ("count", "check")),
    "l": Meaning(N_("which log lines are shown, by level"), ("level",)),
    "m": Meaning(N_("what becomes of each column"), ("mapping",)),
    "o": Meaning(N_("export to a file for others, without secrets"), ("export", "bundle", "support")),
    "p": Meaning(N_("stop at the next safe point"), ("stop",)),
    "r": Meaning(N_("again: ask again, go on with the run"), ("retry", "go_on_run", "resume", "again")),
    "s": Meaning(N_("save to a file; says where"), ("save_file", "save")),
    "t": Meaning(N_("as code: CloudFormation, Terraform, CLI"), ("template", "form", "as_code")),
    "u": Meaning(N_("take back: undo, reset"), ("undo", "reset", "undelete", "take_back")),
    "ctrl+u": Meaning(N_("take all of it back"), ("reset_all",)),
    "v": Meaning(N_("the version"), ("version",)),
    "ctrl+r": Meaning(N_("the version and the route"), ("route",)),
    "w": Meaning(N_("wide: the whole text"), ("wide_log", "wide", "viewer", "full")),
    "x": Meaning(N_("take out of the list, or leave out"), ("delete", "leave_needed", "leave_out", "remove")),
    "y": Meaning(N_("copy"), ("copy",)),
    "0": Meaning(N_("none of them"), ("none", "no_password")),
    # Inside lists and texts
    "up": Meaning(N_("one line up"), ("scroll_up", "cursor_up", "up", "previous")),
    "down": Meaning(N_("one line down"), ("scroll_down", "cursor_down", "choices", "down", "list")),
    "left": Meaning(N_("the one on the left"), ("other", "table", "change", "tab", "page", "scroll_left")),
    "right": Meaning(N_("the one on the right"), ("other", "table", "change", "tab", "page", "scroll_right")),
    "home": Meaning(N_("to the beginning"), ("scroll_home", "home", "first")),
    "end": Meaning(N_("to the end, and follow it"), ("scroll_end", "follow", "end", "last")),
    "pageup": Meaning(N_("read back"), ("page", "page_up", "scroll_page")),
    "pagedown": Meaning(N_("read on"), ("page", "page_down", "scroll_page")),
    "tab": Meaning(N_("the next field"), ("app.focus_next", "focus_next")),
    "shift+tab": Meaning(N_("the field before"), ("app.focus_previous", "focus_previous")),
}

_DELIVERED = re.compile(
    r"[a-z0-9]|f([1-9]|10)|ctrl\+[a-z]|up|down|left|right|enter|escape|tab|shift\+tab|space|home|end|"
    r"pageup|pagedown|slash"
)
_NAMES = {
    "escape": "esc", "slash": "/", "up": "↑↓", "down": "↓", "left": "←→", "right": "→", "pagedown": "pgdn",
    "pageup": "pgup",
}  # fmt: skip


def delivered(key: str) -> bool:
    """Whether every terminal sends this key as itself, also over SSH and inside tmux."""
    return _DELIVERED.fullmatch(key) is not None


def key_name(key: str) -> str:
    """`^n` for ctrl+n, `F1` for f1, `esc` for escape."""
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return _NAMES.get(key, key)


def meaning(key: str) -> str:
    """What a key means everywhere, in the user's language; empty for one that is not in the registry."""
    found = KEYS.get(key)
    return _(found.words) if found else ""


def strangers(bindings: Iterable[Any]) -> list[str]:
    """What is wrong with the bindings of a class: keys that are not in the registry, or mean something else here."""
    told = []
    for one in bindings:
        binding = one if isinstance(one, Binding) else Binding(*one)
        action = binding.action.partition("(")[0]
        for key in binding.key.split(","):
            known = KEYS.get(key.strip())
            if known is None or not delivered(key.strip()):
                told.append(f"{key}: not in the registry ({action})")
            elif action not in known.actions:
                told.append(f"{key}: {action} is not “{known.words}”")
    return told


@dataclass(frozen=True)
class Working:
    """One key that works now on a screen: `label` is the page's word for it, `run` does what the key does."""

    key: str
    name: str
    label: str
    action: str
    node: Any


def working(screen: Screen[Any], *, by_key: bool = True) -> list[Working]:
    """Everything that works now on a screen, each action once, with the label of the page; in the order of binding.

    `by_key`: only what its key does now; in a text field a letter is text.
    """
    own = {"ctrl+p": N_("commands"), **getattr(screen, "WIDGET_KEYS", {})}
    typing = by_key and isinstance(screen.focused, Input | TextArea)
    behind = getattr(screen, "behind", None)
    found = [] if behind is None else _into(behind, own)
    seen = {one.action for one in found}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if behind is not None and active.node is screen.focused:
            continue
        label = binding.description if binding.show else own.get(key, "")
        if not active.enabled or not label or binding.action in seen:
            continue
        if typing and not binding.priority and (len(key) == 1 or key in ("slash", "space")):
            continue
        seen.add(binding.action)
        name = binding.key_display or key_name(key)
        if behind is not None and binding.action == "next":
            name += "/enter"
        found.append(Working(key, name, _(label), binding.action, active.node))
    return found


def _into(behind: Widget, own: dict[str, str]) -> list[Working]:
    """On a page that begins on its way on: what Enter and Space do in the page; Enter only once a line is marked."""
    found = []
    for key in ("enter", "space"):
        for node, binding in _bound(behind, key):
            label = binding.description if binding.show else own.get(key, "")
            if label and node.check_action(binding.action.partition("(")[0], ()) is not False:
                name = key_name("down") + " enter" if key == "enter" else key_name(key)
                found.append(Working(key, name, _(label), binding.action, node))
                break
    return found


def _bound(widget: Widget, key: str) -> Iterator[tuple[DOMNode, Binding]]:
    """What a key is bound to in a widget and in what holds it, the nearest first."""
    for node in widget.ancestors_with_self:
        for one in type(node).__mro__:
            for binding in Binding.make_bindings(vars(one).get("BINDINGS", ())):
                if binding.key == key:
                    yield node, binding
