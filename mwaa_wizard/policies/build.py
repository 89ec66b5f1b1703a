"""A session's role policies, with facts from AWS where it answers and from the journal where it does not."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.environments import lookups, places
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import documents
from mwaa_wizard.policies.facts import Facts, Policy
from mwaa_wizard.session.model import Session

Which = Literal["source-role", "target-role"]


def for_session(session: Session, which: Which, clients: Clients | None = None) -> Policy:
    """The inline policy for one of the two execution roles.

    The document needs no call; `attach_to_arn` is asked from AWS, read from the journal when AWS does not answer,
    and empty while the role is not known. Raises WizardError for a `which` that is neither.
    """
    facts = facts_of(session, clients)
    if which == "source-role":
        return documents.source_role(session, facts)
    if which == "target-role":
        return documents.target_role(session, facts)
    raise WizardError(
        what=_("There is no policy for {name}.").format(name=which),
        changed=_("Nothing was changed."),
        remedy=_("Choose source-role or target-role."),
    )


def facts_of(session: Session, clients: Clients | None = None) -> Facts:
    """What is known of both sides, the newest source first: AWS, the session, the journal."""
    facts = from_session(session)
    if clients is None:
        return facts
    for side in ("source", "target"):
        facts = _ask(facts, session, clients, "source" if side == "source" else "target")
    return facts


def from_session(session: Session) -> Facts:
    """Facts without AWS: connections as STS answered last, edited settings, and what the journal recorded."""
    source, target = session.source.connection, session.target.connection
    seen = Journal.of(session.id)
    return Facts(
        partition=target.partition or source.partition or places.partition_of(target.region or source.region),
        source_account=source.account,
        source_region=source.region,
        target_account=target.account,
        target_region=target.region,
        source_role_arn=_recorded(seen, "source"),
        target_role_arn=_chosen_role(session) or _recorded(seen, "target"),
        source_env=session.source.environment,
        target_env=session.target.environment,
        source_task_log_group=f"airflow-{session.source.environment}-Task" if session.source.environment else "",
        environment_kms_key_arn=_environment_key(session),
    )


def _chosen_role(session: Session) -> str:
    chosen = session.target.settings.get("ExecutionRoleArn")
    return str(chosen) if chosen and not session.target.create_role else ""


def _environment_key(session: Session) -> str | None:
    key = session.target.settings.get("KmsKey")
    return str(key) if isinstance(key, str) and key.startswith("arn:") else None


def _recorded(journal: Journal, side: Side) -> str:
    """The role's ARN in the newest record that has one under the side's name, or of a role that was made."""
    found = ""
    for record in journal.records():
        for name in (f"{side}_role_arn", f"{side}_role"):
            if str(record.get(name, "")).startswith("arn:"):
                found = str(record[name])
        made = side == "target" and record.get("kind") == "role" and record.get("event") == "made"
        if made and str(record.get("arn", "")).startswith("arn:"):
            found = str(record["arn"])
    return found


def _ask(facts: Facts, session: Session, clients: Clients, side: Side) -> Facts:
    name = session.source.environment if side == "source" else session.target.environment
    known: dict[str, Any] = {}
    try:
        who = lookups.identity(clients, side)
        known = {f"{side}_account": who.account, f"{side}_region": who.region}
        if side == "target":
            known["partition"] = who.partition
        if name:
            known |= _environment_facts(lookups.environment(clients, side, name), side)
    except WizardError:
        # The page shows what is known; preflight is where an unreachable side stops the user.
        return dataclasses.replace(facts, **known)
    return dataclasses.replace(facts, **known)


def _environment_facts(environment: dict[str, Any], side: Side) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if environment.get("ExecutionRoleArn"):
        known[f"{side}_role_arn"] = environment["ExecutionRoleArn"]
    arn = environment.get("LoggingConfiguration", {}).get("TaskLogs", {}).get("CloudWatchLogGroupArn", "")
    if side == "source" and arn:
        known["source_task_log_group"] = arn.split(":log-group:", 1)[1].split(":")[0]
    return known
