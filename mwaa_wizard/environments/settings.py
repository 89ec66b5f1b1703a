"""The settings page: source value beside target value, what differs, what is open, and edits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard import secrets
from mwaa_wizard.environments import clone, effective, rules, shapes, versions
from mwaa_wizard.environments.fields import LOG, TAGS, Field, fields, get
from mwaa_wizard.environments.fields import field as field_of
from mwaa_wizard.environments.secret import MASK, OPTIONS, is_secret
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

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
        choices=_choices(item),
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


def _choices(item: Field) -> tuple[str, ...]:
    if item.kind == "log":
        return ("INFO", "WARNING", "ERROR", "CRITICAL", "DEBUG", "off")
    if item.name == "AirflowVersion":
        return tuple(version for version in versions.creatable() if versions.parse(version) < (3,))
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
    found = []
    for key in sorted({*have, *get_, *session.target.airflow_options}):
        name = f"{OPTIONS}.{key}"
        secret = (
            is_secret(key, have.get(key)) or key in session.target.secret_options or (key in have and have[key] is None)
        )
        edited = key in session.target.secret_options or key in session.target.airflow_options
        source = "" if key not in have else MASK if secret else show(have[key])
        target = _("(left out)") if key not in get_ else MASK if secret else show(get_[key])
        problems = open_by_name.get(name, [])
        help_text = _("An Airflow option as section.option. Empty: leave it out.")
        if effective.set_by_mwaa(key):
            help_text = _("MWAA sets this one itself; it is left out.")
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


def edit(session: Session, name: str, text: str) -> list[str]:
    """Take a typed value into the session, or say what is wrong with it and leave the session as it is.

    How settings fit together is told by `rows` and `problems_of`, since it needs the source. The caller saves the
    session. Lists are split at commas and spaces; an empty text leaves an optional setting out.
    """
    text = text.strip()
    if name.startswith(f"{OPTIONS}."):
        return _edit_option(session, name.split(".", 1)[1], text)
    if name.startswith(f"{TAGS}."):
        return _edit_tag(session, name, text)
    item = field_of(name)
    if item is None:
        return _edit_other(session, name, text)
    if name in ("ExecutionRoleArn", "SourceBucketArn"):
        return _edit_made(session, name, text)
    if not text:
        if not item.optional:
            return [_("This is required; give a value.")]
        session.target.settings[name] = None
        return []
    value, problems = parse(item, text)
    problems = problems or [*shapes.problems(name, value), *_alone(name, value)]
    if problems:
        return problems
    if name == "AirflowVersion":
        session.target.airflow_version = text
    else:
        session.target.settings[name] = value
    return []


def parse(item: Field, text: str) -> tuple[object, list[str]]:
    """A typed value as the API takes it, or what is wrong with its form."""
    if item.kind == "number":
        if not text.isascii() or not text.lstrip("-").isdigit():
            return None, [_("Give a whole number.")]
        return int(text), []
    if item.kind == "list":
        return [part for part in text.replace(",", " ").split() if part], []
    if item.kind == "log":
        level = text.upper()
        levels = shapes.choices(f"{LOG}.TaskLogs.LogLevel")
        if level in ("OFF", "NONE"):
            return {"Enabled": False, "LogLevel": "INFO"}, []
        if level not in levels:
            return None, [_("Choose one of {names}.").format(names=", ".join([*levels, "off"]))]
        return {"Enabled": True, "LogLevel": level}, []
    return text, []


def _alone(name: str, value: object) -> list[str]:
    """Rules that one value breaks whatever the others are."""
    return rules.problems({name: value}).get(name, []) if name not in ("MinWorkers", "MinWebservers") else []


def _edit_made(session: Session, name: str, text: str) -> list[str]:
    role = name == "ExecutionRoleArn"
    if text:
        partition = session.target.connection.partition or "aws"
        value = (
            text
            if role or text.startswith("arn:")
            else f"arn:{partition}:s3:::{text.removeprefix('s3://').rstrip('/')}"
        )
        problems = shapes.problems(name, value)
        account = session.target.connection.account
        if role and not problems and account and value.split(":")[4] != account:
            problems = [
                _("This role is not in the target's account {account}; choose one that is.").format(account=account)
            ]
        if problems:
            return problems
        session.target.settings[name] = value
    else:
        session.target.settings.pop(name, None)
    if role:
        session.target.create_role = not text
    else:
        session.target.create_bucket = not text
    return []


def _edit_option(session: Session, key: str, text: str) -> list[str]:
    target = session.target
    if not text:
        _forget_option(session, key)
        target.airflow_options[key] = None
        return []
    problems = [*shapes.problems(OPTIONS, {key: text}), *rules.option_problems(key, target.airflow_version)]
    if problems:
        return problems
    _forget_option(session, key)
    if is_secret(key, text):
        secrets.remember(session.id, key, text)
        target.secret_options = [*target.secret_options, key]
    else:
        target.airflow_options[key] = text
    return []


def _forget_option(session: Session, key: str) -> None:
    session.target.airflow_options.pop(key, None)
    if key in session.target.secret_options:
        session.target.secret_options = [name for name in session.target.secret_options if name != key]
        secrets.forget(session.id, key)


def _edit_tag(session: Session, name: str, text: str) -> list[str]:
    key = name.split(".", 1)[1]
    if key.lower().startswith("aws:"):
        return [_("Tags that begin with aws: are AWS's own; choose another name.")]
    problems = shapes.problems(TAGS, {key: text}) if text else []
    if not problems:
        session.target.settings[name] = text or None
    return problems


def _edit_other(session: Session, name: str, text: str) -> list[str]:
    if name not in shapes.members():
        return [_("There is no setting {name}.").format(name=clean(name, limit=80))]
    if not text:
        session.target.settings[name] = None
        return []
    try:
        value = json.loads(text)
    except ValueError:
        return [_("Give the value as JSON.")]
    problems = shapes.problems(name, value)
    if not problems:
        session.target.settings[name] = value
    return problems


def reset(session: Session, name: str) -> None:
    """Forget the user's edit: the target takes the source's value again (role and bucket: the wizard's own)."""
    if name.startswith(f"{OPTIONS}."):
        _forget_option(session, name.split(".", 1)[1])
        return
    session.target.settings.pop(name, None)
    if name == "AirflowVersion":
        session.target.airflow_version = ""
    elif name == "ExecutionRoleArn":
        session.target.create_role = True
    elif name == "SourceBucketArn":
        session.target.create_bucket = True


def problems_of(session: Session, source_environment: dict[str, Any]) -> list[str]:
    """Everything still to mend before the target can be made, one line each; empty when all is well."""
    labels = {row.name: row.label for row in rows(session, source_environment)}
    return [
        f"{labels.get(question.name, question.name)}: {question.text}"
        for question in clone.questions(session, source_environment)
    ]


def source_value(environment: dict[str, Any], name: str) -> str:
    """The source's value of a setting as one line."""
    return show(get(environment, name))
