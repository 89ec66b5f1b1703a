"""Keeps what a run in the sandbox asks for: written with MWAA_WIZARD_RECORD=1, else compared with the record.

    with recorder.recording("in-place", session, environment, {role: "operator-source"}) as ledger:
        ...                                          # the run, its clean-up, undo
    assert ledger.refused == []
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.sandbox import control
from mwaa_wizard.session.model import Session
from tests.policies.minimal import record, replay
from tests.policies.minimal.record import Document, Record, Row

_NOT_KEPT = ("allowed", "ours")
# MWAA tries Airflow's roles from Admin down, so that all above the granted one are refused.
_TRIED = ("airflow:InvokeRestApi", "airflow:CreateWebLoginToken")


@dataclass
class Kept:
    """What the run asked for; filled at its end. `refused`: rows that were refused to the roles looked at."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)


@contextmanager
def recording(
    name: str, session: Session, environment: dict[str, Any], who: Mapping[str, str | tuple[str, ...]]
) -> Iterator[Kept]:
    """`who`: the roles whose documents the test attached, and their labels (`Piece.name`, first part). One at a time.

    An error inside is passed on, and nothing is written or compared then.
    """
    environment = _plain(environment)
    facts = record.facts_of(session, environment)
    labels = {role: (given,) if isinstance(given, str) else tuple(given) for role, given in who.items()}
    made = Record(name, session.model_copy(deep=True), facts, environment, labels, {}, [])
    made.others = {role: _documents(role) for role in made.roles if role not in labels}
    kept = Kept()
    control.ledger("begin")
    try:
        yield kept
    finally:
        rows = control.ledger("end")
    mine = [row for row in map(_parsed, rows) if row["principal"] in made.roles or _service(made, row)]
    kept.refused = [row for row in mine if not row["allowed"] and row["action"] not in _TRIED]
    kept.rows = made.rows = _needed(made, [row for row in mine if row["allowed"]])
    if os.environ.get(record.AGAIN) == "1":
        place = made.save()
        print(f"recorded {len(made.rows)} permissions in {place}", flush=True)
        return
    _compare(made)


def _compare(live: Record) -> None:
    """Nothing was asked that the record has not: else the record is of another program than this one."""
    place = record.FOLDER / live.name
    assert place.is_dir(), f"there is no record {live.name}: run this test once with {record.AGAIN}=1"
    new = unknown(live, [record.load(place), *record.recorded()])
    assert not new, f"not in record {live.name}, run this test once with {record.AGAIN}=1: {new}"


def unknown(live: Record, known: Sequence[Record]) -> list[tuple[str, str]]:
    """Who asked for which action that the first record, of the same name, has not.

    An environment's own Airflow asks when its time has come, so that its calls may fall into any of the runs.
    """
    found = {pair for one in known for pair in record.actions(one, one.rows) if _of_airflow(pair[0])}
    return sorted(record.actions(live, live.rows) - record.actions(known[0], known[0].rows) - found)


def _of_airflow(label: str) -> bool:
    return label.startswith(("execution-role", "source-role", "target-role"))


def _plain(environment: dict[str, Any]) -> dict[str, Any]:
    """What the builders look at: not the times, and of the options only which secrets backend there is."""
    found = {key: value for key, value in environment.items() if key not in ("CreatedAt", "LastUpdate", "WebserverUrl")}
    options = found.get("AirflowConfigurationOptions") or {}
    found["AirflowConfigurationOptions"] = {key: options[key] for key in options if key.startswith("secrets.")}
    return dict(json.loads(json.dumps(found, default=str)))


def _parsed(row: Row) -> Row:
    return {**row, "policy": json.loads(row["policy"]) if row["policy"] else None}


def _service(made: Record, row: Row) -> bool:
    """MWAA assumes the role, CloudWatch Logs uses the key."""
    theirs = (made.facts.target_role_arn, made.facts.environment_kms_key_arn)
    return bool(row["kind"] == "service" and row["resource"] in theirs)


def _needed(made: Record, rows: list[Row]) -> list[Row]:
    """Without what a role may do without the wizard's documents, and without the bucket's policy, which is made anew
    for the proof: rows that are the same then are one.
    """
    found: dict[str, Row] = {}
    for row in rows:
        if row["kind"] != "service" and replay.allowed_by(made, row, made.others.get(row["principal"], [])):
            continue
        ours = str(row["resource"]).partition("/")[0] == made.bucket
        plain = {key: value for key, value in row.items() if key not in _NOT_KEPT and not (ours and key == "policy")}
        found.setdefault(json.dumps(plain, sort_keys=True), {**plain, "policy": plain.get("policy")})
    return [found[key] for key in sorted(found)]


def _documents(role: str) -> list[Document]:
    """What a role has before the wizard does anything, read with the sandbox's own credentials; none if it is not."""
    import boto3
    from botocore.session import Session as Core

    status = control.status()
    account = role.split(":")[4]
    place = next(one for one in status.accounts if one.account == account)
    core = Core(profile=place.profile)
    core.set_config_variable("config_file", status.config_file)
    core.set_config_variable("credentials_file", status.credentials_file)
    iam = boto3.Session(botocore_session=core).client("iam", region_name=place.region, endpoint_url=status.endpoint_url)
    name = role.rsplit("/", 1)[1]
    try:
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    except iam.exceptions.NoSuchEntityException:
        return []
    found = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in inline]
    for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        policy = iam.get_policy(PolicyArn=one["PolicyArn"])["Policy"]
        version = iam.get_policy_version(PolicyArn=one["PolicyArn"], VersionId=policy["DefaultVersionId"])
        found.append(version["PolicyVersion"]["Document"])
    return [dict(document) for document in found]
