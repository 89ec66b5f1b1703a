"""What `mwaa-wizard routes` prints of every pair of known versions is what the documents' table says, word by word."""

from __future__ import annotations

import re

import pytest

from mwaa_wizard.environments.routes import Request, plan, render
from mwaa_wizard.environments.routes.model import Kind
from tests.environments.routes import table
from tests.environments.routes.test_table import LETTERS, TABLES

HEAD = re.compile(r"^(▸|✔|✘) ([a-z-]+): (\w+)", re.MULTILINE)


def parts(text: str) -> dict[str, tuple[str, str]]:
    """{kind: (what is said of it, its own lines on one line)}, in the order they are printed."""
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {
        head[2]: (head[3], " ".join(text[head.start() : end].split())) for head, end in zip(heads, ends, strict=True)
    }


@pytest.mark.parametrize("source", table.VERSIONS)
def test_every_pair_is_printed_as_the_table_has_it(source: str) -> None:
    expected: dict[Kind, dict[tuple[str, str], str]] = {kind: table.cells(text) for kind, text in TABLES.items()}
    best = table.cells(table.RECOMMENDED)
    wrong = []
    for target in table.VERSIONS:
        said = parts(render.to_text(plan(Request(source, target)), 100))
        assert set(said) == set(TABLES), (source, target)
        for kind, cells in expected.items():
            letter, (verdict, words) = cells[source, target], said[kind]
            recommended = LETTERS[kind] == best[source, target]
            if letter in table.REASONS:
                reason, origin = table.REASONS[letter]
                good = verdict == "blocked" and reason in words and origin in words
            else:
                good = verdict == ("recommended" if recommended else "possible")
                good = good and "Time:" in words and "Cost while both run:" in words and "history" in words
            if not good:
                wrong.append((source, target, kind, letter, words[:200]))
        chosen = [kind for kind in TABLES if LETTERS[kind] == best[source, target]]
        assert list(said)[: len(chosen)] == chosen, (source, target)  # what is recommended stands first
    assert wrong == []
