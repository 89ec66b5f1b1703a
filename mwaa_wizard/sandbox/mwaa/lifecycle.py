"""What happens to an environment after the API has answered: create, update, roll back, delete.

Statuses and their order follow the MWAA user guide: upgrading-environment, update-environment,
vpc-endpoint-management, troubleshooting (INCORRECT_CONFIGURATION).
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.mwaa import log_key, network
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.role import ExecutionRole
from mwaa_wizard.sandbox.mwaa.runtimes import RuntimeFactory, make_log_groups, spec_of
from mwaa_wizard.text import clean

INCORRECT = "INCORRECT_CONFIGURATION"
_HINT = (
    "You may need to check the execution role permissions policy for your environment, and that each of the VPC "
    "networks required by the environment are configured to allow traffic."
)
PENDING_SECONDS = 72 * 3600.0


class Misconfigured(Exception):
    """The environment cannot come up for a reason on the customer's side."""


class Removed(Exception):
    """The environment was deleted while it was being made."""


class Lifecycle:
    """Runs the slow parts, each in a thread of its own; at most `parallel` heavy ones at the same time."""

    def __init__(
        self,
        *,
        aws: AwsAccess,
        runtime_factory: RuntimeFactory,
        front_factory: Callable[[Environment], Any],
        home_of: Callable[[Environment], Path],
        endpoint_url: Callable[[], str],
        progress: Callable[[str, str], None],
        parallel: int = 2,
        poll_seconds: float = 1.0,
    ) -> None:
        self._aws = aws
        self._runtime_factory = runtime_factory
        self._front_factory = front_factory
        self._home_of = home_of
        self._endpoint_url = endpoint_url
        self._progress = progress
        self._slots = threading.BoundedSemaphore(parallel)
        self._poll_seconds = poll_seconds

    def run(self, environment: Environment, work: Callable[[], None]) -> None:
        """Start `work` in a thread; `environment.done` is set when it ends, however it ends."""
        environment.done.clear()

        def guarded() -> None:
            try:
                work()
            finally:
                environment.done.set()

        threading.Thread(target=guarded, name=f"mwaa-{environment.name}", daemon=True).start()

    def create(self, environment: Environment) -> None:
        """CREATING -> (PENDING ->) AVAILABLE or CREATE_FAILED."""
        environment.begin_update("API")
        try:
            self._await_endpoints(environment)
            with self._slots:
                self._check_customer_side(environment)
                self._log_groups(environment)
                home = self._home_of(environment)
                shutil.rmtree(home, ignore_errors=True)  # of an environment of that name in an earlier sandbox
                runtime = self._runtime_factory(
                    spec_of(environment, self._endpoint_url()),
                    home,
                    lambda: self._role(environment).credentials(),  # an update may name another role
                    lambda text: self._progress(environment.name, text),
                )
                environment.runtime = runtime
                _unless_cancelled(environment)
                runtime.create()
                _unless_cancelled(environment)
                environment.front = self._front_factory(environment)
        except Removed:
            self._stop_quietly(environment)
            return
        except Exception as error:
            self._stop_quietly(environment)
            code, message = _explain(error)
            environment.finish_update(code, message)
            environment.become("CREATE_FAILED")
            self._progress(environment.name, f"CREATE_FAILED: {clean(message, limit=500)}")
            return
        environment.finish_update()
        environment.become("AVAILABLE")
        self._progress(environment.name, "AVAILABLE")

    def update(self, environment: Environment, settings: dict[str, Any]) -> None:
        """UPDATING (-> CREATING_SNAPSHOT -> UPDATING) -> AVAILABLE, or ROLLING_BACK -> UPDATE_FAILED."""
        before = environment.settings
        new_version = settings["AirflowVersion"] != before["AirflowVersion"]
        runtime = environment.runtime
        try:
            with self._slots:
                if new_version:
                    environment.become("CREATING_SNAPSHOT")
                    runtime.snapshot()
                    environment.become("UPDATING")
                environment.settings = settings
                self._check_customer_side(environment)
                self._log_groups(environment)
                runtime.update(spec_of(environment, self._endpoint_url()))
        except Exception as error:
            code, message = _explain(error)
            self._progress(environment.name, f"update failed, rolling back: {clean(message, limit=500)}")
            environment.settings = before
            self._roll_back(environment, code, message, restore=new_version)
            return
        environment.finish_update()
        environment.become("AVAILABLE")

    def _roll_back(self, environment: Environment, code: str, message: str, *, restore: bool) -> None:
        environment.become("ROLLING_BACK")
        try:
            with self._slots:
                if restore:
                    environment.runtime.restore()  # starts it again with the settings before
                else:
                    environment.runtime.update(spec_of(environment, self._endpoint_url()))
        except Exception as error:
            second = _explain(error)[1]
            environment.finish_update(code, f"{message} Rolling back failed as well: {second}")
            environment.become("UNAVAILABLE")
            return
        environment.finish_update(code, message)
        environment.become("UPDATE_FAILED")

    def delete(self, environment: Environment, forget: Callable[[], None]) -> None:
        """DELETING -> gone. Log groups stay, as on AWS."""
        environment.cancelled.set()
        if environment.front is not None:
            environment.front.stop()
        try:
            if environment.runtime is not None:
                environment.runtime.delete()
        finally:
            forget()
            environment.become("DELETED")
        self._progress(environment.name, "deleted")

    def stop(self, environment: Environment) -> None:
        """End the processes of an environment; its files stay."""
        environment.cancelled.set()
        self._stop_quietly(environment)

    def _role(self, environment: Environment) -> ExecutionRole:
        arn = environment.settings["ExecutionRoleArn"]
        with environment.lock:
            if environment.role is None or environment.role.role_arn != arn:
                environment.role = ExecutionRole(
                    self._aws, arn, environment.arn, environment.account, environment.region
                )
            held: ExecutionRole = environment.role
            return held

    def _check_customer_side(self, environment: Environment) -> None:
        settings = environment.settings
        net = settings["NetworkConfiguration"]
        ec2 = self._aws.client("ec2", environment.region, environment.account)
        if why := network.unreachable(ec2, net["SubnetIds"], net["SecurityGroupIds"]):
            raise Misconfigured(why)
        if missing := self._role(environment).untrusted():
            raise Misconfigured(f"the execution role's trust policy does not name {' and '.join(missing)}")
        kms = self._aws.client("kms", environment.region, environment.account)
        if why := log_key.refusal(kms, environment):
            raise Misconfigured(why)

    def _await_endpoints(self, environment: Environment) -> None:
        if environment.settings["EndpointManagement"] != "CUSTOMER":
            return
        environment.become("PENDING")
        ec2 = self._aws.client("ec2", environment.region, environment.account)
        services = list(environment.endpoint_services().values())
        deadline = time.monotonic() + PENDING_SECONDS
        while missing := network.missing_endpoints(ec2, services):
            if environment.cancelled.wait(self._poll_seconds):
                raise Removed
            if time.monotonic() > deadline:
                raise Misconfigured(f"no VPC endpoint was created for {', '.join(missing)} within 72 hours")
        environment.become("CREATING")

    def _log_groups(self, environment: Environment) -> None:
        make_log_groups(self._aws.client("logs", environment.region, environment.account), environment)

    def _stop_quietly(self, environment: Environment) -> None:
        if environment.front is not None:
            environment.front.stop()
            environment.front = None
        if environment.runtime is not None:
            try:
                environment.runtime.stop()
            except (OSError, WizardError) as error:
                self._progress(environment.name, f"stopping: {clean(error, limit=300)}")


def _unless_cancelled(environment: Environment) -> None:
    if environment.cancelled.is_set():
        raise Removed


def _explain(error: Exception) -> tuple[str, str]:
    """ErrorCode and ErrorMessage of LastUpdate for what went wrong."""
    if isinstance(error, Misconfigured):
        return INCORRECT, f"{_HINT} ({error})"
    if isinstance(error, ClientError):
        return INCORRECT, f"{_HINT} ({error})"
    if isinstance(error, WizardError):
        return "INTERNAL_ERROR", " ".join(part for part in (error.what, error.where) if part)
    return "INTERNAL_ERROR", f"{type(error).__name__}: {error}"
