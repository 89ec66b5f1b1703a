"""What a command of the wizard said: whether it did all, and whether anything was refused on the way."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.session.model import Session
from tests.e2e.routes.two_accounts import Side

# A look that is refused is told by the preflight as a warning, and a copy that falls back by its step.
_REFUSED = re.compile(
    r"is refused|AccessDenied|not authorized|could not be looked at|permission is missing|you may not", re.IGNORECASE
)


def unhindered(done: subprocess.CompletedProcess[str]) -> str:
    """What was printed, by a command that ended well and met no refusal."""
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    assert refusals(said) == [], refusals(said)
    return said


def refusals(text: str) -> list[str]:
    """The lines that tell of one."""
    return [line for line in text.splitlines() if _REFUSED.search(line)]


def same(session: Session, file: str = "verify.json") -> VerifyResult:
    """The verification's result, which found no difference."""
    result = VerifyResult.model_validate_json((Path(paths.run_dir(session.id)) / file).read_text())
    assert result.same, result
    return result


def until_available(side: Side, name: str) -> None:
    """Wait for an update of an environment."""
    for _turn in range(400):
        if side.client("mwaa").get_environment(Name=name)["Environment"]["Status"] == "AVAILABLE":
            return
        time.sleep(1)
    raise AssertionError(f"{name} did not come back from its update")
