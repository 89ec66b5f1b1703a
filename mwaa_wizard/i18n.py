"""gettext for everything a user reads. English is the source language; catalogues lie in `locale/`.

A text that is evaluated when its module is imported (a key binding, a constant) is marked with `N_` and goes through
`_` where it is shown: the language may be chosen, or changed, after the import.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterable
from pathlib import Path

DOMAIN = "mwaa_wizard"
LOCALE_DIR = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
ASKED_BY = "MWAA_WIZARD_LANG"
# In gettext's own order: LANGUAGE may be a list, and it says nothing where the locale is C.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_translation: gettext.NullTranslations = gettext.NullTranslations()
_language = SOURCE_LANGUAGE
_notice = ""


def languages() -> dict[str, str]:
    """Code and own name of every language there is."""
    return {"en": "English", "ja": "日本語"}


def language() -> str:
    """The code of the language in use."""
    return _language


def notice() -> str:
    """What the user should be told about the language once, in the language in use; empty afterwards."""
    global _notice
    told, _notice = _notice, ""
    return told


def asked_for(arguments: list[str]) -> str:
    """What --lang says among the arguments of the command line; empty where it is not there."""
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--":
            break
        if name == "--lang":
            return value if equals else "".join(arguments[number + 1 : number + 2])
    return ""


def use_language(wanted: str | None = None, saved: str | None = None) -> None:
    """Choose the language: an argument wins over MWAA_WIZARD_LANG, that over a saved choice, that over the locale.

    An unknown language, or one that this terminal's encoding cannot show, becomes English, and `notice` says so.
    """
    global _notice
    _notice = ""
    asked = wanted or os.environ.get(ASKED_BY) or saved or ""
    code = _code(asked)
    if asked and not code:
        _put(next(filter(None, map(_code, _of_locale())), SOURCE_LANGUAGE))
        there = ", ".join(f"{known} ({name})" for known, name in languages().items())
        _notice = _("There is no language {name}. There are: {languages}.").format(
            name="".join(char if " " < char < "\x7f" else "?" for char in asked[:40]),
            languages=there if _shows(there) else ", ".join(languages()),
        )
        return
    # Of the locale's languages the first that there is; English is there, too, so "en:ja" is English.
    code = code or next(filter(None, map(_code, _of_locale())), SOURCE_LANGUAGE)
    if code != SOURCE_LANGUAGE and not _shows(languages()[code]):
        _put(SOURCE_LANGUAGE)
        if asked:
            _notice = (
                f"The language {code} needs a terminal with UTF-8; this one has {sys.stdout.encoding}."
                " Set LANG to a UTF-8 locale or PYTHONUTF8=1. English is used."
            )
        return
    _put(code)


def _put(code: str) -> None:
    global _translation, _language
    _language = code
    _translation = gettext.NullTranslations()
    if code != SOURCE_LANGUAGE:
        _translation = gettext.translation(DOMAIN, LOCALE_DIR, languages=[code], fallback=True)


def _code(name: str) -> str:
    """The language of a locale's name: ja of ja_JP.UTF-8, en of C; empty where there is none such."""
    base = name.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0].lower()
    if base in ("c", "posix"):
        return SOURCE_LANGUAGE
    return base if base in languages() else ""


def _of_locale() -> list[str]:
    """The locale's languages, best first."""
    locale = next((os.environ[name] for name in _LOCALE_VARIABLES if os.environ.get(name)), "")
    first = os.environ.get("LANGUAGE", "")
    if _code(locale) == SOURCE_LANGUAGE and locale.partition(".")[0] in ("C", "POSIX"):
        first = ""
    return [*first.split(":"), locale] if first else [locale]


def _shows(text: str) -> bool:
    """Whether standard output can show a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _(message: str) -> str:
    """Translate one message; call `.format(...)` on what comes back, never before."""
    return _translation.gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a message for the catalogue and leave it as it is: `_` translates it where it is shown."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a message that depends on a count, as `N_` does."""
    return singular, plural


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a message that depends on a count."""
    return _translation.ngettext(singular, plural, n)


def listed(words: Iterable[str]) -> str:
    """Words in a row, as the language separates them: `a, b`."""
    return _("{one}, {two}").format(one="", two="").join(words)


def sentence(words: str) -> str:
    """Words with the full stop of the language."""
    return _("{words}.").format(words=words)


def sentences(parts: Iterable[str]) -> str:
    """Sentences in a row: with a space between them, but behind a full stop that has its own."""
    told = ""
    for part in filter(None, parts):
        told += ("" if not told or told.endswith("。") else " ") + part
    return told


def strung(clauses: Iterable[str]) -> str:
    """Clauses without a full stop in a row, as the language separates them: `a; b`."""
    return _("{one}; {two}").format(one="", two="").join(clauses)
