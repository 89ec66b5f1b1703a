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


def source_writes(session: Session) -> list[str]:
    """Keys the inventory and export DAGs write."""
    keys = [bundle.INVENTORY, bundle.MANIFEST, bundle.PAUSED, _folder(bundle.progress_key("x"))]
    keys.append(_folder(bundle.part_key("x", 1)))
    if moves_secrets(session):
        keys.append(_folder(bundle.sealed_key("x")))
    return keys


def source_reads() -> list[str]:
    """Keys the inventory and export DAGs read: their orders, what an earlier try left, the target's public key."""
    return [
        _folder(bundle.request_key("x")),
        _folder(bundle.progress_key("x")),
        bundle.PAUSED,
        bundle.MANIFEST,
        bundle.PUBLIC_KEY,
    ]


def target_reads(session: Session) -> list[str]:
    """Keys the key, import and verify DAGs read."""
    keys = [_folder(bundle.request_key("x")), _folder(bundle.progress_key("x")), bundle.INVENTORY, bundle.MANIFEST,
            _folder(bundle.part_key("x", 1)), bundle.IMPORT_RESULT, _folder(bundle.rejected_key("x")),
            bundle.PUBLIC_KEY]  # fmt: skip
    if moves_secrets(session):
        keys.append(_folder(bundle.sealed_key("x")))
    return keys


def target_writes() -> list[str]:
    """Keys the key, import and verify DAGs write."""
    # The key pair is made in any case: which tables are chosen may still change.
    return [
        _folder(bundle.progress_key("x")),
        bundle.IMPORT_RESULT,
        bundle.VERIFY_RESULT,
        bundle.PUBLIC_KEY,
        _folder(bundle.rejected_key("x")),
    ]
