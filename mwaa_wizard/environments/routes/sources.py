"""Where the rules of the routes are from."""

from __future__ import annotations

UPGRADING = "MWAA user guide: upgrading-environment"
VERSIONS = "MWAA user guide: airflow-versions"
UPDATING = "MWAA user guide: update-environment"
REST = "MWAA user guide: access-mwaa-apache-airflow-rest-api"
LOGS = "CloudWatch Logs API: PutLogEvents"
SECRETS = "MWAA user guide: connections-secrets-manager"
CREATE = "botocore mwaa 2020-07-01 CreateEnvironmentInput"
MIGRATION = "MWAA migration guide"
SCHEMAS = "Airflow's metadata schemas"
NETWORK = "MWAA user guide: configuring-networking"
TO_2 = "Airflow documentation: upgrading to Airflow 2"
TO_3 = "Airflow documentation: upgrading to Airflow 3"
