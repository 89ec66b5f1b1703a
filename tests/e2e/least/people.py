"""People who may do what the generated policies say and nothing else: one role for the source's side, one for the
target's, each under a profile of its own, and execution roles that hold nothing but generated documents.
"""

from __future__ import annotations

import configparser
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa_wizard.environments.places import partition_of
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies import documents
from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Session, Source, Target
from tests.e2e.routes.two_accounts import Side

SECONDS = 6 * 3600  # a run may take longer than the hour that a role's session lasts unless it is asked for more


@dataclass
class Person:
    """A role somebody works as. `side` is the account's administrator, who attaches policies and looks at results."""

    side: Side
    name: str
    arn: str

    @property
    def connection(self) -> Connection:
        """As the session knows the side once STS has answered."""
        partition = partition_of(self.side.place.region)
        arn = f"arn:{partition}:sts::{self.side.place.account}:assumed-role/{self.name}/me"
        return Connection(
            profile=self.name, region=self.side.place.region, account=self.side.place.account, arn=arn,
            partition=partition,
        )  # fmt: skip

    def give(self, pieces: Iterable[Piece]) -> None:
        """Attach these documents, as policies of their own; whatever there was is taken off."""
        iam = self.side.client("iam")
        for policy in iam.list_attached_role_policies(RoleName=self.name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=self.name, PolicyArn=policy["PolicyArn"])
            iam.delete_policy(PolicyArn=policy["PolicyArn"])
        for piece in pieces:
            text = engine_policies.text(piece, "json")
            made = iam.create_policy(PolicyName=f"{self.name}-{piece.policy.name}"[:128], PolicyDocument=text)
            iam.attach_role_policy(RoleName=self.name, PolicyArn=made["Policy"]["Arn"])


class People:
    """Roles that begin with nothing, and the AWS profiles of them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config, self._credentials = configparser.ConfigParser(), configparser.ConfigParser()

    def person(self, side: Side, name: str, path: str = "/") -> Person:
        """A new role that the account's own people may assume, under a profile of its name."""
        iam, account = side.client("iam"), side.place.account
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:{partition_of(side.place.region)}:iam::{account}:root"},
                 "Action": "sts:AssumeRole"}  # fmt: skip
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = iam.create_role(
            RoleName=name, Path=path, AssumeRolePolicyDocument=document, MaxSessionDuration=SECONDS
        )
        arn = str(made["Role"]["Arn"])
        keys = side.client("sts").assume_role(RoleArn=arn, RoleSessionName="me", DurationSeconds=SECONDS)["Credentials"]
        self._config[f"profile {name}"] = {"region": side.place.region}
        self._credentials[name] = {
            "aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }  # fmt: skip
        for file, parser in (("config", self._config), ("credentials", self._credentials)):
            with (self._folder / file).open("w", encoding="utf-8") as stream:
                parser.write(stream)
        return Person(side, name, arn)

    @contextmanager
    def working(self) -> Iterator[None]:
        """The machine of these people: no other profile is on it, and no default one."""
        before = dict(os.environ)
        os.environ.pop("AWS_PROFILE", None)
        os.environ["AWS_CONFIG_FILE"] = str(self._folder / "config")
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(self._folder / "credentials")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def client(self, person: Person, service: str) -> Any:
        """A boto3 client with a person's credentials."""
        import boto3

        keys = self._credentials[person.name]
        return boto3.Session(**keys, region_name=person.side.place.region).client(service)


def session_of(
    source: Person, target: Person, *, versions: tuple[str, str], names: tuple[str, str], target_more: dict[str, Any],
    **changes: Any,
) -> Session:  # fmt: skip
    """A saved session from `names[0]` to `names[1]`."""
    made = Session(
        source=Source(connection=source.connection, environment=names[0], airflow_version=versions[0]),
        target=Target(connection=target.connection, environment=names[1], airflow_version=versions[1], **target_more),
        **changes,
    )
    store.save(made)
    return made


def environment_of(side: Side, name: str) -> dict[str, Any]:
    """GetEnvironment's answer as the account's administrator gets it: what policies are made from."""
    return dict(side.client("mwaa").get_environment(Name=name)["Environment"])


def allow(
    session: Session, environment: dict[str, Any], source: Person, target: Person, *, planning: bool = False
) -> dict[str, Piece]:
    """Give both people the session's own documents, each those of its side (in place one person has both); all
    documents by name.
    """
    pieces = engine_policies.draft(session, environment).found.pieces()
    given: dict[str, list[Piece]] = {source.name: [], target.name: []}
    for side, person in (("source", source), ("target", target)):
        wanted = rf"operator-{side}{'-planning' if planning else ''}(-\d+)?"
        found = [piece for name, piece in pieces.items() if re.fullmatch(wanted, name)]
        assert found, f"there is no document {wanted}"
        given[person.name] += found
    for person in (source, target):
        person.give(given[person.name])
    return pieces


def execution_role(side: Side, name: str, pieces: dict[str, Piece], *more: str) -> None:
    """A role that somebody made by hand with what the wizard says such a role needs, and nothing else; `more`: names of
    documents beside trust and base policy.
    """
    trust = engine_policies.text(pieces["execution-role-trust"], "json")
    base = engine_policies.text(pieces["execution-role"], "json")
    iam = side.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=43200)
    iam.put_role_policy(RoleName=name, PolicyName="base", PolicyDocument=base)
    for piece in more:
        text = engine_policies.text(pieces[piece], "json")
        iam.put_role_policy(RoleName=name, PolicyName=piece, PolicyDocument=text)


def narrow(side: Side, environment: dict[str, Any]) -> None:
    """Give an environment's role the generated base policy instead of what it has, and no other."""
    place, name = side.place, str(environment["Name"])
    arn = str(environment["ExecutionRoleArn"])
    facts = Facts(arn.split(":")[1], target_account=place.account, target_region=place.region, target_role_arn=arn,
                  target_env=name, environment_kms_key_arn=environment.get("KmsKey"))  # fmt: skip
    base = documents.execution_role_base(Session(), facts, bucket_arn=str(environment["SourceBucketArn"]))
    iam, role = side.client("iam"), arn.rsplit("/", 1)[1]
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    iam.put_role_policy(RoleName=role, PolicyName="base", PolicyDocument=json.dumps(base.document))


def roles_of(side: Side) -> dict[str, tuple[str, ...]]:
    """Every role of an account with its inline policies, as they are written."""
    iam = side.client("iam")
    found = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        texts = [
            json.dumps(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ]
        found[name] = (json.dumps(role["AssumeRolePolicyDocument"]), *texts)
    return found


def let_key(side: Side, key: str, statements: list[dict[str, Any]]) -> None:
    """Add statements to a key's policy, as the wizard says to."""
    kms = side.client("kms")
    there = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    there["Statement"] += statements
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(there))


def its_own(side: Side, environment: dict[str, Any], action: str, resource: str) -> None:
    """Let an environment's role do what its own Airflow does without any migration: read its secrets backend."""
    role = str(environment["ExecutionRoleArn"]).rsplit("/", 1)[1]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    side.client("iam").put_role_policy(RoleName=role, PolicyName="its-own", PolicyDocument=json.dumps(document))
