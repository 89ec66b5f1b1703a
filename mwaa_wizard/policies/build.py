"""A session's role policies, with facts from AWS where it answers and from the journal where it does not."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Literal

from mwaa_wizard import paths
from mwaa_wizard.aws.factory import SIDES, Clients, Side
from mwaa_wizard.environments import effective, lookups, places
from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
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
    for side in SIDES:
        facts = _ask(facts, session, clients, side)
    return facts


def from_session(session: Session) -> Facts:
    """Facts without AWS: from what STS answered last, edited settings, the kept copy of the source, the journal."""
    source, target = session.source.connection, session.target.connection
    environment = kept_source(session)
    facts = Facts(
        partition=target.partition or source.partition or places.partition_of(target.region or source.region),
        source_account=source.account,
        source_region=source.region,
        target_account=target.account,
        target_region=target.region,
        source_env=session.source.environment,
        target_env=session.target.environment,
        source_task_log_group=f"airflow-{session.source.environment}-Task" if session.source.environment else "",
        source_caller_arn=source.arn,
        target_caller_arn=target.arn,
    )
    return with_environment(facts, session, environment)


def with_environment(facts: Facts, session: Session, environment: dict[str, Any]) -> Facts:
    """With what follows from the source's settings; `environment` is GetEnvironment's answer or the kept copy."""
    facts = dataclasses.replace(facts, **_environment_facts(environment, "source"))
    return _with_settings(facts, session, environment)


def kept_source(session: Session) -> dict[str, Any]:
    """The copy of the source that step read-source keeps (no secret values); empty before it ran."""
    try:
        found = json.loads((paths.run_dir(session.id) / "source.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("Name") == session.source.environment else {}


def _with_settings(facts: Facts, session: Session, environment: dict[str, Any]) -> Facts:
    """What follows from the target's settings: its role and its key."""
    values = effective.target_values(session, environment)
    key = str(values.get("KmsKey", "")) or None
    if key and not key.startswith("arn:"):
        name = key if key.startswith("key/") else f"key/{key}"
        key = f"arn:{facts.partition}:kms:{facts.target_region}:{facts.target_account}:{name}"
    if session.target.create_role:
        made = [str(record.get("arn", "")) for record in Journal.of(session.id).live("role")]
        role = next((arn for arn in reversed(made) if arn), "")
    else:
        role = str(values.get("ExecutionRoleArn", ""))
    bucket = names.target_bucket(session) if session.target.create_bucket else str(values.get("SourceBucketArn") or "")
    return dataclasses.replace(
        facts,
        target_role_arn=role or facts.target_role_arn,
        environment_kms_key_arn=key,
        target_dag_bucket=names.bucket_of(bucket),
        target_dag_path=str(values.get("DagS3Path") or "dags").strip("/"),
        target_files=tuple(str(values[path]) for path in OBJECT_VERSIONS if values.get(path)),
    )


def _ask(facts: Facts, session: Session, clients: Clients, side: Side) -> Facts:
    name = session.source.environment if side == "source" else session.target.environment
    known: dict[str, Any] = {}
    try:
        who = lookups.identity(clients, side)
        known = {f"{side}_account": who.account, f"{side}_region": who.region, f"{side}_caller_arn": who.arn}
        if side == "target":
            known["partition"] = who.partition
        if name:
            environment = lookups.environment(clients, side, name)
            known |= _environment_facts(environment, side)
            if side == "source":
                facts = _with_settings(facts, session, environment)
    except WizardError:
        # The page shows what is known; preflight is where an unreachable side stops the user.
        return dataclasses.replace(facts, **known)
    return dataclasses.replace(facts, **known)


def _key_arn(environment: dict[str, Any]) -> str | None:
    """The ARN of an environment's own key; its partition, region and account are those of the environment."""
    key = str(environment.get("KmsKey") or "")
    if not key or key.startswith("arn:"):
        return key or None
    place = str(environment.get("Arn", "")).split(":")[:5]
    if len(place) < 5:
        return None
    return f"arn:{place[1]}:kms:{place[3]}:{place[4]}:{key if key.startswith('key/') else f'key/{key}'}"


def _environment_facts(environment: dict[str, Any], side: Side) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if environment.get("ExecutionRoleArn"):
        known[f"{side}_role_arn"] = environment["ExecutionRoleArn"]
    if side == "source" and environment.get("SourceBucketArn"):
        known["source_dag_bucket"] = names.bucket_of(str(environment["SourceBucketArn"]))
        known["source_dag_path"] = str(environment.get("DagS3Path") or "dags").strip("/")
        known["source_files"] = tuple(str(environment[path]) for path in OBJECT_VERSIONS if environment.get(path))
        known["source_kms_key_arn"] = _key_arn(environment)
    arn = environment.get("LoggingConfiguration", {}).get("TaskLogs", {}).get("CloudWatchLogGroupArn", "")
    if side == "source" and arn:
        known["source_task_log_group"] = arn.split(":log-group:", 1)[1].split(":")[0]
    return known
