"""Rows that were not brought over, or that an import replaced: saved from the bundle before it is deleted."""

from __future__ import annotations

import os
import shutil

from mwaa_wizard import paths
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.execution import documents
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle


def keys(session_id: str) -> list[str]:
    """The objects of the bundle that hold such rows, by the run folder's copies of manifest and import result."""
    manifest = documents.load(session_id, bundle.MANIFEST, bundle.Manifest)
    result = documents.load(session_id, bundle.IMPORT_RESULT, bundle.ImportResult)
    found = []
    for name, exported in manifest.tables.items() if manifest else ():
        if exported.rejected:
            found.append(bundle.source_rejected_key(name))
    for name, imported in result.tables.items() if result else ():
        if imported.rejected or imported.emptied:
            found.append(bundle.rejected_key(name))
        # An earlier try of the import may have replaced them; where none did, there is no such object.
        found.append(bundle.replaced_key(name))
    return found


def save(ctx: Context) -> None:
    """Download them into the run folder (0600), over those of an earlier migration of this session; where the bucket
    has none, what is there stays. Sealed values are not among them.
    """
    folder, client = paths.run_dir(ctx.session.id), ctx.client("source", "s3")
    for key in keys(ctx.session.id):
        path = folder / key
        try:
            body = client.get_object(Bucket=ctx.session.migration_bucket, Key=key)["Body"]
        except Exception as problem:
            if is_missing(problem):
                continue  # nothing was replaced, or the clean-up deleted it already
            raise
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            shutil.copyfileobj(body, file, 1 << 20)
        os.replace(part, path)
        ctx.log(_("Kept {key} as {path}.").format(key=key, path=path))
