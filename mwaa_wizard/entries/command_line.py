"""Variables through Airflow's command line, which shows what its REST API masks or writes anew.

Sources: MWAA user guide, airflow-cli-command-reference (`variables get` and `list` may be run; `export` may not);
Airflow cli_config (`--show-values` since 3.2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mwaa_wizard.airflow.cli_endpoint import run_cli
from mwaa_wizard.aws.errors import DENIED, code_of
from mwaa_wizard.entries import model
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

_PROBE = "mwaa-wizard-probe"


class CommandLine:
    """One environment's. `refusal`: why it cannot be used; empty while it was not needed, or works."""

    def __init__(self, client: Callable[[], Any], environment: str) -> None:
        self._client, self._environment = client, environment
        self.refusal = ""
        self._probed = False

    def answers(self) -> bool:
        """Whether it prints a value and nothing else: what a plugin prints would be taken for a part of each value."""
        if not self._probed:
            self._probed = True
            said = self._run(["variables", "get", "--default", _PROBE, f"{_PROBE}-no-such-key"])
            if said is not None and said != f"{_PROBE}\n":
                self.refusal = _("its command line prints more than the value")
        return not self.refusal

    def value(self, key: str) -> str | None:
        """A variable's value, to the last character; None where it cannot be had."""
        if not self.answers():
            return None
        said = self._run(["variables", "get", *(["--"] if key.startswith("-") else []), key])
        return said[:-1] if said is not None and said.endswith("\n") else None

    def keys(self) -> list[str] | None:
        """All keys; None where they cannot be had."""
        said = self._run(["variables", "list", "-o", "json"]) if self.answers() else None
        return None if said is None else [str(row["key"]) for row in _rows(said)]

    def values(self) -> dict[str, str] | None:
        """All values of an Airflow that lists them (3.2 and newer); None where they cannot be had."""
        said = self._run(["variables", "list", "--show-values", "-o", "json"])
        return None if said is None else {str(row["key"]): str(row["val"]) for row in _rows(said) if "val" in row}

    def _run(self, words: list[str]) -> str | None:
        if self.refusal:
            return None
        try:
            answer = run_cli(self._client(), self._environment, words)
        except WizardError as problem:
            self.refusal = problem.what
            return None
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            self.refusal = _("you may not use its command line (airflow:CreateCliToken)")
            return None
        return answer.stdout if answer.ok else None


def fits(shown: str, value: str) -> bool:
    """Whether what the command line printed can be what the REST API showed: no log line took its place."""
    if not model.is_json(shown):
        pattern = ".*".join(re.escape(part) for part in shown.split(model.MASKED))
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    try:
        return _same_shape(json.loads(shown), json.loads(value))
    except ValueError:
        return False


def _same_shape(shown: Any, real: Any) -> bool:
    if isinstance(shown, str) and model.MASKED in shown:
        return True
    if isinstance(shown, dict):
        return isinstance(real, dict) and shown.keys() == real.keys() and all(
            _same_shape(shown[key], real[key]) for key in shown
        )  # fmt: skip
    if isinstance(shown, list):
        return isinstance(real, list) and len(shown) == len(real) and all(
            _same_shape(one, other) for one, other in zip(shown, real, strict=True)
        )  # fmt: skip
    return bool(shown == real)


def _rows(text: str) -> list[dict[str, Any]]:
    """The JSON list that `-o json` printed; log lines may stand before it."""
    decoder, start = json.JSONDecoder(strict=False), text.find("[")
    while start >= 0:
        try:
            found, _end = decoder.raw_decode(text, start)
        except ValueError:
            found = None
        if isinstance(found, list) and all(isinstance(row, dict) and "key" in row for row in found):
            return found
        start = text.find("[", start + 1)
    return []
