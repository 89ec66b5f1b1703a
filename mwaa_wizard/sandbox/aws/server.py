"""The sandbox's AWS endpoint: moto in process on loopback, behind authentication and authorisation."""

from __future__ import annotations

import threading
from typing import Any

from mwaa_wizard.sandbox.aws.credentials import CredentialStore
from mwaa_wizard.sandbox.aws.pipeline import Pipeline
from mwaa_wizard.sandbox.aws.strict.answer import WsgiApp

DEFAULT_ACCOUNT = "111122223333"

_running: dict[str, SandboxAws] = {}


class SandboxAws:
    """A local AWS. State lives in this process's memory (moto's backends are global to the process).

    ``account`` is the account of `root_credentials`; any other account comes into being when its
    `root_credentials_for` are used. ``mwaa_app`` answers requests signed for the service ``airflow``.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        mwaa_app: WsgiApp | None = None,
        account: str = DEFAULT_ACCOUNT,
    ) -> None:
        self._host = host
        self._port = port
        self._mwaa_app = mwaa_app
        self._account = account
        self._store = CredentialStore()
        self._pipeline: Pipeline | None = None
        self._server: Any = None
        self._thread: threading.Thread | None = None
        self._url = ""

    @property
    def endpoint_url(self) -> str:
        """``http://127.0.0.1:PORT``; RuntimeError before `start`."""
        if not self._url:
            raise RuntimeError("the sandbox's AWS endpoint is not started")
        return self._url

    @property
    def root_credentials(self) -> tuple[str, str]:
        """Access key id and secret of the default account's root: always allowed, in memory only."""
        return self._store.root(self._account)

    def root_credentials_for(self, account: str, partition: str = "aws") -> tuple[str, str]:
        """Root keys of another account."""
        return self._store.root(account, partition)

    def calls(self) -> list[dict[str, Any]]:
        """How many calls were made since the start, by caller, region, service, operation and owner (`calls.Kind`)."""
        return self._pipeline.calls.rows() if self._pipeline is not None else []

    def start(self) -> str:
        """Serve in a thread; returns the endpoint's URL. OSError if the port is taken."""
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from mwaa_wizard.sandbox.aws.http import HttpServer

        _let_our_authoriser_decide()
        self._pipeline = Pipeline(DomainDispatcherApplication(create_backend_app), self._store, self._mwaa_app)
        self._server = HttpServer(self._host, self._port, self._pipeline)
        host, port = self._server.address
        self._url = f"http://{host}:{port}"
        self._thread = threading.Thread(target=self._server.serve, name="sandbox-aws", daemon=True)
        self._thread.start()
        _running[self._url] = self
        return self._url

    def stop(self) -> None:
        """Stop serving. moto's memory stays until the process ends. Does nothing if not started."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None
        _running.pop(self._url, None)
        self._url = ""


def running_at(endpoint_url: str) -> SandboxAws | None:
    """The endpoint of this process at a URL, or None."""
    return _running.get(endpoint_url.rstrip("/"))


def _let_our_authoriser_decide() -> None:
    """moto reads bucket policies too, without conditions: it would take "deny when not TLS" for "deny".

    Every request that reaches moto has been decided already, so its own look at the policy is switched off.
    """
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    FakeBucket.get_permission = lambda bucket, action, resource: PermissionResult.PERMITTED
