"""Make an old botocore honour AWS_ENDPOINT_URL; the interpreter loads it at start from the .pth file beside it.

botocore reads the variable itself since 1.31.0. Older ones (Airflow up to 2.6) know only `endpoint_url=`, and DAG
files must not change for the sandbox. Written for Python 3.7 and later.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
from typing import Any


def _teach(session_class: Any) -> None:
    original = session_class.create_client

    def create_client(
        self: Any, service_name: str, region_name: Any = None, api_version: Any = None, use_ssl: Any = True,
        verify: Any = None, endpoint_url: Any = None, *args: Any, **kwargs: Any,
    ) -> Any:  # fmt: skip
        endpoint_url = endpoint_url or os.environ.get("AWS_ENDPOINT_URL") or None
        return original(self, service_name, region_name, api_version, use_ssl, verify, endpoint_url, *args, **kwargs)

    session_class.create_client = create_client


class _Finder(importlib.abc.MetaPathFinder):
    """Waits for the one import of botocore.session, so that start-up costs nothing."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != "botocore.session":
            return None
        sys.meta_path.remove(self)
        spec: Any = importlib.util.find_spec(fullname)
        execute = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            import botocore

            if tuple(int(part) for part in botocore.__version__.split(".")[:2]) < (1, 31):
                _teach(module.Session)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _Finder())
