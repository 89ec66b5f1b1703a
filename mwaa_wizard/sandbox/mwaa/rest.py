"""InvokeRestApi: one request to the environment's Airflow REST API, within MWAA's limits.

Source: MWAA user guide, access-mwaa-apache-airflow-rest-api; botocore mwaa 2020-07-01 InvokeRestApiRequest.
"""

from __future__ import annotations

import concurrent.futures
import json
from typing import Any, NoReturn

from mwaa_wizard.sandbox.mwaa import airflow_roles
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.errors import RestApiClientException, RestApiServerException, ValidationException
from mwaa_wizard.sandbox.mwaa.names import version_tuple

TIMEOUT_SECONDS = 10.0
MAX_RESPONSE = 6 * 1024 * 1024
OLDEST = (2, 4, 3)

_threads = concurrent.futures.ThreadPoolExecutor(max_workers=16, thread_name_prefix="invoke-rest-api")


def invoke(environment: Environment, role: str, params: dict[str, Any], timeout: float = TIMEOUT_SECONDS) -> Any:
    """The answer of InvokeRestApi; 4xx and 5xx of Airflow become the two RestApi exceptions."""
    if version_tuple(environment.version) < OLDEST:
        raise ValidationException("InvokeRestApi requires Apache Airflow v2.4.3 or later")
    if environment.runtime is None or environment.status in ("CREATING", "CREATE_FAILED", "PENDING", "DELETING"):
        raise ValidationException(f"Environment {environment.name} is not available ({environment.status})")
    method, path = params["Method"], params["Path"]
    path = path if path.startswith("/") else f"/{path}"
    if not airflow_roles.permits(role, method, path):
        _fail(403, {"detail": None, "status": 403, "title": "Forbidden", "type": "about:blank"})
    future = _threads.submit(
        environment.runtime.rest, method, path, params.get("QueryParameters") or {}, params.get("Body")
    )
    try:
        result = future.result(timeout=timeout)
    except concurrent.futures.TimeoutError:
        _fail(504, {"detail": f"Apache Airflow did not answer within {timeout:g} seconds"})
    except OSError as error:
        _fail(503, {"detail": f"Apache Airflow cannot be reached: {type(error).__name__}"})
    if result.status >= 400:
        _fail(result.status, result.body)
    if len(json.dumps(result.body, default=str)) > MAX_RESPONSE:
        raise ValidationException("The response of the Apache Airflow REST API exceeds 6 MB")
    return {"RestApiStatusCode": result.status, "RestApiResponse": result.body}


def _fail(status: int, body: Any) -> NoReturn:
    kind = RestApiClientException if status < 500 else RestApiServerException
    raise kind("", RestApiStatusCode=status, RestApiResponse=body)
