"""The catalogues are in step with the sources, complete, and say the same thing in the same form."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from mwaa_wizard.cli import COMMANDS
from mwaa_wizard.metadata import rules, words

from . import catalogue
from .sources import MARKS, ROOT, at_import, called, calls, literal, trees

PART = re.compile(r"\{[^{}]*\}|%\(\w+\)s")
# Where a message is looked up that is marked elsewhere: by N_, or listed in data_words.py.
BY_NAME = {
    "mwaa_wizard/front/engine.py", "mwaa_wizard/metadata/catalogue.py", "mwaa_wizard/metadata/words.py",
    "mwaa_wizard/report/mapping.py", "mwaa_wizard/environments/rules.py", "mwaa_wizard/environments/routes/planner.py",
    "mwaa_wizard/front/question.py", "screens/keymap.py", "screens/palette.py",
    # A side's name or a step's state.
    "mwaa_wizard/aws/retries.py", "mwaa_wizard/aws/waits.py", "mwaa_wizard/execution/events.py",
    "mwaa_wizard/execution/steps/clean_up.py", "mwaa_wizard/execution/steps/read_source.py",
    "mwaa_wizard/execution/steps/role_policy.py",
}  # fmt: skip


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    return catalogue.extracted()


@pytest.fixture(scope="module", params=catalogue.TRANSLATED)
def translated(request: pytest.FixtureRequest) -> tuple[Path, Catalog]:
    path = catalogue.po_path(request.param)
    return path, catalogue.read(path, request.param)


def ids(catalog: Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else "\0".join(message.id) for message in catalog if message.id}


def told(message: Message) -> list[tuple[str, str]]:
    """(English, translation) of a message; of one that depends on a count the last form of each."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[-1], str((message.string or ("",))[-1]))]


def test_the_template_is_what_the_sources_say(extracted: Catalog) -> None:
    assert ids(catalogue.read(catalogue.POT)) == ids(extracted), "make catalogue"
    assert len(extracted) > 2000


def test_every_message_is_translated(extracted: Catalog, translated: tuple[Path, Catalog]) -> None:
    _path, catalog = translated
    assert ids(catalog) == ids(extracted), "make catalogue"
    assert catalogue.untranslated(catalog) == []
    assert not catalog.obsolete
    assert not any(message.fuzzy for message in catalog if message.id)


def test_the_compiled_catalogue_is_that_of_the_text(translated: tuple[Path, Catalog]) -> None:
    path, catalog = translated
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(catalog), "make catalogue"


def test_the_parts_that_the_program_fills_in_are_the_same(translated: tuple[Path, Catalog]) -> None:
    for message in translated[1]:
        for english, words_ in told(message) if message.id else ():
            assert sorted(set(PART.findall(words_))) == sorted(set(PART.findall(english))), english


def test_a_translation_begins_and_ends_as_the_message_does(translated: tuple[Path, Catalog]) -> None:
    for message in translated[1]:
        for english, words_ in told(message) if message.id else ():
            assert words_[-1:].isspace() == english[-1:].isspace(), english
            assert words_.count("\n") == english.count("\n"), english
            # A sentence ends in a full stop of its own kind: half of ours would end in both.
            assert not words_.endswith("."), english
            if ". " not in english and not english.endswith((".", "?", "!", ")", "…")):
                assert not words_.endswith("。"), english


def test_names_and_commands_stay_as_they_are(translated: tuple[Path, Catalog]) -> None:
    commands = "|".join(sorted(COMMANDS, key=len, reverse=True))
    kept = re.compile(
        rf"mwaa-wizard (?:{commands})\b|--[a-z][a-z-]+|\b[A-Z][A-Z_]{{3,}}\b|\b[a-z0-9]+:[A-Z][A-Za-z]+\b"
    )
    emphasis = {"BOTH", "DIFFERS", "DONE", "DRY", "FAILED", "IMPOSSIBLE", "NEXT", "ONLY", "PRODUCTION", "READ",
                "RUNNING", "SAVED", "STOPPED", "STOPPING", "UNDOING", "UNDONE", "VERIFIED"}  # fmt: skip
    for message in translated[1]:
        for english, words_ in told(message) if message.id else ():
            for name in set(kept.findall(english)) - emphasis:
                assert name in words_, (english, name)


def test_messages_are_looked_up_as_they_stand_in_the_source() -> None:
    wrong = []
    for name, tree in trees().items():
        for call in calls(tree, *MARKS):
            texts = call.args[:2] if called(call) in ("ngettext", "NN_") else call.args[:1]
            if not all(isinstance(literal(text), str) and not hasattr(text, "values") for text in texts):
                wrong += [] if called(call) == "_" and name in BY_NAME else [f"{name}:{call.lineno}"]
    assert wrong == []


def test_what_is_marked_is_in_the_template(extracted: Catalog) -> None:
    """Calls inside of an f-string are seen by Python, but not by the one who extracts."""
    known = {one for message in extracted for one in ([message.id] if isinstance(message.id, str) else message.id)}
    missing = [
        f"{name}:{call.lineno}"
        for name, tree in trees().items() for call in calls(tree, *MARKS)
        for text in call.args[: 2 if called(call) in ("ngettext", "NN_") else 1]
        if isinstance(text, ast.Constant) and text.value and text.value not in known
    ]  # fmt: skip
    assert missing == []


def test_no_message_is_translated_before_the_language_is_chosen() -> None:
    """At import only commands may: they are imported when they are called, long after the language was chosen."""
    commands = ("mwaa_wizard/commands/", "mwaa_wizard/sandbox/commands", "screens/web/command.py")
    early = [
        f"{name}:{call.lineno}"
        for name, tree in trees().items() if not name.startswith(commands)
        for call in at_import(tree) if called(call) in ("_", "ngettext")
    ]  # fmt: skip
    assert early == []


def test_the_words_of_the_dags_are_the_ones_they_say() -> None:
    """Each sentence that is translated afterwards stands in the files that say it, with other signs for the parts."""
    said = " ".join(
        re.sub(r"\s+", " ", re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8")))
        for path in [*(ROOT / "mwaa_wizard/metadata/dags").glob("*.py"), ROOT / "mwaa_wizard/metadata/mapping.py"]
    )
    for sentence in words.SAID:
        for part in PART.split(sentence):
            bare = part.strip(" .;:,()")
            if len(bare) > 3 and bare not in ("task instances",):
                assert bare in said, sentence


def test_rules_of_the_mapping_are_in_the_catalogue(extracted: Catalog) -> None:
    assert {rule.words for rule in rules.RULES} <= ids(extracted)
