"""The wizard's own themes, and which one is used: dark, light, high contrast, and the terminal's own 16 colours."""

from __future__ import annotations

import os
from collections.abc import Iterable

from textual.theme import BUILTIN_THEMES, Theme

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import N_, _, listed
from mwaa_wizard.text import clean

THEME = Theme(
    name="mwaa-wizard",
    primary="#6ca6c1",
    secondary="#8aa29e",
    accent="#e0af68",
    foreground="#d5d8da",
    background="#16191d",
    surface="#1c2025",
    panel="#2b3138",
    success="#8fbf7f",
    warning="#e0af68",
    error="#e57373",
    dark=True,
)

LIGHT = Theme(
    name="mwaa-wizard-light",
    primary="#1f5f7a",
    secondary="#3f5f5a",
    accent="#8a5200",
    foreground="#1b1f23",
    background="#fbfbf9",
    surface="#f1f2f0",
    panel="#dfe3e6",
    success="#1e6b1e",
    warning="#7a4a00",
    error="#a11212",
    dark=False,
)

CONTRAST = Theme(
    name="mwaa-wizard-contrast",
    primary="#00ffff",
    secondary="#ffffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#262626",
    success="#5fff5f",
    warning="#ffff00",
    error="#ff8787",
    dark=True,
    variables={"text-muted": "#e4e4e4", "border": "#ffffff"},
)

# Nothing but the 16 colours that the terminal's own settings define; its background stays.
_ANSI = BUILTIN_THEMES["ansi-dark"]
ANSI = Theme(
    name="mwaa-wizard-ansi",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_bright_red",  # the other red can hardly be read on black
    variables={**_ANSI.variables, "text-muted": "ansi_default", "text-accent": "ansi_yellow"},
)

# What the user calls them -> the theme; the first is the default. The words are for the palette.
OWN: dict[str, Theme] = {"dark": THEME, "light": LIGHT, "contrast": CONTRAST, "16": ANSI}
WORDS: dict[str, str] = {
    "dark": N_("dark"),
    "light": N_("light"),
    "contrast": N_("high contrast"),
    "16": N_("16 colours of the terminal"),
}


def chosen(asked: str, saved: str, available: Iterable[str]) -> str:
    """The theme's name: an option wins over TEXTUAL_THEME, that over what was saved. What the user asked for by option
    or variable and does not exist raises WizardError (usage); a saved one that is gone is the default.
    """
    known = set(available)
    wanted = asked or os.environ.get("TEXTUAL_THEME", "")
    if wanted:
        name = OWN[wanted].name if wanted in OWN else wanted
        if name not in known:
            raise WizardError(
                what=_("There is no theme {name}.").format(name=clean(wanted, limit=60)),
                changed=_("Nothing was changed."),
                remedy=_("Use one of: {names}").format(names=listed([*OWN, *sorted(BUILTIN_THEMES)])),
                exit_code=EXIT_USAGE,
            )
        return name
    name = OWN[saved].name if saved in OWN else saved
    return name if name in known else THEME.name


def short_name(theme: str) -> str:
    """What the user calls a theme: `dark` for mwaa-wizard; Textual's own keep their names."""
    return next((short for short, own in OWN.items() if own.name == theme), theme)
