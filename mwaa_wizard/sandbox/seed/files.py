"""DAG files, requirements.txt and plugins.zip of a seeded environment, put into its bucket."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.seed.target import SeedFiles, SeedTarget

DAGS = Path(__file__).parent / "dags"

_PLUGIN = '''"""Macros of the company, for templates: {{ macros.company.fiscal_quarter(ds) }}."""

from airflow.plugins_manager import AirflowPlugin


def fiscal_quarter(ds):
    """Quarter of the financial year, which begins in April, for an ISO date: FY2026-Q3."""
    year, month = int(ds[:4]), int(ds[5:7])
    return "FY%d-Q%d" % (year if month >= 4 else year - 1, (month - 4) % 12 // 3 + 1)


class CompanyPlugin(AirflowPlugin):
    name = "company"
    macros = [fiscal_quarter]
'''


def dag_files() -> dict[str, bytes]:
    """Path below the DAG folder -> content, for every seeded file, sorted."""
    paths = [path for path in DAGS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(DAGS).as_posix(): path.read_bytes() for path in sorted(paths)}


def python_of(version: str) -> str:
    """The Python line that MWAA pairs with an Airflow version (MWAA user guide: airflow-versions)."""
    number = tuple(int(part) for part in version.split(".")[:2])
    if number >= (2, 11):
        return "3.12"
    if number >= (2, 7):
        return "3.11"
    return "3.10" if number >= (2, 4) else "3.7"


def requirements(version: str) -> bytes:
    """A requirements.txt as MWAA's user guide wants it: a constraint line first, then pinned packages.

    The constraint file is on the internet; without it MWAA (and the sandbox) leaves the packages out and starts
    the environment all the same.  The DAGs work either way.
    """
    url = f"https://raw.githubusercontent.com/apache/airflow/constraints-{version}/constraints-{python_of(version)}.txt"
    return f'--constraint "{url}"\nparse==1.20.2\n'.encode()


def plugins_zip() -> bytes:
    """A plugins.zip with one plugin; the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("company_plugin.py", (2024, 1, 1, 0, 0, 0)), _PLUGIN)
    return buffer.getvalue()


def _put(target: SeedTarget, key: str, body: bytes) -> str | None:
    answer: dict[str, Any] = target.s3.put_object(Bucket=target.bucket, Key=key, Body=body)
    version = answer.get("VersionId")
    return str(version) if version else None


def put_all(target: SeedTarget) -> SeedFiles:
    """Put every file; DAGs under the environment's DAG folder, the other two at the bucket's top."""
    prefix = target.dag_s3_path.strip("/")
    keys = []
    for path, body in dag_files().items():
        key = f"{prefix}/{path}" if prefix else path
        _put(target, key, body)
        keys.append(key)
    requirements_version = _put(target, "requirements.txt", requirements(target.version))
    plugins_version = _put(target, "plugins.zip", plugins_zip())
    return SeedFiles(tuple(keys), "requirements.txt", requirements_version, "plugins.zip", plugins_version)
