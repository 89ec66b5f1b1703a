"""Planted secrets: in nothing that is drawn or written, whatever page or box was open, and after a crash."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .planted import SECRETS, secrets_in
from .terminal import drawn_by, environ_of


def test_no_canary_in_anything_that_is_written_or_shown(tmp_path: Path) -> None:
    code, drawn = drawn_by(["tests.canary.tour", "SECRETS"], environ_of(tmp_path))
    assert code == 1, "the tour ends in a crash on purpose"
    assert b"mwaa-wizard itself failed (RuntimeError)" in drawn
    assert secrets_in(drawn) == []
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert any(path.name.startswith("crash-") for path in written)
    found = {str(path.relative_to(tmp_path)): secrets_in(_all_of(path)) for path in written}
    assert {path: names for path, names in found.items() if names} == {}


def _all_of(path: Path) -> bytes:
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as file:
        return b"\n".join(file.read(name) for name in file.namelist())


def test_the_search_would_find_each_of_them() -> None:
    assert secrets_in("\n".join(SECRETS.values()).encode()) == list(SECRETS)
