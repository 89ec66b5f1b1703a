"""Which keys of the migration bucket each side reads and writes: the resources of the two role policies."""

from __future__ import annotations

from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.model import Session

SEALED_TABLES = ("variable", "connection")


def moves_secrets(session: Session) -> bool:
    """Whether variables or connections come along, so that sealed objects are written and read."""
    selected = session.tables.selected
    return selected is None or any(table in selected for table in SEALED_TABLES)


def _folder(key: str) -> str:
    return key.split("/", 1)[0] + "/*"


def _shared(dag_id: str) -> list[str]:
    """What the tasks of a run tell each other, and the export's rows that no other version can key."""
    work = f"work/{dag_id}/*"
    return [work, bundle.source_rejected_key("x").rsplit("/", 1)[0] + "/*"] if dag_id == "mwz_export" else [work]


def source_writes(session: Session) -> list[str]:
    """Keys the inventory and export DAGs write."""
    keys = [bundle.INVENTORY, bundle.MANIFEST, bundle.PAUSED, _folder(bundle.progress_key("x")), *_shared("mwz_export")]
    keys.append(_folder(bundle.part_key("x", 1)))
    if moves_secrets(session):
        keys.append(_folder(bundle.sealed_key("x")))
    return keys


def source_reads() -> list[str]:
    """Keys the inventory and export DAGs read: their orders, what an earlier try left, the target's public key."""
    return [_folder(bundle.request_key("x")), bundle.PAUSED, bundle.PUBLIC_KEY, *_shared("mwz_export")]


def target_reads(session: Session) -> list[str]:
    """Keys the key, import and verify DAGs read."""
    keys = [_folder(bundle.request_key("x")), bundle.MANIFEST, _folder(bundle.part_key("x", 1)),
            _folder(bundle.IMPORT_RESULT), _folder(bundle.rejected_key("x")), *_shared("mwz_import")]  # fmt: skip
    if moves_secrets(session):
        keys.append(_folder(bundle.sealed_key("x")))
    return keys


def target_writes(session: Session | None = None) -> list[str]:
    """Keys the key, import and verify DAGs write; every one there is, without a session."""
    # The key pair is made in any case: which tables are chosen may still change.
    sealed = [bundle.sealed_replaced_key("*")] if session is None or moves_secrets(session) else []
    return [
        _folder(bundle.progress_key("x")),
        _folder(bundle.IMPORT_RESULT),  # and the note that an import has begun, beside it
        bundle.VERIFY_RESULT,
        bundle.PUBLIC_KEY,
        _folder(bundle.rejected_key("x")),
        _folder(bundle.replaced_key("x")),
        *sealed,
        *_shared("mwz_import"),
    ]
