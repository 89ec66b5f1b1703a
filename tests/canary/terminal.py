"""Runs a program in a pseudo terminal and keeps every byte that it draws."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.bench.ui.harness import ROOT, spawn

from .planted import SECRETS


def environ_of(folder: Path) -> dict[str, str]:
    """A home of its own, with an AWS secret key where boto3 finds it."""
    (folder / "aws-config").write_text("[default]\nregion = us-east-1\n")
    (folder / "aws-credentials").write_text(
        f"[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRETS['an AWS secret key']}\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and name != "NO_COLOR"}
    return {
        **kept, "MWAA_WIZARD_HOME": str(folder / "home"), "AWS_CONFIG_FILE": str(folder / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws-credentials"), "AWS_EC2_METADATA_DISABLED": "true",
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MWAA_WIZARD_LANG": "en",
    }  # fmt: skip


def drawn_by(words: list[str], environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> tuple[int, bytes]:
    """(exit code, all bytes) of `python -m WORDS`."""
    pid, fd = spawn([sys.executable, "-m", *words], environ, size)
    drawn = bytearray()

    def read() -> None:
        with contextlib.suppress(OSError):
            while data := os.read(fd, 262_144):
                drawn.extend(data)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    timer = threading.Timer(120, lambda: os.kill(pid, 9))
    timer.start()
    status = os.waitpid(pid, 0)[1]
    timer.cancel()
    reader.join(2)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), bytes(drawn)
