"""The sandbox's AWS as its own services and its provisioning reach it: as each account's root, in process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config


class RootAccess:
    """boto3 clients of the accounts' roots; made once each, safe to share between threads."""

    def __init__(self, endpoint_url: Callable[[], str], keys: Callable[[str], tuple[str, str]]) -> None:
        self._endpoint_url = endpoint_url
        self._keys = keys
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str, str], Any] = {}

    def client(self, service: str, region: str, account: str) -> Any:
        with self._lock:
            if (service, region, account) not in self._made:
                key_id, secret = self._keys(account)
                self._made[service, region, account] = boto3.session.Session().client(
                    service, region_name=region, endpoint_url=self._endpoint_url(),
                    aws_access_key_id=key_id, aws_secret_access_key=secret,
                    config=Config(inject_host_prefix=False, retries={"max_attempts": 2}, max_pool_connections=20),
                )  # fmt: skip
            return self._made[service, region, account]
