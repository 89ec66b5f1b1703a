"""What a typed answer means where there are choices to count through, and the settings that a file may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.front.question import Answer, Choice, Question, parse
from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.front.engine import Environment
    from mwaa_wizard.session.model import Session

NOTHING = "-"
_ALL, _NONE = ("all", "*"), ("none",)


def meant(question: Question, text: str, choices: Sequence[Choice] = ()) -> Answer:
    """The answer a text stands for: `-` is nothing, numbers and ranges count through the choices, names are taken as
    they are. Raises ValueError in words.
    """
    text = text.strip()
    if text == NOTHING:
        return [] if question.kind in ("several", "lines") else ""
    values = [choice.value for choice in choices]
    if question.kind == "several" or (question.kind == "lines" and values):
        if text.lower() in _ALL and question.kind == "several":
            return list(values)
        if text.lower() in _NONE:
            return []
        return list(dict.fromkeys(one for part in _parts(text) for one in _counted(part, values)))
    if values and text not in values and text.isascii() and text.isdigit():
        if 1 <= int(text) <= len(values):
            return values[int(text) - 1]
        if not question.free:
            raise ValueError(_("Give a number from 1 to {count}.").format(count=len(values)))
    if question.kind == "yes-no":
        text = {_("yes").lower(): "yes", _("no").lower(): "no"}.get(text.lower(), text)
    return parse(question, text)


def _parts(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").split() if part]


def _counted(part: str, values: Sequence[str]) -> Iterator[str]:
    """The values of `3`, of `2-5`, or of a name."""
    span = re.fullmatch(r"(\d+)(?:-(\d+))?", part, re.ASCII)
    if part in values or span is None:
        yield part
        return
    low, high = int(span[1]), int(span[2] or span[1])
    if not 1 <= low <= high <= len(values):
        raise ValueError(_("Give numbers from 1 to {count}, or ranges like 2-5.").format(count=len(values)))
    yield from values[low - 1 : high]


def setting_question(session: Session, environment: Environment, name: str) -> Question | None:
    """The question of a setting by its name (`settings.MaxWorkers`, or short: `MaxWorkers`); an option that the source
    does not have can be added. None where there is no such setting, or it cannot be changed.
    """
    from mwaa_wizard.environments.secret import OPTIONS
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.front import questions
    from mwaa_wizard.front.questions.settings import of_row

    asked = questions.settings_questions(session, environment)
    wanted = (name, f"settings.{name}", f"options.{name}")
    for question in asked:
        if question.name in wanted or question.label.lower() == name.lower():
            return question
    key = name.removeprefix("options.")
    section, dot, option = key.partition(".")
    if dot and section and option and not name.startswith("settings."):
        return of_row(session, SettingRow(f"{OPTIONS}.{key}", key, "", "", "changed"))
    return None
