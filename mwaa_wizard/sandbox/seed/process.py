"""Run `inside/fill.py` with an environment's own interpreter and feed it messages through a pipe."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.text import clean

_SCRIPT = Path(__file__).parent / "inside" / "fill.py"


def run_fill(python: Path, environ: Mapping[str, str], messages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Feed ``messages`` to the script; returns ``{"already_filled": bool, "rows": {table: count}}``.

    ``environ`` is the whole environment of the child (AIRFLOW_HOME, database URL, Fernet key ...).  Secrets go
    through standard input only: never in arguments, never in a file.

    Raises WizardError when the script ends with an error; its last lines are in ``where``.
    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as answers:
        child = subprocess.Popen(
            [str(python), "-u", str(_SCRIPT)],
            stdin=subprocess.PIPE, stdout=answers, stderr=errors, env={**environ, "PYTHONSAFEPATH": "1"},
            cwd=tempfile.gettempdir(), start_new_session=True,
        )  # fmt: skip
        try:
            assert child.stdin is not None
            try:
                for message in messages:
                    child.stdin.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
                child.stdin.close()
            except BrokenPipeError:
                pass  # the script has ended early: its exit code and its last lines say why
            code = child.wait()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        errors.seek(0)
        answers.seek(0)
        said = errors.read().decode(errors="replace")
        lines = answers.read().decode(errors="replace").strip().splitlines()
    if code != 0 or not lines:
        raise WizardError(
            what="The sandbox could not write its seeded history into Airflow's database.",
            changed="Chunks that were committed before the failure stay in the sandbox's database.",
            remedy="Run `mwaa-wizard sandbox down --wipe`, then `sandbox up` again.",
            where=clean(said[-1500:], keep_newlines=True),
            code=f"exit {code}",
        )
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer
