"""A language that nobody speaks: the letters of a message are others, so what is in Latin letters went round it."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from mwaa_wizard import i18n

# Armenian letters: one cell wide, in no data of ours. Parts in braces are the program's.
_LETTERS = {ord("a") + n: chr(0x561 + n) for n in range(26)} | {ord("A") + n: chr(0x531 + n) for n in range(26)}
_PART = re.compile(r"(\{[^{}]*\}|%\(\w+\)s|%[sd])")
WORD = re.compile(r"[A-Za-z]{2,}")


class Pseudo(gettext.NullTranslations):
    """Translates everything it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return spoken(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.update((msgid1, msgid2))
        return spoken(msgid1 if n == 1 else msgid2)


def spoken(message: str) -> str:
    """A message in that language."""
    return "".join(
        part if number % 2 else part.translate(_LETTERS) for number, part in enumerate(_PART.split(message))
    )


@contextmanager
def speaking() -> Iterator[Pseudo]:
    """Everything is in that language, whatever language is asked for."""
    pseudo, before, chosen = Pseudo(), i18n._translation, i18n.use_language

    def use(_wanted: str | None = None, _saved: str | None = None, **_more: str) -> None:
        i18n._translation = pseudo

    i18n.use_language = use  # type: ignore[assignment]
    use()
    try:
        yield pseudo
    finally:
        i18n.use_language, i18n._translation = chosen, before


@dataclass
class Known:
    """Words that are data: `names` anywhere, those of sentences only beside the word they stand beside there."""

    names: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    said: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take the words of a text."""
        words = WORD.findall(text)
        if " " in text.strip():
            self.said.update(words)
            self.pairs.update(pairwise(words))
        else:
            self.names.update(words)

    def has(self, before: str, word: str, after: str) -> bool:
        """Whether a word between two others is data."""
        if word in self.names or (before, word) in self.pairs or (word, after) in self.pairs:
            return True
        return word in self.said and not before and not after  # alone on its line

    def begins_or_ends(self, part: str) -> bool:
        """Whether a word that was cut off is of the data."""
        return any(one != part and (one.startswith(part) or one.endswith(part)) for one in self.names | self.said)


def data_of(*files: Path) -> Known:
    """Every string in Python files but what explains the code: what the fakes answer, and what the tests make up."""
    known = Known()
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                known.add(node.value)
    return known


def strangers(lines: Iterable[str], known: Known) -> list[str]:
    """Words in Latin letters on a screen that are no data."""
    out = []
    for part in (part for line in lines for part in line.split("│")):
        found = list(WORD.finditer(part))
        words = ["", *(one[0] for one in found), ""]
        for number, one in enumerate(found, 1):
            # Lines of a log and what a box hides are cut in the middle of a word.
            cut = number in (1, len(found)) or "…" in part[one.start() - 1 : one.start()] + part[one.end() :][:1]
            if known.has(words[number - 1], words[number], words[number + 1]):
                continue
            if not (cut and known.begins_or_ends(one[0])):
                out.append(one[0])
    return out
