"""Extracts the messages of the sources, brings the catalogues in step and compiles them: `make catalogue`.

Without dates and line numbers in the files, so that they change only where a message does.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from mwaa_wizard import __version__
from mwaa_wizard.i18n import DOMAIN, LOCALE_DIR, languages
from tests.i18n.data_words import data_words

ROOT = Path(__file__).parent.parent.parent
POT = LOCALE_DIR / f"{DOMAIN}.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "NN_": (1, 2)}
NO_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # a catalogue changes with its messages only
TRANSLATED = [code for code in languages() if code != "en"]


def po_path(code: str) -> Path:
    """The catalogue of a language, as text."""
    return LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def extracted() -> Catalog:
    """Every message of the sources and of the data files that a user can see."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="mwaa-wizard", version=__version__, charset="utf-8", copyright_holder="mwaa-wizard")
    found = []
    for package in ("mwaa_wizard", "screens"):
        for name, _line, message, _comments, context in extract_from_dir(
            ROOT / package, methods, options, KEYWORDS, directory_filter=lambda path: "__pycache__" not in path
        ):
            found.append((f"{package}/{name}", message, context))
    found += [(name, message, None) for name, message in data_words()]
    for name, message, context in sorted(found, key=lambda one: one[0]):
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def read(path: Path, code: str | None = None) -> Catalog:
    """A catalogue as it lies on the disk."""
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def text_of(catalog: Catalog) -> bytes:
    """A catalogue as text, without what changes from day to day."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=False, include_lineno=False, sort_by_file=False, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    catalog.creation_date = catalog.revision_date = NO_DAY
    out = io.BytesIO()
    write_mo(out, catalog, use_fuzzy=False)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The messages that have no words yet, or uncertain ones."""
    out = []
    for message in catalog:
        words = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(words)):
            out.append(message.id if isinstance(message.id, str) else message.id[0])
    return out


def main() -> int:
    """Write the template and bring every language in step; say what is left to translate."""
    template = extracted()
    POT.write_bytes(text_of(template))
    for code in TRANSLATED:
        path = po_path(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(path, code) if path.exists() else Catalog(locale=code, domain=DOMAIN, charset="utf-8")
        catalog.update(template, no_fuzzy_matching=True)
        catalog.fuzzy = False
        path.write_bytes(text_of(catalog))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        left = untranslated(catalog)
        print(f"{code}: {len(catalog) - len(left)} of {len(catalog)} messages translated")
        if "--left" in sys.argv[1:]:
            print("\n".join(f"  {message!r}" for message in left))
    return 0


if __name__ == "__main__":
    sys.exit(main())
