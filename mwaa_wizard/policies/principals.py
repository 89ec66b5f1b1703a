"""Who needs a policy for a session, and which documents each gets: a pure function of the session and what is known."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.factory import SIDES
from mwaa_wizard.execution import names
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import documents, kms_key, log_export, operator, render, secrets_backend, ui_users
from mwaa_wizard.policies.facts import Facts, Policy
from mwaa_wizard.session.model import Session

BASE_POLICY = "mwaa-execution"  # as step execution-role names it


@dataclass(frozen=True)
class Piece:
    """One document. `name` is what `policy --for` takes; `label` tells it from its neighbours; `whose`: who attaches
    it; `step`: the step of the run that does (empty: nobody but you); `applies`: the wizard can do it right now.
    """

    name: str
    label: str
    policy: Policy
    whose: str
    step: str = ""
    applies: bool = False


@dataclass(frozen=True)
class Principal:
    """Who gets the documents. `short` is for narrow terminals."""

    name: str
    title: str
    short: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class LeftOut:
    """A principal that this session has no document for, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class Found:
    """All there is, in the order of the tabs."""

    principals: tuple[Principal, ...]
    left_out: tuple[LeftOut, ...]

    def pieces(self) -> dict[str, Piece]:
        """Name -> document."""
        return {piece.name: piece for principal in self.principals for piece in principal.pieces}


def principals(session: Session, facts: Facts, environment: dict[str, Any]) -> Found:
    """Everybody's documents. `environment`: the source as AWS answered it, its kept copy, or nothing yet."""
    steps = operator.steps_of(session)
    found: list[Principal] = []
    out: list[LeftOut] = []
    for make in (_source_role, _target_role, _new_role, _secrets, _bucket, _key, _logs, _operator, _users):
        made = make(session, facts, environment, steps)
        if isinstance(made, LeftOut):
            out.append(made)
        else:
            found.append(made)
    return Found(tuple(found), tuple(out))


Steps = frozenset[str]
Made = Principal | LeftOut


def _source_role(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("Source role")
    if "source-policy" not in steps:
        return LeftOut(title, _("Nothing is exported on this route."))
    piece = Piece("source-role", "", documents.source_role(session, facts),
                  _("The run attaches it and takes it off at the end."), "source-policy", True)  # fmt: skip
    return Principal("source-role", title, _("Source"), (piece,))


def _target_role(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("Target role")
    if "target-policy" not in steps:
        return LeftOut(title, _("Nothing is imported on this route."))
    whose = _("The run attaches it and takes it off at the end.")
    if not facts.target_role_arn:
        whose = _("The run makes the role, attaches this and takes it off at the end.")
    made = _planned(session, facts, documents.target_role(session, facts))
    piece = Piece("target-role", "", made, whose, "target-policy", bool(facts.target_role_arn))
    return Principal("target-role", title, _("Target"), (piece,))


def _new_role(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("New role")
    if "create-target" not in steps:
        return LeftOut(title, _("The environment keeps the role that it has."))
    bucket = f"arn:{facts.partition}:s3:::{facts.target_dag_bucket}"
    base = documents.execution_role_base(session, facts, bucket_arn=bucket)
    trust = documents.execution_role_trust(session, facts)
    if "execution-role" in steps:
        base = dataclasses.replace(base, name=BASE_POLICY)
        whose = _("The run makes the role with both of its documents.")
    else:
        whose = _("You chose a role of your own: this is what it needs in any case. What your DAGs need comes on top.")
    pieces = (
        Piece("execution-role", _("base policy"), _planned(session, facts, base), whose, "execution-role"),
        Piece("execution-role-trust", _("trust policy"), _planned(session, facts, trust), whose, "execution-role"),
    )
    return Principal("execution-role", title if "execution-role" in steps else _("Base policy"), _("New role"), pieces)


def _planned(session: Session, facts: Facts, policy: Policy) -> Policy:
    """With the ARN that the role will have, where the run has not made it yet."""
    if policy.attach_to_arn or not session.target.create_role or not facts.target_account:
        return policy
    arn = f"arn:{facts.partition}:iam::{facts.target_account}:role/{names.target_role(session)}"
    return dataclasses.replace(policy, attach_to_arn=arn)


def _secrets(session: Session, facts: Facts, environment: dict[str, Any], steps: Steps) -> Made:
    title = _("Secrets")
    policy = secrets_backend.for_session(session, facts, environment)
    if policy is None:
        if not environment:
            return LeftOut(title, _("Whether the target reads secrets is known once the source was asked."))
        return LeftOut(title, _("The target's options name no secrets backend of AWS in its own account and region."))
    whose = _("The run attaches it, and it stays: the target's Airflow reads its connections with it.")
    step = "secrets-policy" if "secrets-policy" in steps else "execution-role"
    if step not in steps:
        whose = _("The environment's options name this backend; the run does not attach it. Give it to the role.")
    made = _planned(session, facts, policy)
    piece = Piece("secrets", "", made, whose, step,
                  "secrets-policy" in steps and bool(facts.target_role_arn))  # fmt: skip
    return Principal("secrets", title, _("Secrets"), (piece,))


def _bucket(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("Bucket")
    if "migration-bucket" not in steps:
        return LeftOut(title, _("There is no migration bucket on this route."))
    whose = _("The run puts it on the migration bucket, which goes with it in the clean-up.")
    piece = Piece("bucket", "", documents.migration_bucket_policy(session, facts), whose, "migration-bucket")
    return Principal("bucket", title, _("Bucket"), (piece,))


def _key(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("KMS key")
    if "create-target" not in steps:
        return LeftOut(title, _("The environment keeps the key that it has."))
    if not facts.environment_kms_key_arn:
        return LeftOut(title, _("The target has no key of your own: AWS's key needs no policy."))
    whose = _("Add these statements to those that the key's policy has; the wizard changes no key.")
    if owner := kms_key.foreign_account(facts):
        whose = _("Whoever looks after the key in account {account} adds these statements to those that its policy "
                  "has; the wizard changes no key.").format(account=owner)  # fmt: skip
    piece = Piece("kms-key", "", kms_key.key_policy(session, facts), whose)
    return Principal("kms-key", title, _("Key"), (piece,))


def _logs(session: Session, facts: Facts, _environment: dict[str, Any], steps: Steps) -> Made:
    title = _("Task logs")
    if "logs" not in steps:
        return LeftOut(title, _("No task logs are copied, so nobody needs to read the old ones."))
    whose = _("Part of your own documents already. Alone, it is for somebody who may see logs and nothing else: what "
              "is not copied stays in the source's group.")  # fmt: skip
    labels = {"source": _("source, to read"), "target": _("target, to write")}
    pieces = tuple(
        Piece(f"log-export-{side}", labels[side], log_export.policy(session, facts, side), whose) for side in SIDES
    )
    return Principal("log-export", title, _("Logs"), pieces)


def _operator(session: Session, facts: Facts, environment: dict[str, Any], _steps: Steps) -> Made:
    whose = _("For whoever runs the wizard, as a policy of its own: an administrator attaches it.")
    labels = {
        ("source", False): _("source, to run"), ("source", True): _("source, to plan only"),
        ("target", False): _("target, to run"), ("target", True): _("target, to plan only"),
    }  # fmt: skip
    pieces = []
    for side in SIDES:
        for planning in (False, True):
            name = f"operator-{side}" + ("-planning" if planning else "")
            parts = render.split(operator.policy(session, facts, side, environment, planning=planning))
            for number, part in enumerate(parts, 1):
                more = f" {number}/{len(parts)}" if len(parts) > 1 else ""
                called = name + (f"-{number}" if number > 1 else "")
                pieces.append(Piece(called, labels[side, planning] + more, part, whose))
    return Principal("operator", _("Yourself"), _("You"), tuple(pieces))


def _users(session: Session, facts: Facts, _environment: dict[str, Any], _steps: Steps) -> Made:
    known = dataclasses.replace(facts, target_env=session.target.environment or facts.target_env)
    return Principal("ui-users", _("Airflow users"), _("Users"), user_pieces(known))


def users_whose() -> str:
    """Who attaches the documents of Airflow's users."""
    return _("For people and programs that use the new Airflow; attach it to their role or permission set.")


def user_pieces(facts: Facts) -> tuple[Piece, ...]:
    """Web login in each role, REST API, command line: for `facts.target_env`."""
    whose = users_whose()
    pieces = [
        Piece(f"ui-{role.lower()}", _("web, as {role}").format(role=role), ui_users.web_login(facts, role), whose)
        for role in ui_users.ROLES
    ]
    custom = ui_users.limited(facts, ui_users.OWN_ROLE, ())
    pieces.append(Piece("ui-custom", _("web, in a role of your own"), custom, whose))
    pieces.append(Piece("ui-rest-api", _("REST API, as User"), ui_users.rest_api(facts, "User"), whose))
    pieces.append(Piece("ui-cli", _("command line"), ui_users.command_line(facts), whose))
    return tuple(pieces)
