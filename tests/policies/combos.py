"""Sessions and what is known of them, in many combinations: routes, accounts, partitions, keys, logs, buckets."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
from collections.abc import Iterator
from typing import Any

from mwaa_wizard.policies import build, principals
from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.session.model import Session

HERE, THERE = "111122223333", "444455556666"
ROUTES = ("new-environment", "bridge", "in-place", "settings-only")
PLACES = {"aws": ("us-east-1", "eu-west-1"), "aws-cn": ("cn-north-1", "cn-northwest-1")}
NAME = "n" * 80  # the longest name MWAA takes
LONG_PATHS = ("DagS3Path", "RequirementsS3Path", "PluginsS3Path", "StartupScriptS3Path")  # 1,024 characters each


@dataclasses.dataclass
class Combo:
    """One combination, with a name for a test's id."""

    name: str
    session: Session
    facts: Facts
    environment: dict[str, Any]

    @functools.cached_property
    def found(self) -> principals.Found:
        """Its documents."""
        return principals.principals(self.session, self.facts, self.environment)


def environment(partition: str, account: str, region: str, *, key: bool) -> dict[str, Any]:
    """GetEnvironment's answer for the source."""
    arn = f"arn:{partition}:airflow:{region}:{account}:environment/old"
    found: dict[str, Any] = {
        "Name": "old", "AirflowVersion": "2.8.1", "Arn": arn, "DagS3Path": "team/dags",
        "ExecutionRoleArn": f"arn:{partition}:iam::{account}:role/service-role/mwaa-old",
        "SourceBucketArn": f"arn:{partition}:s3:::old-dags", "RequirementsS3Path": "requirements.txt",
        "PluginsS3Path": "plugins.zip",
    }  # fmt: skip
    if key:
        found["KmsKey"] = f"arn:{partition}:kms:{region}:{account}:key/1b2c3d4e-1111-2222-3333-444455556666"
    return found


SOURCES: dict[str, tuple[str, dict[str, str]]] = {
    "1.10": ("1.10.12", {}), "2.2": ("2.2.2", {}),
    "secrets-manager": ("2.8.1", {"secrets.backend": "a.SecretsManagerBackend", "secrets.backend_kwargs": json.dumps(
        {"connections_prefix": "team/conn/", "variables_prefix": None})}),
    "ssm": ("2.8.1", {"secrets.backend": "a.SystemsManagerParameterStoreBackend",
                      "secrets.backend_kwargs": '{"connections_prefix": "/team/conn"}'}),
    "every-secret": ("2.8.1", {"secrets.backend": "a.SecretsManagerBackend", "secrets.backend_kwargs": json.dumps(
        {"connections_prefix": "", "variables_prefix": ""})}),
    "elsewhere": ("2.8.1", {"secrets.backend": "a.SecretsManagerBackend",
                            "secrets.backend_kwargs": '{"role_arn": "arn:x"}'}),
}  # fmt: skip


def combos() -> Iterator[Combo]:
    """What is chosen, of one source; then every kind of source, in what it makes a difference to."""
    yield from _chosen()
    for source, route, far, partition, key, logs in itertools.product(
        SOURCES, ("new-environment", "settings-only"), (False, True), PLACES, (False, True), (False, True)
    ):
        yield combo(route, far=far, partition=partition, key=key, logs=logs, source=source)


def _chosen() -> Iterator[Combo]:
    """Route x accounts x partition x key x logs x who makes role and bucket x names."""
    for route, far, partition, key, logs, made, long in itertools.product(
        ROUTES, (False, True), PLACES, (False, True), (False, True), (False, True), (False, True)
    ):
        if route == "in-place" and (far or made):
            continue
        yield combo(route, far=far, partition=partition, key=key, logs=logs, made=made, long=long)


def combo(
    route: str = "new-environment", *, far: bool = False, partition: str = "aws", key: bool = False,
    logs: bool = True, made: bool = True, long: bool = False, source: str = "",
) -> Combo:  # fmt: skip
    """One of them. `long`: every name and path as long as MWAA takes it; `source`: one of SOURCES."""
    here, there = PLACES[partition]
    account, region = (THERE, there) if far else (HERE, here)
    bucket = "mwaa-migration-6d0c1f3e-0000-4000-8000-1234567890ab"
    session = Session(id="0a1b2c3d", migration_bucket=bucket, route=route)  # type: ignore[arg-type]
    version, options = SOURCES.get(source, ("2.8.1", {}))
    here_side, target = session.source, session.target
    here_side.environment, here_side.airflow_version, here_side.connection.region = "old", version, here
    target.environment, target.airflow_version, target.connection.region = NAME if long else "new", "2.11.2", region
    if route == "in-place":
        target.environment, target.upgrade_to = "old", "2.11.2"
    if route == "bridge":
        target.upgrade_to = "3.0.6"
    target.create_role = target.create_bucket = made and route != "in-place"
    if not target.create_role and route != "in-place":
        target.settings["ExecutionRoleArn"] = f"arn:{partition}:iam::{account}:role/chosen"
        target.settings["SourceBucketArn"] = f"arn:{partition}:s3:::chosen-dags"
    if key and far:
        target.settings["KmsKey"] = f"arn:{partition}:kms:{region}:{account}:key/9b2c3d4e-1111-2222-3333-444455556666"
    session.logs.copy_logs = logs
    kept = {**environment(partition, HERE, here, key=key), "AirflowVersion": version}
    if options:
        kept["AirflowConfigurationOptions"] = options
    if long:
        kept |= {path: f"{path}/{'p' * (1023 - len(path))}" for path in LONG_PATHS}
    facts = Facts(
        partition, HERE, here, account, region, source_env="old", target_env=target.environment,
        source_caller_arn=f"arn:{partition}:sts::{HERE}:assumed-role/Admin/me",
        target_caller_arn=f"arn:{partition}:iam::{account}:user/ops/me", source_task_log_group="airflow-old-Task",
    )  # fmt: skip
    words = [route, "far" if far else "near", partition, *(["key"] if key else []), *([] if logs else ["no-logs"])]
    words += [source] if source else []
    words += ["made" if made else "chosen", *(["long"] if long else [])]
    return Combo("-".join(words), session, build.with_environment(facts, session, kept), kept)
