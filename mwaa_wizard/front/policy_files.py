"""Where documents are saved, and what became of the file: new, the same, or in place of another text."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mwaa_wizard import paths

if TYPE_CHECKING:
    from mwaa_wizard.policies.forms import Form

_ENDINGS = {"json": "json", "cli": "sh", "cloudformation": "yaml", "terraform": "tf"}


@dataclass(frozen=True)
class Saved:
    """What happened to the file."""

    path: Path
    how: Literal["new", "same", "replaced"]


def default_place(session_id: str, name: str, form: Form) -> Path:
    """A file in the session's own folder."""
    return paths.run_dir(session_id) / "policies" / f"{name}.{_ENDINGS[form]}"


def save(session_id: str, name: str, form: Form, text: str, place: str = "") -> Saved:
    """Write the text for the user alone to read. Raises WizardError where it cannot be written."""
    from mwaa_wizard.aws.errors import translate

    try:
        return _save(session_id, name, form, text, place)
    except OSError as problem:
        raise translate(problem) from problem


def _save(session_id: str, name: str, form: Form, text: str, place: str) -> Saved:
    path = Path(place).expanduser() if place else default_place(session_id, name, form)
    had = there(path)
    if had == text:
        return Saved(path, "same")
    if not place:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    # Beside it first: a disk that is full leaves what was there.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return Saved(path, "new" if had is None else "replaced")


def there(path: Path) -> str | None:
    """The text of a file; None where there is none, empty where it cannot be read as text."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return ""
