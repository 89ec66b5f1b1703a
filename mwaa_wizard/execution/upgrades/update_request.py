"""The UpdateEnvironment request of one version jump: only what changes.

Sources: MWAA user guide upgrading-environment, update-environment; botocore mwaa 2020-07-01 UpdateEnvironmentInput
(Airflow options are replaced as a whole, so all of them go along where one changes).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard import secrets
from mwaa_wizard.environments import effective, rules, shapes
from mwaa_wizard.environments.fields import COUNTS, OBJECT_VERSIONS, TAGS
from mwaa_wizard.environments.options import Change
from mwaa_wizard.environments.secret import OPTIONS, is_secret
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import pinned_requirements
from mwaa_wizard.execution.upgrades.pinned_requirements import Requirements
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

# Members that are told apart from the user's other edits.
_OWN = ("Name", "AirflowVersion", OPTIONS, pinned_requirements.PATH, pinned_requirements.VERSION)


@dataclass(frozen=True)
class Planned:
    """`request` has option values that may be secret (not in the repr). `before`: what it replaces, fit for the
    journal. `options`: what becomes of each Airflow option. `requirements`: None where the environment has none.
    """

    request: dict[str, Any] = field(repr=False)
    before: dict[str, Any] = field(repr=False)
    options: list[Change] = field(repr=False)
    requirements: Requirements | None = field(repr=False)


def plan(ctx: Context, environment: dict[str, Any], version: str, *, edits: bool) -> Planned:
    """What has to be sent to bring `environment` (GetEnvironment's answer) to `version`; reads only.

    `edits`: the session's own changes to settings and options go along (the last jump of an in-place upgrade).
    Raises WizardError that names all that MWAA would refuse.
    """
    session = _as_if_alone(ctx.session, version, edits=edits)
    wrong: list[str] = []
    request: dict[str, Any] = {"Name": environment["Name"], "AirflowVersion": version}
    changes = _settings(ctx, session, environment, request, wrong)
    options = _options(ctx, session, environment, wrong)
    if options != (environment.get(OPTIONS) or {}):
        request[OPTIONS] = options
    wrong += shapes.update_problems(request)
    if wrong:
        raise WizardError(
            what=_("{name} cannot be changed to Airflow {version} like this.").format(
                name=environment["Name"], version=version
            ),
            where=" · ".join(dict.fromkeys(wrong)),
            changed=_("Nothing was changed."),
            remedy=_("Mend them on page Settings, then resume."),
        )
    requirements = pinned_requirements.look(ctx, environment, session.target.settings, version)
    told = [
        change
        for change in effective.option_changes(session, environment)
        if change.kind != "default-flipped" or change.new_key not in options  # the user keeps the old default
    ]
    return Planned(request, _before(environment, request, changes, told), told, requirements)


def _as_if_alone(session: Session, version: str, *, edits: bool) -> Session:
    """The session as one that clones the environment onto itself with another version."""
    planned = session.model_copy(deep=True)
    planned.source.connection = planned.target.connection
    planned.source.environment = planned.target.environment
    planned.target.create_role = planned.target.create_bucket = False
    planned.target.airflow_version = version
    if not edits:
        planned.target.settings, planned.target.airflow_options, planned.target.secret_options = {}, {}, []
    return planned


def _settings(
    ctx: Context, session: Session, environment: dict[str, Any], request: dict[str, Any], wrong: list[str]
) -> list[str]:
    """Puts the user's edits that differ into the request; returns the dotted names of those."""
    edits = session.target.settings
    values = effective.target_values(session, environment)
    found = rules.problems(values, "in-place")
    found.pop("AirflowVersion", None)  # what may be made anew is another question than where an update leads
    wrong += [f"{name}: {text}" for name in found.keys() & _touched(edits) for text in found[name]]
    wanted = [name for name in edits if name not in _OWN or name == pinned_requirements.PATH]
    if "EnvironmentClass" in edits:
        wanted += [name for name in COUNTS if name in values and name not in wanted]
    changed = []
    for name in wanted:
        value, is_now = values.get(name), effective.default(name, environment)
        head, _dot, tail = name.partition(".")
        if head == TAGS:
            wrong.append(_("{name}: UpdateEnvironment changes no tags; leave it out.").format(name=name))
            continue
        if effective.empty(value):
            if not effective.empty(is_now):
                wrong.append(_("{name}: UpdateEnvironment cannot take a setting away; give a value.").format(name=name))
            continue
        if value == is_now:
            continue
        changed.append(name)
        if tail:
            request.setdefault(head, {})[tail] = value
        else:
            request[head] = value
        if head in OBJECT_VERSIONS and head != pinned_requirements.PATH:
            request[OBJECT_VERSIONS[head]] = _newest(ctx, environment, edits, str(value))
    return changed


def _touched(edits: dict[str, object]) -> set[str]:
    """The settings whose rules matter: what is edited, what has to fit that, and what a version may not know.

    What the environment has already, and keeps, is no reason to refuse.
    """
    found = {*edits, "WebserverAccessMode"}
    return found | set(COUNTS) if found & {*COUNTS, "EnvironmentClass"} else found


def _newest(ctx: Context, environment: dict[str, Any], edits: dict[str, object], key: str) -> str:
    bucket = names.bucket_of(str(edits.get("SourceBucketArn") or environment["SourceBucketArn"]))
    return str(ctx.client("target", "s3").head_object(Bucket=bucket, Key=key).get("VersionId") or "null")


def _options(ctx: Context, session: Session, environment: dict[str, Any], wrong: list[str]) -> dict[str, str]:
    """All Airflow options of the new version, with their values."""
    found: dict[str, str] = {}
    version = session.target.airflow_version
    for key, value in effective.target_options(session, environment).items():
        wrong += [f"{key}: {text}" for text in rules.option_problems(key, version)]
        if value is None and key in session.target.secret_options:
            value = secrets.recall(ctx.session.id, key)
        if not value:
            wrong.append(_("{key}: its value is a secret that is not kept; give it again.").format(key=key))
            continue
        found[key] = value
    return found


def _before(
    environment: dict[str, Any], request: dict[str, Any], changed: list[str], told: list[Change]
) -> dict[str, Any]:
    """What the request replaces. Of a secret option only the name that its value has afterwards is kept."""
    before: dict[str, Any] = {
        "airflow_version": str(environment.get("AirflowVersion", "")),
        "settings": {name: effective.default(name, environment) for name in changed},
        "last_update": str((environment.get("LastUpdate") or {}).get("CreatedAt") or ""),
    }
    if pinned_requirements.VERSION in environment:
        before["requirements_version"] = str(environment[pinned_requirements.VERSION])
    if OPTIONS in request:
        now = environment.get(OPTIONS) or {}
        after = {change.key: change.new_key for change in told if change.stays}
        before["options"] = {key: None if is_secret(key, value) else value for key, value in now.items()}
        before["secret_from"] = {key: after.get(key, "") for key, value in now.items() if is_secret(key, value)}
    return before
