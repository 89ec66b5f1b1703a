"""Template databases: one per Airflow version, filled by Airflow itself once and cloned for every environment."""

from __future__ import annotations

import base64
import hashlib
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.airflow import commands
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.settings import Ports, Secrets, compose
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.airflow.venv import locked

_SECONDS = 300


def new_fernet_key() -> str:
    """A random Fernet key: 32 bytes, URL-safe base64 (cryptography's format)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def template_name(version: str) -> str:
    """Name of the template database of an Airflow version."""
    return "template_airflow_" + version.replace(".", "_")


def ensure_template(postgres: Postgres, version: str, venv: Path, progress: Callable[[str], None]) -> str:
    """Name of the version's template database; filled (some 10 s) when it does not exist yet.

    It holds the schema, the FAB roles and the user `admin` without a usable password. Raises WizardError.
    """
    name = template_name(version)
    with locked(paths.sandbox_cache() / "venvs" / f"{name}.lock"):
        if not postgres.has_database(name):
            progress(_("Preparing the database of Airflow {version} ...").format(version=version))
            half_made = f"{name}_new"
            postgres.drop_database(half_made)
            postgres.create_database(half_made)
            _fill(postgres.uri(half_made), version, venv)
            postgres.sql("UPDATE ab_user SET password = ''", half_made)
            postgres.rename_database(half_made, name)
    return name


def set_admin_password(postgres: Postgres, database: str, password: str) -> None:
    """Store the admin's password as werkzeug's `pbkdf2:sha256` hash, which every Airflow version can check.

    A thousand iterations are enough for 192 random bits, and each REST call checks the hash anew.
    """
    salt, iterations = secrets.token_hex(8), 1000
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    stored = f"pbkdf2:sha256:{iterations}${salt}${digest}"
    postgres.sql(f"UPDATE ab_user SET password = '{stored}' WHERE username = 'admin'", database)


def run_airflow(venv: Path, args: list[str], env: dict[str, str], cwd: Path) -> None:
    """Run one `airflow` command to its end. Raises WizardError with the end of its output."""
    done = subprocess.run(
        [venv / "bin" / "airflow", *args], env=env, cwd=cwd, capture_output=True, text=True, timeout=_SECONDS,
        stdin=subprocess.DEVNULL, start_new_session=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise WizardError(
            what=_("`airflow {command}` failed: {tail}").format(command=" ".join(args), tail=tail),
            where="airflow " + " ".join(args),
        )


def _fill(uri: str, version: str, venv: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="mwaa-wizard-template-"))
    try:
        spec = RuntimeSpec(
            "template", version, "111122223333", "us-east-1", "aws", "http://127.0.0.1:9", "none", "dags",
            logging={"Task": (False, "INFO")},
        )  # fmt: skip
        keys = Secrets(new_fernet_key(), secrets.token_hex(16), secrets.token_urlsafe(24))
        env = compose(spec, home, uri, Ports(0, 0, 0), keys, {})
        run_airflow(venv, commands.initialise(spec.release), env, home)
        run_airflow(venv, commands.create_admin(spec.release), env, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
