"""From GetEnvironment's answer to a CreateEnvironment request."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from mwaa_wizard import secrets
from mwaa_wizard.environments import effective, placed, rules, shapes
from mwaa_wizard.environments.fields import OBJECT_VERSIONS, TAGS, fields
from mwaa_wizard.environments.secret import OPTIONS, is_secret
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.names import SESSION_TAG
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


@dataclass(frozen=True)
class Question:
    """Something the user must decide before the target can be made. `name` is the setting's dotted name."""

    name: str
    text: str


def sanitise(get_environment_answer: dict[str, Any]) -> dict[str, Any]:
    """The environment, safe to keep: values of secret Airflow options become None. Takes the answer or its
    `Environment` member; dates become ISO text.
    """
    environment = copy.deepcopy(get_environment_answer.get("Environment", get_environment_answer))
    environment.pop("ResponseMetadata", None)
    options = environment.get(OPTIONS)
    if isinstance(options, dict):
        environment[OPTIONS] = {k: None if is_secret(k, v) else v for k, v in options.items()}
    return dict(_plain(environment))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def create_request(
    session: Session,
    source_environment: dict[str, Any],
    *,
    role_arn: str,
    bucket_arn: str,
    object_versions: dict[str, str],
) -> dict[str, Any]:
    """The request for CreateEnvironment: an allow-list of its members, the user's edits winning.

    `source_environment` is GetEnvironment's `Environment`, best as AWS just answered it (a sanitised one has no
    secret option values). `object_versions` maps RequirementsS3ObjectVersion, PluginsS3ObjectVersion and
    StartupScriptS3ObjectVersion to the version ids in the target's bucket. Raises WizardError naming every setting
    that is still open or wrong; nothing secret is in its text.
    """
    open_questions = questions(session, source_environment, role_arn=role_arn, bucket_arn=bucket_arn, strict=True)
    if open_questions:
        raise _refused([f"{question.name}: {question.text}" for question in open_questions])
    request = _request(session, source_environment, role_arn, bucket_arn, object_versions)
    wrong = shapes.request_problems(request)
    script = "StartupScriptS3Path"
    if script in request and OBJECT_VERSIONS[script] not in request:
        # MWAA user guide, using-startup-script: unlike the other two, its version is mandatory.
        text = _("{name}: MWAA needs the version of the startup script in the target's bucket; copy the files first.")
        wrong.append(text.format(name=OBJECT_VERSIONS[script]))
    if wrong:
        raise _refused(wrong)
    return request


def _refused(texts: list[str]) -> WizardError:
    return WizardError(
        what=ngettext(
            "The new environment cannot be made yet: {count} setting is open or wrong.",
            "The new environment cannot be made yet: {count} settings are open or wrong.",
            len(texts),
        ).format(count=len(texts)),
        where=" · ".join(texts),
        changed=_("Nothing was changed."),
        remedy=_("Mend them on page Settings, then resume."),
    )


def _request(
    session: Session, environment: dict[str, Any], role_arn: str, bucket_arn: str, object_versions: dict[str, str]
) -> dict[str, Any]:
    request: dict[str, Any] = {"Name": session.target.environment}
    for name, value in effective.target_values(session, environment).items():
        head, _dot, tail = name.partition(".")
        if tail:
            request.setdefault(head, {})[tail] = value
        else:
            request[head] = value
    request["ExecutionRoleArn"], request["SourceBucketArn"] = role_arn, bucket_arn
    for path, version in OBJECT_VERSIONS.items():
        if path in request and object_versions.get(version):
            request[version] = object_versions[version]
    options = {key: _option_value(session, environment, key, value)
               for key, value in effective.target_options(session, environment).items()}  # fmt: skip
    if options:
        request[OPTIONS] = options
    if tags := effective.target_tags(session, environment):
        request[TAGS] = tags
    return {name: request[name] for name in shapes.members() if not effective.empty(request.get(name))}


def _option_value(session: Session, environment: dict[str, Any], key: str, value: str | None) -> str:
    if value is not None:
        return value
    if key in session.target.secret_options:
        return secrets.recall(session.id, key) or ""
    return effective.source_options(environment).get(key) or ""


def questions(
    session: Session,
    source_environment: dict[str, Any],
    *,
    role_arn: str = "",
    bucket_arn: str = "",
    strict: bool = False,
) -> list[Question]:
    """What is still open or does not fit, in the order of the settings. Empty: CreateEnvironment can be asked.

    `role_arn` and `bucket_arn` are what the wizard has made (or will); without them only what the user chooses is
    looked at. `strict`: secret option values must be there too, as when the request is about to be sent.
    """
    found: list[Question] = []
    if not session.target.environment:
        found.append(Question("Name", _("The new environment has no name yet; give one on page Target.")))
    else:
        found += [Question("Name", text) for text in shapes.problems("Name", session.target.environment)]
    values = effective.target_values(session, source_environment)
    if role_arn or session.target.create_role:
        values["ExecutionRoleArn"] = role_arn or None
    if bucket_arn or session.target.create_bucket:
        values["SourceBucketArn"] = bucket_arn or None
    wrong = rules.problems(values, session.route)
    _add(wrong, placed.problems(session, values))
    away = effective.moved(session, source_environment)
    if away.account or away.region:
        _add(wrong, placed.quota_problems(session, values))
    for field in fields():
        value = values.get(field.name)
        if value is not None:
            texts = [*shapes.problems(field.name, value), *wrong.get(field.name, [])]
        else:
            texts = missing(session, source_environment, field.name)
        found += [Question(field.name, text) for text in texts]
    for name in effective.other_members(source_environment):
        if name in values:
            found += [Question(name, text) for text in shapes.problems(name, values[name])]
    found += _unknown(session, source_environment, values)
    options = _option_questions(session, source_environment, strict=strict)
    return found + options + _tag_questions(session, source_environment)


def _add(wrong: rules.Problems, more: rules.Problems) -> None:
    for name, texts in more.items():
        wrong.setdefault(name, []).extend(texts)


def _unknown(session: Session, environment: dict[str, Any], values: dict[str, object]) -> list[Question]:
    """Edits that only a hand in the session's file can make: members without a field, and no members at all."""
    found = []
    named = {item.name for item in fields()} | set(effective.other_members(environment))
    for name in session.target.settings:
        if name in named or name.startswith(f"{TAGS}."):
            continue
        if name in values:
            found += [Question(name, text) for text in shapes.problems(name, values[name])]
        elif name not in effective.other_names():
            text = _("MWAA has no such setting, or it is chosen elsewhere; take it out of the session.")
            found.append(Question(clean(name, limit=80), text))
    return found


def missing(session: Session, source_environment: dict[str, Any], name: str) -> list[str]:
    """Why a setting without a value needs one; empty where none is needed."""
    item = next(field for field in fields() if field.name == name)
    away = effective.moved(session, source_environment)
    had = not effective.empty(effective.default(name, source_environment))
    if name == "ExecutionRoleArn":
        if session.target.create_role:
            return []
        return [
            _("Choose a role of the target's account that trusts airflow.amazonaws.com, or let the wizard make one.")
        ]
    if name == "SourceBucketArn":
        return (
            []
            if session.target.create_bucket
            else [_("Choose a bucket in the target's region, or let the wizard make one.")]
        )
    if name == "KmsKey" and had and away.breaks("region") and name not in session.target.settings:
        return [_("The source's key cannot be used there. Give one of the target's region, or none for AWS's own.")]
    if item.optional:
        return []
    if away.breaks(item.bound):
        return [_("The source's value belongs to another account or region; choose one of the target's.")]
    return [_("This is required; give a value.")]


def _option_questions(session: Session, environment: dict[str, Any], *, strict: bool) -> list[Question]:
    version = session.target.airflow_version or str(environment.get("AirflowVersion", ""))
    found = []
    for key, value in effective.target_options(session, environment).items():
        name = f"{OPTIONS}.{key}"
        found += [Question(name, text) for text in rules.option_problems(key, version)]
        real = _option_value(session, environment, key, value)
        if not real:
            # A value hidden by `sanitise` is no question: the source is read again when the target is made.
            if strict or key in session.target.secret_options:
                found.append(Question(name, _("Its value is a secret that is not kept; give it again.")))
            continue
        found += [Question(name, text) for text in shapes.problems(OPTIONS, {key: real})]
    return found


def _tag_questions(session: Session, environment: dict[str, Any]) -> list[Question]:
    tags = effective.target_tags(session, environment)
    found = shapes.problems(TAGS, tags) if tags else []
    most = int(shapes.shape_of(TAGS).metadata["max"])
    if len(tags) == most and SESSION_TAG not in tags:
        text = _("{path}: {most} are there, and the wizard adds one of its own; leave one out.")
        found.append(text.format(path=TAGS, most=most))
    return [Question(TAGS, text) for text in found]
