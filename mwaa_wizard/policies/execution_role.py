"""Trust and base policy of an execution role that the wizard makes.

Sources: MWAA user guide mwaa-create-role (statements), cross-service-confused-deputy-prevention (conditions of the
trust policy), custom-keys-certs (customer managed key).
"""

from __future__ import annotations

from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose, log_groups
from mwaa_wizard.session.model import Session

SERVICES = ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]
_LOG_ACTIONS = ["CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "GetLogEvents", "GetLogGroupFields",
                "GetLogRecord", "GetQueryResults", "PutLogEvents"]  # fmt: skip
_QUEUE_ACTIONS = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage",
                  "SendMessage"]  # fmt: skip
_KEY_ACTIONS = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"]


def environment_arn(session: Session, facts: Facts) -> str:
    """The target environment's ARN, known before it exists."""
    name = session.target.environment or facts.target_env
    return f"arn:{facts.partition}:airflow:{facts.target_region}:{facts.target_account}:environment/{name}"


def execution_role_trust(session: Session, facts: Facts) -> Policy:
    """Who may assume the role: MWAA's two principals, for this environment of this account only."""
    said = Said(
        "MwaaAssumesRole",
        _("MWAA runs the environment as this role; the conditions keep others from using MWAA to borrow it."),
        {
            "Effect": "Allow",
            "Principal": {"Service": list(SERVICES)},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": facts.target_account},
                "ArnLike": {"aws:SourceArn": environment_arn(session, facts)},
            },
        },
    )
    document, why = compose([said])
    return Policy(f"mwaa-wizard-{session.id}-trust", "execution-role", facts.target_role_arn, document, why)


def execution_role_base(session: Session, facts: Facts, *, bucket_arn: str) -> Policy:
    """What any environment's role needs; `bucket_arn` is the target's own DAG bucket."""
    name = session.target.environment or facts.target_env
    statements = [
        Said(
            "PublishMetrics",
            _("The environment reports its health to MWAA."),
            allow(["airflow:PublishMetrics"], environment_arn(session, facts)),
        ),
        Said(
            "DenyBucketList",
            _("MWAA's own sample keeps the role from listing the account's buckets."),
            {
                "Effect": "Deny",
                "Action": ["s3:ListAllMyBuckets"],
                "Resource": [bucket_arn, f"{bucket_arn}/*"],
            },
        ),
        Said(
            "ReadDagBucket",
            _("Scheduler, workers and web server read DAGs, plugins and requirements."),
            allow(["s3:GetBucket*", "s3:GetObject*", "s3:List*"], [bucket_arn, f"{bucket_arn}/*"]),
        ),
        Said(
            "WriteOwnLogs",
            _("Airflow writes its logs and the UI reads them: this environment's groups by name, and not those of one "
              "whose name begins alike."),
            allow(
                [f"logs:{action}" for action in _LOG_ACTIONS],
                [f"{group}:*" for group in log_groups(facts, name)],
            ),
        ),
        Said(
            "AccountWideReads",
            _("These three take no narrower resource."),
            allow(["cloudwatch:PutMetricData", "logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"], "*"),
        ),
        Said(
            "CeleryQueue",
            _("Tasks travel from scheduler to workers over a queue in MWAA's own account, whose number AWS does not "
              "publish."),
            allow(
                [f"sqs:{action}" for action in _QUEUE_ACTIONS],
                f"arn:{facts.partition}:sqs:{facts.target_region}:*:airflow-celery-*",
            ),
        ),
        _environment_key(facts),
    ]
    document, why = compose(statements)
    return Policy(f"mwaa-wizard-{session.id}-base", "execution-role", facts.target_role_arn, document, why)


def _environment_key(facts: Facts) -> Said:
    services = [f"{name}.{facts.target_region}.{facts.dns_suffix}" for name in ("sqs", "s3")]
    if facts.environment_kms_key_arn:
        return Said(
            "UseEnvironmentKey",
            _("The environment's own customer managed key, through SQS and S3 only."),
            allow(
                _KEY_ACTIONS,
                facts.environment_kms_key_arn,
                Condition={"StringEquals": {"kms:ViaService": services}},
            ),
        )
    return Said(
        "UseAwsOwnedKey",
        _("The queue is encrypted with a key that AWS owns, so: keys of other accounts, through SQS only."),
        {
            "Effect": "Allow",
            "Action": _KEY_ACTIONS,
            "NotResource": f"arn:{facts.partition}:kms:*:{facts.target_account}:key/*",
            "Condition": {"StringLike": {"kms:ViaService": services[:1]}},
        },
    )
