"""The settings page: source value beside target value, what differs, what is open, and edits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard.environments import clone, effective, shapes, versions
from mwaa_wizard.environments.edits import edit, reset
from mwaa_wizard.environments.fields import TAGS, Field, fields
from mwaa_wizard.environments.options import Change
from mwaa_wizard.environments.secret import MASK, OPTIONS, is_secret
from mwaa_wizard.i18n import _, sentences
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

__all__ = ["SettingRow", "State", "edit", "problems_of", "reset", "rows", "show"]

State = Literal["same", "changed", "needed", "invalid"]


@dataclass(frozen=True)
class SettingRow:
    """One line of the page. `source` and `target` are ready to show; `name` goes to `edit` and `reset`.

    `edited`: the user changed it, so reset has something to do. `text` is what an edit field starts with.
    """

    name: str
    label: str
    source: str
    target: str
    state: State
    problems: list[str] = field(default_factory=list)
    fixed_after_creation: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False
    edited: bool = False
    text: str = ""


def show(value: object) -> str:
    """A setting's value as one line of text."""
    if value is None:
        return ""
    if isinstance(value, dict) and set(value) <= {"Enabled", "LogLevel", "CloudWatchLogGroupArn"}:
        return str(value.get("LogLevel") or "INFO") if value.get("Enabled") else "off"
    if isinstance(value, dict):
        return clean(json.dumps(value, sort_keys=True, ensure_ascii=False), limit=1000)
    if isinstance(value, list | tuple):
        return clean(", ".join(str(item) for item in value), limit=1000)
    return clean(value, limit=1000)


def rows(session: Session, source_environment: dict[str, Any]) -> list[SettingRow]:
    """All settings in the order they are shown: fields, other members, Airflow options, tags."""
    open_by_name: dict[str, list[str]] = {}
    for question in clone.questions(session, source_environment):
        open_by_name.setdefault(question.name, []).append(question.text)
    values = effective.target_values(session, source_environment)
    found = [_field_row(session, source_environment, item, values, open_by_name) for item in fields()]
    found += _other_rows(session, source_environment, values, open_by_name)
    found += _option_rows(session, source_environment, open_by_name)
    return found + _tag_rows(session, source_environment, open_by_name)


def _field_row(
    session: Session,
    environment: dict[str, Any],
    item: Field,
    values: dict[str, object],
    open_by_name: dict[str, list[str]],
) -> SettingRow:
    source, target = show(effective.default(item.name, environment)), show(values.get(item.name))
    target = target or _made_or_default(session, item.name, text=bool(source))
    problems = open_by_name.get(item.name, [])
    edited = item.name in session.target.settings
    if item.name == "AirflowVersion":
        edited = session.target.airflow_version not in ("", environment.get("AirflowVersion"))
    return SettingRow(
        name=item.name,
        label=item.label,
        source=source,
        target=target,
        state=_state(source, target, problems, missing=item.name not in values),
        problems=problems,
        fixed_after_creation=item.fixed,
        help=item.help,
        choices=_choices(session, item),
        edited=edited,
        text=show(values.get(item.name)),
    )


def _made_or_default(session: Session, name: str, *, text: bool) -> str:
    if (name == "ExecutionRoleArn" and session.target.create_role) or (
        name == "SourceBucketArn" and session.target.create_bucket
    ):
        return _("(made by the wizard)")
    if name == "KmsKey" and text and name in session.target.settings:
        return _("(AWS owned key)")
    return ""


def _state(source: str, target: str, problems: list[str], *, missing: bool) -> State:
    if problems:
        return "needed" if missing else "invalid"
    return "same" if source == target else "changed"


def _choices(session: Session, item: Field) -> tuple[str, ...]:
    if item.kind == "log":
        return ("INFO", "WARNING", "ERROR", "CRITICAL", "DEBUG", "off")
    if item.name == "AirflowVersion":
        with_history = session.route in ("new-environment", "bridge")
        return tuple(v for v in versions.creatable() if not with_history or versions.parse(v) < (3,))
    if item.name == "EnvironmentClass":
        return tuple(row.name for row in versions.classes())
    return shapes.choices(item.name) if item.kind == "text" else ()


def _other_rows(
    session: Session, environment: dict[str, Any], values: dict[str, object], open_by_name: dict[str, list[str]]
) -> list[SettingRow]:
    found = []
    for name in effective.other_members(environment):
        source, target = show(environment.get(name)), show(values.get(name))
        problems = open_by_name.get(name, [])
        found.append(
            SettingRow(
                name=name,
                label=name,
                source=source,
                target=target or _("(left out)"),
                state=_state(source, target, problems, missing=name not in values),
                problems=problems,
                help=_("Bound to its account and region; leave it out, or give the target's as JSON."),
                edited=name in session.target.settings,
                text=target,
            )
        )
    return found


def _option_rows(session: Session, environment: dict[str, Any], open_by_name: dict[str, list[str]]) -> list[SettingRow]:
    have, get_ = effective.source_options(environment), effective.target_options(session, environment)
    changes = effective.option_changes(session, environment)
    why = {item.key: item for item in changes if item.kind != "kept"}
    came_from = {item.new_key: item.key for item in changes if item.stays}
    flipped = {item.key: item for item in effective.flipped_defaults(session, environment)}
    found = []
    for key in sorted({*have, *get_, *session.target.airflow_options, *flipped}):
        if key in flipped and key not in have:
            found.append(_flipped_row(session, flipped[key], get_, open_by_name))
            continue
        name = f"{OPTIONS}.{key}"
        secret = (
            is_secret(key, have.get(key))
            or is_secret(key, get_.get(key))
            or (key in came_from and is_secret(came_from[key], have.get(came_from[key])))
            or key in session.target.secret_options
            or (key in have and have[key] is None)
            or get_.get(key, "") is None
        )
        edited = key in session.target.secret_options or key in session.target.airflow_options
        source = "" if key not in have else MASK if secret else show(have[key])
        target = _("(left out)") if key not in get_ else MASK if secret else show(get_[key])
        problems = open_by_name.get(name, [])
        help_text = _("An Airflow option as section.option. Empty: leave it out.")
        if effective.set_by_mwaa(key):
            help_text = _("MWAA sets this one itself; it is left out.")
        elif key in why and key in have:
            help_text = why[key].reason
        state = _state(source, target, problems, missing=key in get_ and get_[key] is None)
        if state == "same" and key in session.target.secret_options:
            state = "changed"
        found.append(
            SettingRow(
                name=name, label=clean(key, limit=80), source=source, target=target, state=state, problems=problems,
                help=help_text, secret=secret, edited=edited,
                text="" if secret or key not in get_ else show(get_[key]),
            )
        )  # fmt: skip
    return found


def _flipped_row(
    session: Session, change: Change, options: dict[str, str | None], open_by_name: dict[str, list[str]]
) -> SettingRow:
    """An option that nobody has set and whose default is another one there: an edit keeps the source's behaviour."""
    name, old = f"{OPTIONS}.{change.key}", change.value or ""
    default = _("{value} (Airflow's default)")
    given = options.get(change.key)
    problems = open_by_name.get(name, [])
    state: State = "invalid" if problems else "same" if given == old else "changed"
    keep = _("Give {value} to keep what the source does; empty: the new default.").format(value=old)
    return SettingRow(
        name=name, label=clean(change.key, limit=80), source=default.format(value=show(old)),
        target=show(given) or default.format(value=show(change.new_value)), state=state, problems=problems,
        help=sentences([change.reason, keep]), choices=tuple(value for value in (old, change.new_value) if value),
        edited=change.key in session.target.airflow_options, text=show(given or old),
    )  # fmt: skip


def _tag_rows(session: Session, environment: dict[str, Any], open_by_name: dict[str, list[str]]) -> list[SettingRow]:
    have = {str(k): str(v) for k, v in (environment.get(TAGS) or {}).items()}
    get_ = effective.target_tags(session, environment)
    edited = {name.split(".", 1)[1] for name in session.target.settings if name.startswith(f"{TAGS}.")}
    found = []
    for key in sorted({*have, *get_, *edited}):
        source, target = show(have.get(key)), show(get_[key]) if key in get_ else _("(left out)")
        problems = shapes.problems(TAGS, {key: get_[key]}) if key in get_ else []
        if len(get_) > 50:
            problems = open_by_name.get(TAGS, problems)
        own = key.lower().startswith("aws:")
        found.append(
            SettingRow(
                name=f"{TAGS}.{key}", label=_("Tag {key}").format(key=clean(key, limit=128)), source=source,
                target=target, state=_state(source, target, problems, missing=False), problems=problems,
                help=_("AWS sets its own tags (aws:) itself.") if own else _("Empty: leave the tag out."),
                edited=key in edited, text=show(get_.get(key)),
            )
        )  # fmt: skip
    return found


def problems_of(session: Session, source_environment: dict[str, Any]) -> list[str]:
    """Everything still to mend before the target can be made, one line each; empty when all is well."""
    labels = {row.name: row.label for row in rows(session, source_environment)}
    return [
        f"{labels.get(question.name, question.name)}: {question.text}"
        for question in clone.questions(session, source_environment)
    ]
