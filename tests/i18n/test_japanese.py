"""The Japanese says one thing in one way: words, spaces, full stops, and what has to fit a column."""

from __future__ import annotations

import re

import pytest

from mwaa_wizard.text import width

from . import catalogue
from .japanese import COLUMNS, FORBIDDEN, GLOSSARY, JAPANESE, LITERAL, OTHERWISE, PLAIN, TOUCHING


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """English -> Japanese; of what depends on a count the last form."""
    found = {}
    for message in catalogue.read(catalogue.po_path("ja"), "ja"):
        if message.id and message.string:
            one = isinstance(message.id, str)
            found[str(message.id if one else message.id[-1])] = str(message.string if one else message.string[-1])
    return {english: words for english, words in found.items() if words}


@pytest.mark.parametrize("wrong", FORBIDDEN)
def test_a_word_that_is_not_used(wrong: str, said: dict[str, str]) -> None:
    found = [words for words in said.values() if re.search(wrong, words)]
    assert found == [], f"say {FORBIDDEN[wrong]}"


@pytest.mark.parametrize("english", GLOSSARY)
def test_a_term_has_one_translation(english: str, said: dict[str, str]) -> None:
    word = re.compile(rf"\b{english}\b", re.IGNORECASE)
    wrong = [
        (message, words)
        for message, words in said.items()
        if message not in OTHERWISE and word.search(LITERAL.sub(" ", message))
        and not re.search(GLOSSARY[english], words)
    ]  # fmt: skip
    assert wrong == [], f"{english} is {GLOSSARY[english]}"
    assert any(word.search(message) for message in said)


def test_latin_letters_and_japanese_stand_apart_and_signs_close_up(said: dict[str, str]) -> None:
    wrong = []
    for words in said.values():
        bare = TOUCHING.sub("名", words)
        if re.search(rf"[A-Za-z0-9}}]{JAPANESE}|{JAPANESE}[A-Za-z0-9{{]", bare):
            wrong.append(words)
        if re.search(r" [、。」]|「 |、 |。 (?=\S)", bare):
            wrong.append(words)
        # A space between two Japanese words is a slip; between a mark or a name and a word it is not.
        if re.search(rf"{JAPANESE} {JAPANESE}", words.replace(" ～", "")):
            wrong.append(words)
        if re.search(rf"{JAPANESE}\(|\){JAPANESE}", bare):
            wrong.append(words)
    assert wrong == []


def test_sentences_are_polite(said: dict[str, str]) -> None:
    wrong = [words for words in said.values() if PLAIN.search(words)]
    assert wrong == []


def test_a_question_is_asked_with_one_kind_of_mark(said: dict[str, str]) -> None:
    for english, words in said.items():
        if english.endswith("?"):
            assert words.endswith(("?", "か", "?)", "稼働場所")), (english, words)


@pytest.mark.parametrize("cells", COLUMNS)
def test_words_fit_their_column(cells: int, said: dict[str, str]) -> None:
    missing = [english for english in COLUMNS[cells] if english not in said]
    assert missing == []
    wide = {english: said[english] for english in COLUMNS[cells] if width(said[english]) > cells}
    assert wide == {}
