"""Settings: one question for each row that the source's environment has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine
from mwaa_wizard.front.question import Answer, Choice, Kind, Question, Refused
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.front.engine import Environment
    from mwaa_wizard.session.model import Session


def settings_questions(session: Session, environment: Environment) -> list[Question]:
    """In the order of the page. The version is asked for with the route; in place, what is fixed is not asked."""
    return [
        of_row(session, row)
        for row in engine.setting_rows(session, environment)
        if not refusal(session, row)
    ]


def refusal(session: Session, row: SettingRow) -> str:
    """Why a row cannot be edited on this page; empty where it can."""
    if row.name == "AirflowVersion":
        return _("The version is chosen with the route, on page Route.")
    if row.fixed_after_creation and session.route == "in-place":
        return _("{label} cannot be changed any more.").format(label=clean(row.label))
    return ""


def name_of(setting: str) -> str:
    """`settings.MaxWorkers`, `options.core.parallelism`."""
    from mwaa_wizard.environments.secret import OPTIONS

    if setting.startswith(f"{OPTIONS}."):
        return "options." + setting.removeprefix(f"{OPTIONS}.")
    return f"settings.{setting}"


def setting_of(name: str) -> str:
    """The setting of a question's name, as `environments.settings` calls it; empty where it is no such name."""
    from mwaa_wizard.environments.secret import OPTIONS

    kind, _dot, rest = name.partition(".")
    if not rest:
        return ""
    return {"settings": rest, "options": f"{OPTIONS}.{rest}"}.get(kind, "")


def of_row(session: Session, row: SettingRow) -> Question:
    """The question of a row; its choices are AWS's where the row itself has none."""
    several = engine.takes_several(row.name)
    words = clean(row.help)
    if row.fixed_after_creation and "⚠" not in words:
        words += " ⚠ " + _("Cannot be changed once the environment exists.")
    longest, restrict = _limits(row)
    kind: Kind = "lines" if several else "choice" if row.choices else "text"
    return Question(
        name=name_of(row.name), page="settings", kind=kind, label=clean(row.label), help=words,
        read=lambda _session: row.text.replace(",", " ").split() if several else row.text,
        write=partial(_write, row.name), check=partial(_check, row), choices=partial(_choices, row),
        slow=not row.choices, free=True, secret=row.secret, longest=longest, restrict=restrict,
    )  # fmt: skip


def of_setting(session: Session, setting: str) -> Question:
    """The question of a setting by its own name, without the source's environment: for a session that is answered
    where AWS cannot be asked.
    """
    from mwaa_wizard.environments.fields import field
    from mwaa_wizard.environments.secret import OPTIONS, is_secret
    from mwaa_wizard.environments.settings import SettingRow

    item, key = field(setting), setting.removeprefix(f"{OPTIONS}.")
    secret = key != setting and (is_secret(key, None) or key in session.target.secret_options)
    row = SettingRow(
        setting, item.label if item else key, "", "", "same", help=item.help if item else "",
        fixed_after_creation=bool(item and item.fixed), secret=secret,
    )  # fmt: skip
    if problem := refusal(session, row):
        raise Refused([problem])
    return of_row(session, row)


def edited(session: Session) -> dict[str, str]:
    """What the user changed from the source, by the question's name, as text that an edit takes again; a secret
    option has an empty text.
    """
    from mwaa_wizard.environments.secret import OPTIONS
    from mwaa_wizard.environments.settings import show

    target = session.target
    found = {name_of(name): show(value) for name, value in target.settings.items()}
    found |= {name_of(f"{OPTIONS}.{key}"): value or "" for key, value in target.airflow_options.items()}
    return found | {name_of(f"{OPTIONS}.{key}"): "" for key in target.secret_options}


def reset_all(session: Session) -> list[str]:
    """Forget every edit of a setting; the names of what was edited."""
    names = list(edited(session))
    for name in names:
        engine.reset_setting(session, setting_of(name))
    return names


def _limits(row: SettingRow) -> tuple[int, str]:
    """The longest text that AWS takes, from its own model, and what can be typed at all."""
    from mwaa_wizard.environments import fields, shapes

    item = fields.field(row.name)
    if item is not None and item.kind == "number":
        return 4, r"-?[0-9]*"
    if item is None or item.kind != "text":
        return 0, ""
    try:
        return int(shapes.shape_of(row.name).metadata.get("max") or 0), ""
    except KeyError:
        return 0, ""


def _choices(row: SettingRow, session: Session) -> list[Choice]:
    if row.choices:
        return [Choice(choice) for choice in row.choices]
    return [Choice(value, words) for value, words in engine.setting_choices(session, row.name)]


def _text(answer: Answer) -> str:
    return ", ".join(answer) if isinstance(answer, list) else "" if answer is None else str(answer)


def _check(row: SettingRow, session: Session, answer: Answer) -> list[str]:
    from mwaa_wizard.environments.secret import OPTIONS, is_secret

    text = _text(answer)
    if row.secret or (row.name.startswith(OPTIONS) and is_secret(row.name.partition(".")[2], text)):
        return []  # writing it puts it into keyring at once: only `write` tells whether it can be
    return engine.edit_setting(session.model_copy(deep=True), row.name, text)


def _write(name: str, session: Session, answer: Answer) -> None:
    found = engine.edit_setting(session, name, _text(answer))
    if found:
        raise Refused(found)
