"""The bundle's JSON documents: read from the migration bucket, checked, and kept in the run folder for later pages."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mwaa_wizard import paths
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.store import write_atomic

Document = TypeVar("Document", bound=BaseModel)

# Bucket key -> file in the run folder.
LOCAL = {
    bundle.INVENTORY: "inventory.json",
    bundle.MANIFEST: "manifest.json",
    bundle.IMPORT_RESULT: "import.json",
    bundle.VERIFY_RESULT: "verify.json",
}


def put_json(ctx: Context, key: str, document: dict[str, Any]) -> None:
    """Write a small JSON object to the migration bucket."""
    ctx.client("source", "s3").put_object(
        Bucket=ctx.session.migration_bucket,
        Key=key,
        Body=json.dumps(bundle.requests_for(document), ensure_ascii=False).encode(),
        ContentType="application/json",
    )


def get_bytes(ctx: Context, key: str) -> bytes | None:
    """An object of the migration bucket, or None where it (or the bucket) is not there."""
    try:
        body: bytes = ctx.client("source", "s3").get_object(Bucket=ctx.session.migration_bucket, Key=key)["Body"].read()
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return body


def fetch(ctx: Context, key: str, model: type[Document], run_id: str | None = None) -> Document:
    """Read and check a document, keep a copy in the run folder.

    Raises WizardError where it is missing, damaged, or (given `run_id`) written by another DAG run.
    """
    body = get_bytes(ctx, key)
    where = f"s3://{ctx.session.migration_bucket}/{key}"
    if body is None:
        raise _broken(_("The bundle has no {key}.").format(key=key), where)
    try:
        document = model.model_validate_json(body)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        said = f"{where} {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise _broken(_("{key} in the bundle is not what it should be.").format(key=key), said) from None
    written_by = getattr(document, "run_id", run_id)
    if run_id is not None and written_by != run_id:
        raise _broken(_("{key} was written by another run ({run}).").format(key=key, run=written_by), where)
    if key in LOCAL:
        write_atomic(paths.run_dir(ctx.session.id) / LOCAL[key], document.model_dump_json(indent=2) + "\n")
    return document


def load(session_id: str, key: str, model: type[Document]) -> Document | None:
    """The run folder's copy of a document; None where there is none or it cannot be read."""
    try:
        text = (paths.run_dir(session_id) / LOCAL[key]).read_text(encoding="utf-8")
        return model.model_validate_json(text)
    except (OSError, ValidationError):
        return None


def need(ctx: Context, key: str, model: type[Document]) -> Document:
    """The run folder's copy, else the bucket's."""
    return load(ctx.session.id, key, model) or fetch(ctx, key, model)


def forget(session_id: str, key: str) -> None:
    """Drop the run folder's copy: what it describes was undone."""
    (paths.run_dir(session_id) / LOCAL[key]).unlink(missing_ok=True)


def _broken(what: str, where: str) -> WizardError:
    return WizardError(
        what=what, where=where, remedy=_("Resume runs the DAG that writes it again."), exit_code=EXIT_RESUMABLE
    )
