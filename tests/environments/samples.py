"""Environments and sessions that tests start from."""

from __future__ import annotations

import copy
from typing import Any

from mwaa_wizard.session.model import Session

ACCOUNT, OTHER = "111122223333", "444455556666"
REGION = "us-east-1"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1b2c3d4e-1111-2222-3333-444455556666"

ENVIRONMENT: dict[str, Any] = {
    "Name": "analytics-prod",
    "Status": "AVAILABLE",
    "Arn": f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/analytics-prod",
    "AirflowVersion": "2.8.1",
    "EnvironmentClass": "mw1.medium",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/mwaa-prod",
    "ServiceRoleArn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA",
    "SourceBucketArn": "arn:aws:s3:::prod-dags",
    "DagS3Path": "dags",
    "RequirementsS3Path": "requirements.txt",
    "RequirementsS3ObjectVersion": "old-version",
    "NetworkConfiguration": {"SubnetIds": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0a"]},
    "MinWorkers": 1,
    "MaxWorkers": 10,
    "Schedulers": 2,
    "MinWebservers": 2,
    "MaxWebservers": 3,
    "WebserverAccessMode": "PUBLIC_ONLY",
    "CeleryExecutorQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:airflow-celery-x",
    "LoggingConfiguration": {
        "TaskLogs": {
            "Enabled": True,
            "LogLevel": "INFO",
            "CloudWatchLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-analytics-prod-Task",
        },
        "WorkerLogs": {"Enabled": False},
    },
    "AirflowConfigurationOptions": {
        "core.parallelism": "40",
        "core.load_examples": "False",
        "smtp.smtp_password": "hunter2-canary",
        "celery.flower_url_prefix": "amqp://user:canary-pw@host/",
    },
    "Tags": {"Team": "データ", "aws:cloudformation:stack-name": "x"},
    "WeeklyMaintenanceWindowStart": "TUE:03:30",
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mwaa-new"
BUCKET = "arn:aws:s3:::new-dags"


def environment(**changes: Any) -> dict[str, Any]:
    """The sample environment with some members changed (None: left out)."""
    merged = {**copy.deepcopy(ENVIRONMENT), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def session(*, account: str = ACCOUNT, region: str = REGION) -> Session:
    """A session from the sample environment to `analytics-v2`, on 2.11.2, in that account and region."""
    made = Session()
    made.source.environment, made.source.airflow_version = "analytics-prod", "2.8.1"
    made.target.environment, made.target.airflow_version = "analytics-v2", "2.11.2"
    made.source.connection.account, made.source.connection.region = ACCOUNT, REGION
    made.target.connection.account, made.target.connection.region = account, region
    made.source.connection.partition = made.target.connection.partition = "aws"
    return made
