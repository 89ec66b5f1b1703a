"""One key, one meaning: every binding of every screen is in the registry, and none means something else."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
from textual.screen import Screen
from textual.widget import Widget

import screens
import screens.widgets
from mwaa_wizard import i18n
from screens import keymap
from screens.app import WizardApp


def _owners() -> list[type]:
    """Every screen, box and widget class of ours, and the app."""
    found: dict[str, type] = {"app": WizardApp}
    for package in (screens, screens.widgets):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, member in inspect.getmembers(module, inspect.isclass):
                if issubclass(member, Screen | Widget) and member.__module__.startswith("screens"):
                    found[f"{member.__module__}.{name}"] = member
    return list(found.values())


@pytest.mark.parametrize("owner", _owners(), ids=lambda owner: owner.__name__)
def test_every_binding_is_in_the_registry_with_its_one_meaning(owner: type) -> None:
    assert keymap.strangers(owner.__dict__.get("BINDINGS", [])) == []
    for key in owner.__dict__.get("WIDGET_KEYS", {}):
        assert key in keymap.KEYS, key


def test_only_keys_that_every_terminal_delivers() -> None:
    assert [key for key in keymap.KEYS if not keymap.delivered(key)] == []
    for key in ("ctrl+shift+a", "alt+x", "f11", "A", "ctrl+1", "ctrl+up", "super+k"):
        assert not keymap.delivered(key)


def test_an_action_does_not_hide_behind_two_meanings() -> None:
    """The same action may have two keys (n and ctrl+n), but then both say the same thing."""
    by_letter = {key: one for key, one in keymap.KEYS.items() if len(key) == 1}
    letters: dict[str, str] = {}
    for key, one in by_letter.items():
        for action in one.actions:
            assert letters.setdefault(action, key) == key, (action, key, letters[action])


def test_the_words_are_translated_when_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        def gettext(self, text: str) -> str:
            return f"<{text}>"

    monkeypatch.setattr(i18n, "_translation", Other())
    assert keymap.meaning("y") == "<copy>"
    assert keymap.meaning("nothing") == ""
