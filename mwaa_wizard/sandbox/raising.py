"""`up` inside the daemon: surroundings, files, CreateEnvironment, waiting, history. One environment per call."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, cast

from botocore.exceptions import ClientError

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.airflow import versions
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.names import log_group
from mwaa_wizard.sandbox.mwaa.service import Service
from mwaa_wizard.sandbox.seed import control as seeding
from mwaa_wizard.sandbox.seed.target import SeedFiles, SeedTarget, Size

Progress = Callable[[str], None]
POLL_SECONDS = 0.25
WAIT_SECONDS = 15.0  # silence after which a person is told that work goes on


@dataclass(frozen=True)
class Raiser:
    """Brings environments up in one account and region, as their administrator would through the API."""

    service: Service
    aws: AwsAccess
    account: str
    region: str
    prepare: Callable[[str, Progress], object] | None = None  # slow work on a version that can begin at once

    def raise_environment(self, name: str, version: str, size: Size, progress: Progress) -> None:
        """Until the environment is AVAILABLE and filled. One that runs already is left as it is.

        Raises WizardError: the version cannot run here, the name is taken by another version, creation failed.
        """
        if (existing := self._existing(name)) is not None and existing.status == "CREATE_FAILED":
            self._remove_failed(existing, progress)
        elif existing is not None:
            self._keep(existing, version)
            progress(_("runs already ({status}); left as it is").format(status=existing.status))
            return
        if version not in versions.supported():
            raise WizardError(
                what=_("Airflow {version} cannot run in the sandbox.").format(version=version),
                changed=_("Nothing was changed."),
                remedy=_("Choose one of: {versions}.").format(versions=listed(versions.supported())),
            )
        prepared = self._prepare(version, progress)
        around = provision.surround(self.aws, name, self.account, self.region)
        files = seeding.put_files(self._target(name, version, around.bucket), size, progress)
        prepared()
        settings = provision.environment_settings(name, version, around, self.region, _artefacts(files))
        self.service.legacy_versions.add(version)
        try:
            self.aws.client("mwaa", self.region, self.account).create_environment(**settings)
        except ClientError as error:
            raise WizardError(
                what=_("The sandbox's MWAA refused to create {name}: {error}").format(name=name, error=error),
                changed=_("Its bucket and role exist; nothing runs for it."),
                remedy=_("Correct the name or the version and try again."),
                code=str(error.response.get("Error", {}).get("Code", "")),
            ) from error
        environment = self._await(name)
        if size != "none":
            seeding.fill(self._filled_target(environment), size, progress)

    def _prepare(self, version: str, progress: Progress) -> Callable[[], None]:
        """Begin to install while the surroundings are made; the answer waits for it, and raises what went wrong.

        So an installation that fails leaves no failed environment behind.
        """
        if (prepare := self.prepare) is None:
            return lambda: None
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"prepare-{version}")
        work = pool.submit(prepare, version, progress)
        pool.shutdown(wait=False)

        def wait() -> None:
            while True:
                try:
                    work.result(timeout=WAIT_SECONDS)
                    return
                except TimeoutError:
                    progress(_("still installing Airflow {version} ...").format(version=version))

        return wait

    def _existing(self, name: str) -> Environment | None:
        place = (self.account, self.region, name)
        return next((e for e in self.service.environments() if (e.account, e.region, e.name) == place), None)

    def _remove_failed(self, existing: Environment, progress: Progress) -> None:
        """An environment whose creation failed can only be deleted, as on MWAA; then it is made again."""
        progress(_("its creation failed before; making it again"))
        self.aws.client("mwaa", self.region, self.account).delete_environment(Name=existing.name)
        while self._existing(existing.name) is not None:
            time.sleep(POLL_SECONDS)

    def _keep(self, existing: Environment, version: str) -> None:
        if existing.version != version:
            raise WizardError(
                what=_("The sandbox already has {name}, with Airflow {version}.").format(
                    name=existing.name, version=existing.version
                ),
                changed=_("Nothing was changed."),
                remedy=_("Choose another name, or end the sandbox with `mwaa-wizard sandbox down`."),
            )

    def _await(self, name: str) -> Environment:
        while (environment := self._existing(name)) is not None:
            if environment.status in ("AVAILABLE", "CREATE_FAILED"):
                break
            time.sleep(POLL_SECONDS)
        if environment is None:
            raise WizardError(what=_("{name} was deleted while it was being created.").format(name=name))
        if environment.status == "CREATE_FAILED":
            error = environment.last_update.get("Error", {})
            raise WizardError(
                what=_("{name} ended as CREATE_FAILED: {message}").format(
                    name=name, message=error.get("ErrorMessage", "")
                ),
                changed=_("The environment is kept as CREATE_FAILED; its processes have ended."),
                remedy=_("Its logs are in {path}.").format(path=self.service.home_of(environment) / "logs"),
                code=str(error.get("ErrorCode", "")),
            )
        return environment

    def _target(self, name: str, version: str, bucket: str) -> SeedTarget:
        return SeedTarget(
            name=name, version=version, venv_python=self.service.homes, process_env={}, bucket=bucket,
            dag_s3_path=provision.DAG_PATH, s3=self.aws.client("s3", self.region, self.account),
            logs=self.aws.client("logs", self.region, self.account), task_log_group=log_group(name, "TaskLogs"),
        )  # fmt: skip

    def _filled_target(self, environment: Environment) -> SeedTarget:
        runtime: Any = environment.runtime
        empty = self._target(environment.name, environment.version, environment.bucket)
        python = runtime.venv / "bin" / "python"
        return replace(empty, venv_python=python, process_env=runtime.environment(), rest=runtime.rest)


def _artefacts(files: SeedFiles) -> dict[str, str]:
    given = {
        "RequirementsS3Path": files.requirements_s3_path,
        "RequirementsS3ObjectVersion": files.requirements_version,
        "PluginsS3Path": files.plugins_s3_path,
        "PluginsS3ObjectVersion": files.plugins_version,
    }
    return {key: value for key, value in given.items() if value}


def size_of(data: str) -> Size:
    """`small`, `large` or `none`; WizardError for anything else."""
    if data not in ("small", "large", "none"):
        raise WizardError(
            what=_("There is no data size {size}.").format(size=repr(data)), remedy=_("Use small, large or none.")
        )
    return cast(Size, data)
