"""gettext for everything a user reads. English is the source language; catalogues lie in `locale/`."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "mwaa_wizard"
LOCALE_DIR = Path(__file__).parent / "locale"

_translation: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str | None = None) -> None:
    """Choose the language: an argument wins over MWAA_WIZARD_LANG, that over the locale's variables."""
    global _translation
    wanted = language or os.environ.get("MWAA_WIZARD_LANG")
    languages = [wanted] if wanted else None
    _translation = gettext.translation(DOMAIN, LOCALE_DIR, languages=languages, fallback=True)


def _(message: str) -> str:
    """Translate one message; call `.format(...)` on what comes back, never before."""
    return _translation.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a message that depends on a count."""
    return _translation.ngettext(singular, plural, n)
