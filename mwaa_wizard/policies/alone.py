"""Documents for pasting alone: without a session, from what is typed on the command line."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.environments import places
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.policies import documents, kms_key, log_export, operator, principals, secrets_backend, ui_users
from mwaa_wizard.policies.facts import Facts, Policy
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.secrets_backend import Store
from mwaa_wizard.session.model import Session

# botocore mwaa 2020-07-01 (EnvironmentName, IamRoleArn), S3 user guide (bucketnamingrules), KMS (key ARN).
_SHAPES = {
    "env": r"[a-zA-Z][0-9a-zA-Z_-]{0,79}",
    "account": r"\d{12}",
    "region": r"[a-z]{2}(-[a-z]+)+-\d",
    "bucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "kms_key": r"arn:aws(-[a-z]+)?:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
    "execution_role": r"arn:aws(-[a-z]+)?:iam::\d{12}:role/[\w+=,.@/-]+",
    "prefix": r"[A-Za-z0-9/_+=.@-]{1,200}",
}


@dataclass(frozen=True)
class Given:
    """The options, by their names without dashes in front; None where they were not given."""

    env: str | None = None
    account: str | None = None
    region: str | None = None
    role: str | None = None
    dags: tuple[str, ...] = ()
    bucket: str | None = None
    kms_key: str | None = None
    execution_role: str | None = None
    backend: Store = "secrets-manager"
    prefix: str | None = None

    def any(self) -> bool:
        """Whether one was given."""
        return self != Given()


@dataclass(frozen=True)
class _Kind:
    """One kind of document: the options it needs, those it may have, and how it is made."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    make: Callable[[Given, Session, Facts], Policy]


_PLACE = ("env", "account", "region")
KINDS: dict[str, _Kind] = {
    "ui-users": _Kind(_PLACE, ("role", "dags"), lambda given, _session, facts: _web(given, facts)),
    "ui-rest-api": _Kind(_PLACE, ("role",), lambda given, _session, facts: ui_users.rest_api(
        facts, given.role or "User")),
    "ui-cli": _Kind(_PLACE, (), lambda _given, _session, facts: ui_users.command_line(facts)),
    "execution-role": _Kind((*_PLACE, "bucket"), ("kms_key",), lambda given, session, facts: (
        documents.execution_role_base(session, facts, bucket_arn=f"arn:{facts.partition}:s3:::{given.bucket}"))),
    "execution-role-trust": _Kind(_PLACE, (), lambda _given, session, facts: (
        documents.execution_role_trust(session, facts))),
    "secrets": _Kind(("account", "region"), ("backend", "prefix", "kms_key"), lambda given, session, facts: (
        secrets_backend.secrets_backend(session, facts, _starts(given), given.backend))),
    "kms-key": _Kind((*_PLACE, "kms_key"), (), lambda _given, session, facts: kms_key.key_policy(session, facts)),
    "log-export-source": _Kind(_PLACE, (), lambda _given, session, facts: log_export.policy(session, facts, "source")),
    "log-export-target": _Kind(_PLACE, (), lambda _given, session, facts: log_export.policy(session, facts, "target")),
    "operator-source-planning": _Kind((*_PLACE, "bucket", "execution_role"), (), lambda _given, session, facts: (
        operator.policy(session, facts, "source", planning=True))),
}  # fmt: skip


def option(name: str) -> str:
    """How an option is typed."""
    return "--dag" if name == "dags" else f"--{name.replace('_', '-')}"


def misshapen(given: Given) -> str:
    """Which option's value AWS would not take, in words; empty where all can be."""
    for name, shape in _SHAPES.items():
        value = getattr(given, name)
        if value and not re.fullmatch(shape, value):
            return _("{option} {value} is not one that AWS takes.").format(option=option(name), value=value)
    return ""


def problem(which: str, given: Given) -> str:
    """Why there is no such document for these options, in words; empty where there is one."""
    kind = KINDS.get(which)
    if kind is None:
        return _("Name a SESSION; without one there are: {names}").format(names=listed(KINDS))
    if missing := [name for name in kind.needs if not getattr(given, name)]:
        return _("Name a SESSION; without one {which} needs {options}.").format(
            which=which, options=listed(map(option, missing)))  # fmt: skip
    names, plain = [one.name for one in dataclasses.fields(given)], Given()
    typed = [name for name in names if getattr(given, name) != getattr(plain, name)]
    if more := [name for name in typed if name not in (*kind.needs, *kind.may)]:
        return _("{which} has no use for {options}.").format(which=which, options=listed(map(option, more)))
    if wrong := misshapen(given):
        return wrong
    if given.dags and (not given.role or given.role in ui_users.ROLES):
        return _("--dag is for a role of your own: give --role a name that is not one of {roles}.").format(
            roles=listed(ui_users.ROLES))  # fmt: skip
    return ""


def piece(which: str, given: Given) -> Piece:
    """The document; `problem` has found nothing."""
    facts, session = _facts(given), _session(given)
    policy = KINDS[which].make(given, session, facts)
    if policy.name.startswith("mwaa-wizard-"):  # no session's name: nothing is to be found again by it
        ending = which.removeprefix("operator-source-")
        policy = dataclasses.replace(policy, name="-".join(filter(None, ("mwaa", given.env, ending))))
    whose = {"ui-users": principals.users_whose()}.get(policy.principal) or _("Attach it where you paste it.")
    return Piece(which, "", policy, whose)


def _facts(given: Given) -> Facts:
    """Either side is the one place that was given: each document speaks of one of them only."""
    env, account, region = given.env or "", given.account or "", given.region or ""
    return Facts(
        places.partition_of(region), account, region, account, region, source_role_arn=given.execution_role or "",
        source_env=env, target_env=env, environment_kms_key_arn=given.kms_key, secrets_kms_key_arn=given.kms_key,
        source_dag_bucket=given.bucket or "", source_task_log_group=f"airflow-{env}-Task",
    )  # fmt: skip


def _session(given: Given) -> Session:
    session = Session()
    session.source.environment = session.target.environment = given.env or ""
    return session


def _web(given: Given, facts: Facts) -> Policy:
    role = given.role or "Viewer"
    return ui_users.web_login(facts, role) if role in ui_users.ROLES else ui_users.limited(facts, role, given.dags)


def _starts(given: Given) -> list[str]:
    root = (given.prefix or "airflow").strip("/")
    return [f"{root}/{what}/" for what in backends.KINDS]
