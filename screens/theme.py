"""One calm dark theme; ctrl+p offers Textual's others."""

from __future__ import annotations

from textual.theme import Theme

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
