"""The operations of the MWAA API over the environments of all accounts and regions of one sandbox.

Construct it with a fake `runtime_factory` to test the API without any Airflow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.mwaa import artefacts, asked, changes, names, network, rest, settings
from mwaa_wizard.sandbox.mwaa.airflow_roles import ROLES
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess, Call
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.errors import AccessDeniedException, ResourceNotFoundException, ValidationException
from mwaa_wizard.sandbox.mwaa.lifecycle import Lifecycle
from mwaa_wizard.sandbox.mwaa.role import check_role
from mwaa_wizard.sandbox.mwaa.runtimes import RuntimeFactory
from mwaa_wizard.sandbox.mwaa.tokens import Grant, TokenBox
from mwaa_wizard.sandbox.mwaa.web import WebFront

Key = tuple[str, str, str]
PASSED_TO = {"iam:PassedToService": "airflow.amazonaws.com"}


def _silent(name: str, text: str) -> None:
    """No one listens to progress."""


class Service:
    """MWAA: environments, tokens and the life cycle. `progress(name, text)` hears every environment's news."""

    def __init__(
        self,
        *,
        aws: AwsAccess,
        runtime_factory: RuntimeFactory,
        homes: Path,
        endpoint_url: Callable[[], str] = str,
        progress: Callable[[str, str], None] = _silent,
        tokens: TokenBox | None = None,
        front_factory: Callable[[Environment], Any] | None = None,
        poll_seconds: float = 1.0,
        parallel: int = 2,
    ) -> None:
        self._aws = aws
        self.homes = homes
        self._lock = threading.RLock()
        self._held: dict[Key, Environment] = {}
        self._linked: set[str] = set()  # accounts that have MWAA's service-linked role
        self.tokens = tokens or TokenBox()
        self.legacy_versions: set[str] = set()
        self.lifecycle = Lifecycle(
            aws=aws,
            runtime_factory=runtime_factory,
            front_factory=front_factory or (lambda environment: WebFront(environment, self.tokens).start()),
            home_of=self.home_of,
            endpoint_url=endpoint_url,
            progress=progress,
            poll_seconds=poll_seconds,
            parallel=parallel,
        )

    def home_of(self, environment: Environment) -> Path:
        """Folder of one environment; the name alone in the usual single account and region is not unique enough."""
        return self.homes / environment.account / environment.region / environment.name

    def environments(self) -> list[Environment]:
        with self._lock:
            return [self._held[key] for key in sorted(self._held)]

    def find(self, call: Call, name: str) -> Environment:
        """The caller's environment of that name; raises ResourceNotFoundException."""
        with self._lock:
            found = self._held.get((call.account, call.region, name))
        if found is None:
            raise ResourceNotFoundException(f"No environment found with name: {name}")
        return found

    def stop_all(self) -> None:
        """End every environment's processes, several at a time."""
        stoppers = [
            threading.Thread(target=self.lifecycle.stop, args=(environment,)) for environment in self.environments()
        ]
        for stopper in stoppers:
            stopper.start()
        for stopper in stoppers:
            stopper.join()

    # Control plane

    def create_environment(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        name = params["Name"]
        arn = names.environment_arn(call.account, call.region, name)
        tags = params.pop("Tags", {})
        changes.check_tags(tags)
        for action in ("airflow:CreateEnvironment", *(["airflow:TagResource"] if tags else [])):
            call.require(action, arn, changes.tag_context(tags))
        wanted = settings.with_defaults(params)
        self._check(call, wanted)
        settings.check_creatable(wanted["AirflowVersion"], self.legacy_versions)
        net = wanted["NetworkConfiguration"]
        ec2 = self._aws.client("ec2", call.region, call.account)
        network.check_network(ec2, net.get("SubnetIds") or [], net.get("SecurityGroupIds") or [])
        if wanted["EndpointManagement"] == "SERVICE":
            asked.for_endpoints(call, ec2, net["SubnetIds"], net["SecurityGroupIds"])
        if key := wanted.get("KmsKey"):
            settings.check_kms_key(self._aws.client("kms", call.region, call.account), key)
            asked.for_key(call, key)
        if call.account not in self._linked:
            asked.for_linked_role(call)
            self._linked.add(call.account)
        environment = Environment(call.account, call.region, wanted, tags=dict(tags))
        with self._lock:
            mine = [key for key in self._held if key[:2] == (call.account, call.region)]
            if (call.account, call.region, name) in self._held:
                raise ValidationException(f"Environment with name {name} already exists")
            if len(mine) >= names.QUOTA_ENVIRONMENTS:
                raise ValidationException(f"The limit of {names.QUOTA_ENVIRONMENTS} environments has been reached")
            self._held[(call.account, call.region, name)] = environment
        self.lifecycle.run(environment, lambda: self.lifecycle.create(environment))
        return {"Arn": arn}

    def _check(self, call: Call, wanted: dict[str, Any]) -> None:
        """What create and update look at alike: as the caller, then as the service."""
        artefacts.check_paths(wanted)
        settings.check_counts(wanted)
        settings.check_access_mode(wanted)
        call.require("iam:PassRole", wanted["ExecutionRoleArn"], dict(PASSED_TO))
        call.require("s3:GetEncryptionConfiguration", wanted["SourceBucketArn"])
        check_role(self._aws.client("iam", call.region, call.account), wanted["ExecutionRoleArn"], call.account)
        bucket = wanted["SourceBucketArn"].rsplit(":", 1)[1]
        s3 = self._aws.client("s3", call.region, call.account)
        artefacts.check_bucket(s3, bucket, call.region)
        artefacts.pin_objects(s3, bucket, wanted)

    def get_environment(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        self._require(call, "airflow:GetEnvironment", params["Name"])
        return {"Environment": self.find(call, params["Name"]).view()}

    def list_environments(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        call.require("airflow:ListEnvironments", "*")
        with self._lock:
            mine = sorted(key[2] for key in self._held if key[:2] == (call.account, call.region))
        return changes.page(mine, params.get("NextToken"), params.get("MaxResults", 25))

    def update_environment(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        self._require(call, "airflow:UpdateEnvironment", params["Name"])
        environment = self.find(call, params["Name"])
        strategy = params.pop("WorkerReplacementStrategy", None)
        wanted = changes.merged(environment.settings, params)
        if wanted["AirflowVersion"] != environment.version:
            settings.check_version_change(environment.version, wanted["AirflowVersion"])
        self._check(call, wanted)
        net = wanted["NetworkConfiguration"]
        ec2 = self._aws.client("ec2", call.region, call.account)
        network.check_network(ec2, net["SubnetIds"], net["SecurityGroupIds"])
        with environment.lock:
            changes.check_updatable(environment)
            environment.begin_update("API", strategy)
            environment.become("UPDATING")
        self.lifecycle.run(environment, lambda: self.lifecycle.update(environment, wanted))
        return {"Arn": environment.arn}

    def delete_environment(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        self._require(call, "airflow:DeleteEnvironment", params["Name"])
        environment = self.find(call, params["Name"])
        with environment.lock:
            changes.check_deletable(environment)
            environment.become("DELETING")
        key = (environment.account, environment.region, environment.name)

        def forget() -> None:
            with self._lock:
                self._held.pop(key, None)

        self.lifecycle.run(environment, lambda: self.lifecycle.delete(environment, forget))
        return {}

    def _require(self, call: Call, action: str, name: str) -> None:
        with self._lock:
            known = self._held.get((call.account, call.region, name))
        context = {f"aws:ResourceTag/{key}": value for key, value in (known.tags if known else {}).items()}
        call.require(action, names.environment_arn(call.account, call.region, name), context)

    # Tags

    def list_tags_for_resource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        environment = self._tagged(call, "airflow:ListTagsForResource", params)
        return {"Tags": dict(environment.tags)} if environment.tags else {}

    def tag_resource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        environment = self._tagged(call, "airflow:TagResource", params)
        changes.check_tags(params["Tags"])
        with environment.lock:
            changes.check_tags(merged := {**environment.tags, **params["Tags"]})
            environment.tags = merged
        return {}

    def untag_resource(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        environment = self._tagged(call, "airflow:UntagResource", params)
        with environment.lock:
            environment.tags = {k: v for k, v in environment.tags.items() if k not in params["tagKeys"]}
        return {}

    def _tagged(self, call: Call, action: str, params: dict[str, Any]) -> Environment:
        arn = params["ResourceArn"]
        name = arn.rsplit("/", 1)[1]
        self._require(call, action, name)
        if arn != names.environment_arn(call.account, call.region, name):
            raise ResourceNotFoundException(f"No environment found for {arn}")
        return self.find(call, name)

    # Data plane

    def create_cli_token(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        self._require(call, "airflow:CreateCliToken", params["Name"])
        environment = self._serving(call, params["Name"])
        grant = Grant("cli", environment.arn, "Op", call.principal.arn)
        return {"CliToken": self.tokens.mint(grant), "WebServerHostname": environment.host}

    def create_web_login_token(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        role = self._airflow_role(call, "airflow:CreateWebLoginToken", params["Name"])
        environment = self._serving(call, params["Name"])
        identity = call.principal.arn.split(":", 5)[5]
        grant = Grant("web", environment.arn, role, identity)
        return {
            "WebToken": self.tokens.mint(grant),
            "WebServerHostname": environment.host,
            "IamIdentity": identity,
            "AirflowIdentity": identity[-64:],
        }

    def invoke_rest_api(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        role = self._airflow_role(call, "airflow:InvokeRestApi", params["Name"])
        answer: dict[str, Any] = rest.invoke(self.find(call, params["Name"]), role, params)
        return answer

    def _serving(self, call: Call, name: str) -> Environment:
        environment = self.find(call, name)
        if not environment.host:
            raise ResourceNotFoundException(f"Environment {name} has no web server yet ({environment.status})")
        return environment

    def _airflow_role(self, call: Call, action: str, name: str) -> str:
        """The highest Airflow role IAM lets the caller use; raises AccessDeniedException naming the highest."""
        refusal: AccessDeniedException | None = None
        for role in ROLES:
            try:
                call.require(action, names.airflow_role_arn(call.account, call.region, name, role))
                return role
            except AccessDeniedException as error:
                refusal = refusal or error
        assert refusal is not None
        raise refusal
