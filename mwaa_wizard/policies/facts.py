"""What a policy is made from, and what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Document = dict[str, Any]
Principal = Literal[
    "source-role", "target-role", "execution-role", "migration-bucket", "operator", "ui-users", "kms-key"
]
LOG_MODULES = ("DAGProcessing", "Scheduler", "Task", "WebServer", "Worker")  # as MWAA names an environment's groups
VERSION = "2012-10-17"


@dataclass(frozen=True)
class Facts:
    """Who and where; empty text where it is not known yet (`render.check` finds ARNs that lack a part).

    `environment_kms_key_arn` and `source_kms_key_arn` are the environments' customer managed keys (None: a key that AWS
    owns); the migration bucket has none, it is always under Amazon S3's own encryption. `*_files` are the keys of
    requirements, plugins and startup script; `*_caller_arn` is who runs the wizard, as STS says.
    `secrets_kms_key_arn` is the key of the target's secrets or parameters (None: AWS's own, which needs no statement).
    """

    partition: str = "aws"
    source_account: str = ""
    source_region: str = ""
    target_account: str = ""
    target_region: str = ""
    source_role_arn: str = ""
    target_role_arn: str = ""
    source_env: str = ""
    target_env: str = ""
    source_task_log_group: str = ""
    environment_kms_key_arn: str | None = None
    source_dag_bucket: str = ""
    source_dag_path: str = "dags"
    source_files: tuple[str, ...] = ()
    source_kms_key_arn: str | None = None
    target_dag_bucket: str = ""
    target_dag_path: str = "dags"
    target_files: tuple[str, ...] = ()
    source_caller_arn: str = ""
    target_caller_arn: str = ""
    secrets_kms_key_arn: str | None = None

    @property
    def dns_suffix(self) -> str:
        """Suffix of service host names in `kms:ViaService`."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


@dataclass(frozen=True)
class Policy:
    """A document and where it goes. `why` says, by Sid, what each statement is for: shown beside it, never in it.
    `after`: what is left to do once it is attached, in order, in words and commands.
    """

    name: str
    principal: Principal
    attach_to_arn: str
    document: Document
    why: dict[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A statement together with its reason."""

    sid: str
    why: str
    body: dict[str, Any]


def log_groups(facts: Facts, environment: str) -> list[str]:
    """The ARNs of an environment's own log groups in the target's place. By name: `airflow-prod-*` would also be
    those of an environment called prod-2.
    """
    place = f"arn:{facts.partition}:logs:{facts.target_region}:{facts.target_account}:log-group:airflow-{environment}"
    return [f"{place}-{module}" for module in LOG_MODULES]


def compose(statements: list[Said]) -> tuple[Document, dict[str, str]]:
    """The document of these statements and the reasons by Sid."""
    document = {
        "Version": VERSION,
        "Statement": [{"Sid": said.sid, **said.body} for said in statements],
    }
    return document, {said.sid: said.why for said in statements}


def allow(actions: list[str], resources: list[str] | str, **more: Any) -> dict[str, Any]:
    """The body of an Allow statement; one resource stands as text, several as a list."""
    if isinstance(resources, list) and len(resources) == 1:
        resources = resources[0]
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}
