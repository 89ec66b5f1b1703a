"""One environment as the service remembers it, and the view GetEnvironment gives of it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.sandbox.mwaa import names


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@dataclass
class Environment:
    """`settings` holds the members of CreateEnvironmentInput as they are in force, defaults filled in."""

    account: str
    region: str
    settings: dict[str, Any]
    status: str = "CREATING"
    created_at: dt.datetime = field(default_factory=now)
    tags: dict[str, str] = field(default_factory=dict)
    last_update: dict[str, Any] = field(default_factory=dict)
    runtime: Any = None
    front: Any = None
    role: Any = None
    history: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    done: threading.Event = field(default_factory=threading.Event, repr=False)
    cancelled: threading.Event = field(default_factory=threading.Event, repr=False)

    def __post_init__(self) -> None:
        self.history.append(self.status)

    @property
    def name(self) -> str:
        return str(self.settings["Name"])

    @property
    def version(self) -> str:
        return str(self.settings["AirflowVersion"])

    @property
    def arn(self) -> str:
        return names.environment_arn(self.account, self.region, self.name)

    @property
    def bucket(self) -> str:
        return str(self.settings["SourceBucketArn"]).rsplit(":", 1)[1]

    @property
    def host(self) -> str:
        """The web front's HOST:PORT, empty until it serves."""
        return str(self.front.address) if self.front is not None else ""

    def become(self, status: str) -> None:
        with self.lock:
            self.status = status
            self.history.append(status)

    def finish_update(self, code: str = "", message: str = "") -> None:
        """LastUpdate to SUCCESS, or to FAILED with ErrorCode and ErrorMessage."""
        with self.lock:
            self.last_update["Status"] = "FAILED" if code else "SUCCESS"
            if code:
                text = " ".join(message.split())[:1024] or code
                self.last_update["Error"] = {"ErrorCode": code, "ErrorMessage": text}

    def begin_update(self, source: str, strategy: str | None = None) -> None:
        with self.lock:
            self.last_update = {"Status": "PENDING", "CreatedAt": now(), "Source": source}
            if strategy:
                self.last_update["WorkerReplacementStrategy"] = strategy

    def view(self) -> dict[str, Any]:
        """The `Environment` member of GetEnvironmentOutput."""
        with self.lock:
            out = {key: value for key, value in self.settings.items() if value not in (None, "", {}, [])}
            out["LoggingConfiguration"] = self._logging()
            out |= {"Arn": self.arn, "CreatedAt": self.created_at, "Status": self.status}
            out["ServiceRoleArn"] = (
                f"arn:{names.partition_of(self.region)}:iam::{self.account}:role/aws-service-role/"
                "airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
            )
            if self.last_update:
                out["LastUpdate"] = dict(self.last_update)
            if self.tags:
                out["Tags"] = dict(self.tags)
            if self.status not in ("CREATING", "CREATE_FAILED"):
                out |= self._endpoints()
            if self.host:
                out["WebserverUrl"] = self.host
            return out

    def endpoint_services(self) -> dict[str, str]:
        """The two VPC endpoint service names, fixed for the environment's life."""
        prefix = f"com.amazonaws.vpce.{self.region}.vpce-svc-"
        seed = (self.arn, self.created_at.isoformat())
        return {
            "DatabaseVpcEndpointService": prefix + names.stable_id("database", *seed).replace("-", "")[:17],
            "WebserverVpcEndpointService": prefix + names.stable_id("webserver", *seed).replace("-", "")[:17],
        }

    def _endpoints(self) -> dict[str, str]:
        queue = f"airflow-celery-{names.stable_id(self.arn, self.created_at.isoformat())}"
        # The queue lives in the service's own account, as on AWS (the base policy's `sqs:REGION:*`).
        arn = f"arn:{names.partition_of(self.region)}:sqs:{self.region}:{SERVICE_ACCOUNT}:{queue}"
        return {**self.endpoint_services(), "CeleryExecutorQueue": arn}

    def _logging(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for module in names.MODULES:
            given = dict(self.settings.get("LoggingConfiguration", {}).get(module) or {"Enabled": False})
            if given["Enabled"]:
                arn = names.log_group_arn(self.account, self.region, self.name, module)
                given["CloudWatchLogGroupArn"] = arn
            out[module] = given
        return out


SERVICE_ACCOUNT = "444455556666"
