"""servicequotas:ListServiceQuotas for MWAA, which moto does not have: the numbers that the sandbox's MWAA enforces.

Source: MWAA user guide mwaa-quotas; Service Quotas API reference, ListServiceQuotas.
"""

from __future__ import annotations

import json

from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.mwaa import names

_QUOTAS = {
    "Environments": names.QUOTA_ENVIRONMENTS,
    "Workers per environment": names.QUOTA_WORKERS,
    "Web servers per environment": names.QUOTA_WEBSERVERS,
}


def answer(request: AwsRequest) -> bytes:
    """The JSON answer. Raises AwsError NoSuchResourceException for every service but MWAA."""
    if request.params.get("ServiceCode") != "airflow":
        raise AwsError("NoSuchResourceException", "The specified service does not exist.", 400)
    rows = [
        {"ServiceCode": "airflow", "ServiceName": "Amazon MWAA", "QuotaName": name, "Value": float(value),
         "Unit": "None", "Adjustable": True, "GlobalQuota": False}
        for name, value in _QUOTAS.items()
    ]  # fmt: skip
    return json.dumps({"Quotas": rows}).encode()
