"""Every path the wizard reads or writes outside the package, in one place.

MWAA_WIZARD_HOME puts everything below one root (tests, portable use). MWAA_WIZARD_CACHE moves only the cache, so
that several roots can share the Airflow installations of the sandbox.
"""

from __future__ import annotations

import os
from pathlib import Path

APP = "mwaa-wizard"


def _root() -> Path | None:
    home = os.environ.get("MWAA_WIZARD_HOME")
    return Path(home).expanduser().absolute() if home else None


def _private(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def state_dir() -> Path:
    """Sessions, journals and reports (0700)."""
    if root := _root():
        return _private(root / "state")
    import platformdirs

    return _private(platformdirs.user_state_path(APP))


def sessions_dir() -> Path:
    """One folder a session lives here as `<id>.json`, its lock and backups beside it."""
    return _private(state_dir() / "sessions")


def trash_dir() -> Path:
    """Deleted sessions, kept for a while."""
    return _private(state_dir() / "trash")


def config_dir() -> Path:
    """What the user prefers on this machine."""
    if root := _root():
        return _private(root / "config")
    import platformdirs

    return _private(platformdirs.user_config_path(APP))


def preferences_file() -> Path:
    """Theme, language and the like."""
    return config_dir() / "settings.json"


def run_dir(session_id: str) -> Path:
    """Journal, step logs and reports of one session. ValueError for an id that would lead out of the folder."""
    if not session_id or session_id != os.path.basename(session_id) or session_id in (".", ".."):
        raise ValueError("a session's id is a plain name")
    return _private(state_dir() / "runs" / session_id)


def log_dir() -> Path:
    """The program's own log and crash files."""
    if root := _root():
        return _private(root / "log")
    import platformdirs

    return _private(platformdirs.user_log_path(APP))


def cache_dir() -> Path:
    """What can be deleted at any time and is only slow to make again."""
    if override := os.environ.get("MWAA_WIZARD_CACHE"):
        return _private(Path(override).expanduser().absolute())
    if root := _root():
        return _private(root / "cache")
    import platformdirs

    return _private(platformdirs.user_cache_path(APP))


def sandbox_dir() -> Path:
    """The running sandbox: its state file, environments' homes and logs."""
    if root := _root():
        return _private(root / "sandbox")
    import platformdirs

    return _private(platformdirs.user_data_path(APP) / "sandbox")


def sandbox_cache() -> Path:
    """Virtual environments, package cache and template databases of the sandbox."""
    return _private(cache_dir() / "sandbox")


def exports_dir() -> Path:
    """Where policies and other files for the user are saved when no path is given."""
    return _private(state_dir() / "exports")
