"""Everything the wizard asks, one file a page. Screens, prompts, answers files and options all go through here.

`all_questions` holds what is asked of every session; a page may have more, made of what its environment has
(`settings_questions`, `value_questions`). Declarations are made anew on each call: their words follow the language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mwaa_wizard.front.question import Question

from .follow import learn as learn
from .follow import suggest as suggest
from .settings import settings_questions as settings_questions
from .values import value_questions as value_questions

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


def _by_page() -> dict[str, Callable[[], tuple[Question, ...]]]:
    """What makes the questions whose names begin like that, in the order of the pages."""
    from . import connect, entries, logs, review, route, source, tables, target

    return {
        "connect": connect.questions, "source": source.questions, "route": route.questions,
        "target": target.questions, "entries": entries.questions, "tables": tables.questions,
        "logs": logs.questions, "review": review.questions,
    }  # fmt: skip


def all_questions() -> tuple[Question, ...]:
    """What is asked of every session, in the order of the pages."""
    return tuple(question for made in _by_page().values() for question in made())


def of_page(page: str, session: Session) -> list[Question]:
    """What a page asks now: nothing where the session's route leaves it out."""
    from mwaa_wizard.front import flow

    if page not in flow.pages(session) or flow.left_out(page, session):
        return []
    return [question for question in all_questions() if question.page == page and question.asked(session)]


def named(name: str) -> Question | None:
    """The question of a name, whether it is asked now or not."""
    made = _by_page().get(name.partition(".")[0])
    return next((question for question in made() if question.name == name), None) if made else None


def must(name: str) -> Question:
    """The question of a name that is known to be there."""
    found = named(name)
    if found is None:
        raise KeyError(name)
    return found
