"""What the sandbox's evaluator says to a recorded call, with the documents as they are made today, or less of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mwaa_wizard.sandbox.aws.authorise.context import merged
from mwaa_wizard.sandbox.aws.authorise.evaluate import Decision, Policies, evaluate
from mwaa_wizard.sandbox.aws.authorise.policy import Ask
from mwaa_wizard.sandbox.aws.principal import Principal, service_principal
from tests.policies.minimal.record import Document, Record, Row

KEY_PIECE = "kms-key"


def principal_of(record: Record, row: Row) -> Principal:
    """Who called."""
    if row["kind"] == "service":
        return service_principal(row["principal"])
    role = row["principal"] if row["kind"] == "assumed-role" else None
    name = str(row["principal"]).rsplit("/", 1)[-1]
    return Principal(
        arn=f"{row['principal']}/session" if role else row["principal"], account=row["account"], user_id=name,
        kind=row["kind"], access_key="", partition=record.facts.partition, name=name, role_arn=role,
    )  # fmt: skip


def ask_of(record: Record, row: Row) -> Ask:
    """The question to IAM, with the keys that every request carries."""
    principal = principal_of(record, row)
    context = {"aws:securetransport": ["true"], "aws:resourceaccount": [row["owner"]]}
    if row["kind"] != "service":
        context |= {"aws:principalarn": [principal.principal_arn], "aws:principalaccount": [principal.account]}
    return Ask(principal, row["action"], row["resource"], merged(context, row["context"]))


def text(document: Document) -> str:
    """A document as the evaluator takes it."""
    return json.dumps(document, sort_keys=True)


def resource_policy(record: Record, row: Row, documents: Mapping[str, Document]) -> str | None:
    """The policy of the resource: the generated one on what is the wizard's, else as it was."""
    if row["action"] == "sts:AssumeRole":
        return text(documents["execution-role-trust"]) if "execution-role-trust" in documents else None
    if str(row["resource"]).partition("/")[0] == record.bucket:
        # Who makes the bucket asks when it has no policy yet; the generated one takes that nobody away.
        return text(documents["bucket"]) if "bucket" in documents else None
    found = row.get("policy")
    if found and KEY_PIECE in documents and row["resource"] == record.facts.environment_kms_key_arn:
        ours = {one["Sid"] for one in record.documents[KEY_PIECE]["Statement"]}
        theirs = [one for one in found["Statement"] if one.get("Sid") not in ours]
        found = {**found, "Statement": [*theirs, *documents[KEY_PIECE]["Statement"]]}
    return text(found) if found else None


def decide(record: Record, row: Row, documents: Mapping[str, Document]) -> Decision:
    """The decision with these documents, each on the principal that it is for."""
    attached = [text(documents[name]) for name in record.attached(row["principal"]) if name in documents]
    return _decided(record, row, attached + _others(record, row), resource_policy(record, row, documents))


def _others(record: Record, row: Row) -> list[str]:
    return [text(document) for document in record.others.get(row["principal"], [])]


def _decided(record: Record, row: Row, identity: Sequence[str], resource: str | None) -> Decision:
    service = row["kind"] == "service"
    policies = Policies(
        identity=[] if service else identity,
        resource=resource,
        same_account=service or row["owner"] in ("", row["account"]),
        resource_must_allow=bool(row["must_allow"]),
    )
    return evaluate(policies, ask_of(record, row))


def allowed_by(record: Record, row: Row, documents: Sequence[Document]) -> bool:
    """Whether these documents of its own are enough for a principal, with the resource's policy as it was."""
    policy = text(row["policy"]) if row.get("policy") else None
    return _decided(record, row, [text(document) for document in documents], policy).allowed
