"""Mirror `s3://bucket/<DagS3Path>/` into the environment's DAG folder, with the execution role's rights."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

INTERVAL_SECONDS = 2.0
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidToken"})


class DagSync:
    """Each `sync()` makes the folder equal to the prefix; what it did not put there (`__pycache__`) it leaves.

    MWAA syncs about every 30 s (MWAA user guide: configuring-dag-folder); the sandbox does every 2 s.
    """

    def __init__(self, role: RoleCredentials, folder: Path, log: logging.Logger) -> None:
        self._role = role
        self._folder = folder
        self._log = log
        self._seen: dict[str, str] = {}
        self._last_error = ""

    def sync(self, spec: RuntimeSpec) -> bool:
        """Mirror once. False when S3 refused or was away; that is logged, as MWAA does, and tried again."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._mirror(spec)
        except (ClientError, BotoCoreError, OSError) as error:
            code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
            if code in _EXPIRED:
                self._role.forget()
            if str(error) != self._last_error:
                self._log.warning("DAG sync from s3://%s/%s failed: %s", spec.bucket, spec.dag_s3_path, error)
                self._last_error = str(error)
            return False
        self._last_error = ""
        return True

    def _mirror(self, spec: RuntimeSpec) -> None:
        s3 = self._role.client("s3", spec)
        prefix = spec.dag_s3_path.strip("/") + "/"
        present = {}
        for key, tag in _objects(s3, spec.bucket, prefix):
            if (relative := safe_relative(key.removeprefix(prefix))) is None:
                continue
            present[relative] = tag
            target = self._folder / relative
            if self._seen.get(relative) != tag or not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                # Not *.py: the scheduler must never parse half a file.
                half = target.with_name(target.name + ".syncing")
                half.write_bytes(s3.get_object(Bucket=spec.bucket, Key=key)["Body"].read())
                half.replace(target)
                self._log.info("synced %s", relative)
        for gone in self._seen.keys() - present.keys():
            (self._folder / gone).unlink(missing_ok=True)
            self._log.info("removed %s", gone)
        self._seen = present


def safe_relative(key: str) -> str | None:
    """An object key as a path inside the folder; None for folder markers and keys that would leave it."""
    path = PurePosixPath(key)
    if not key or key.endswith("/") or path.is_absolute() or ".." in path.parts:
        return None
    return str(path)


def _objects(s3: Any, bucket: str, prefix: str) -> Iterator[tuple[str, str]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            yield item["Key"], f"{item['ETag']}-{item['Size']}"
