"""plugins.zip and the startup script: fetched at their pinned version and applied before Airflow starts."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

_STARTUP_SECONDS = 300  # MWAA user guide: using-startup-script (five minutes)


def fetch(role: RoleCredentials, spec: RuntimeSpec, key: str, version: str | None) -> bytes:
    """One object of the environment's bucket at its pinned version. botocore's errors pass through."""
    pinned = {"VersionId": version} if version else {}
    body = role.client("s3", spec).get_object(Bucket=spec.bucket, Key=key, **pinned)["Body"]
    return bytes(body.read())


def apply_plugins(role: RoleCredentials, spec: RuntimeSpec, home: Path) -> None:
    """Replace home/plugins by the content of plugins.zip, or by an empty folder; WizardError when it is no archive."""
    folder = home / "plugins"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if not spec.plugins_s3_path:
        return
    content = io.BytesIO(fetch(role, spec, spec.plugins_s3_path, spec.plugins_version))
    try:
        with zipfile.ZipFile(content) as archive:
            archive.extractall(folder)  # zipfile itself drops absolute and parent parts of names
    except zipfile.BadZipFile as error:
        raise WizardError(
            what=_("{key} is not a zip archive: {error}").format(key=spec.plugins_s3_path, error=error),
            changed=_("The environment has no plugins."),
            remedy=_("Upload a valid plugins.zip and update the environment."),
        ) from error


def run_startup_script(
    role: RoleCredentials, spec: RuntimeSpec, home: Path, env: dict[str, str], log: Callable[[str], None]
) -> dict[str, str]:
    """Run the startup script and return what it exported (MWAA user guide: using-startup-script).

    A failing script is logged and leaves the environment without its variables; its text goes to `log`.
    """
    if not spec.startup_s3_path:
        return {}
    script = home / "startup.sh"
    script.write_bytes(fetch(role, spec, spec.startup_s3_path, spec.startup_version))
    exported = home / "startup.env"
    exported.unlink(missing_ok=True)
    # Sourced, so that its exports can be read afterwards from the same shell.
    command = ["bash", "-c", 'source "$0" && env -0 > "$1"', str(script), str(exported)]
    try:
        done = subprocess.run(
            command, env=env, cwd=home, capture_output=True, text=True, errors="replace", timeout=_STARTUP_SECONDS,
            stdin=subprocess.DEVNULL, start_new_session=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        log(_("The startup script did not end within five minutes."))
        return {}
    log(done.stdout + done.stderr + _("Startup script ended with {code}.").format(code=done.returncode))
    if not exported.exists():
        return {}
    pairs = (entry.partition("=") for entry in exported.read_text(errors="replace").split("\0") if entry)
    after = {name: value for name, _sep, value in pairs}
    exported.unlink()
    return {
        name: value for name, value in after.items() if env.get(name) != value and name not in {"_", "SHLVL", "PWD"}
    }
