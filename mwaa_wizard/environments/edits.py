"""Edits of the target's settings: a typed value is checked alone, then written into the session."""

from __future__ import annotations

import json

from mwaa_wizard import secrets
from mwaa_wizard.environments import rules, shapes
from mwaa_wizard.environments.fields import LOG, TAGS, Field
from mwaa_wizard.environments.fields import field as field_of
from mwaa_wizard.environments.secret import OPTIONS, is_secret
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


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
            return None, [_("Choose one of {names}.").format(names=listed([*levels, "off"]))]
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
