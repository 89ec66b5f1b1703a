"""Preflight in words, for every front-end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, ngettext

if TYPE_CHECKING:
    from .engine_preflight import Row

GLYPHS = {"pass": "✔", "warn": "!", "fail": "✘"}


def word(verdict: str) -> str:
    """A verdict in a word."""
    return {"pass": _("pass"), "warn": _("warn"), "fail": _("fail")}[verdict]


def line(row: Row) -> str:
    """`✘ fail target name: what was seen → remedy`."""
    text = f"{GLYPHS[row.verdict]} {word(row.verdict)} {row.name}: {row.evidence}"
    return text + (f" → {row.remedy}" if row.remedy else "")


def closing(warned: int, failed: int) -> str:
    """How it ended, in one sentence."""
    if failed:
        text = ngettext("{n} check failed; nothing was changed.", "{n} checks failed; nothing was changed.", failed)
        return text.format(n=failed)
    if warned:
        return ngettext("Nothing failed, {n} warning.", "Nothing failed, {n} warnings.", warned).format(n=warned)
    return _("Nothing stands in the way.")
