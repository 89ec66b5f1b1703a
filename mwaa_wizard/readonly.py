"""Read-only mode: whatever the front-end, no call that could change AWS or an Airflow leaves this process.

Switched on by `--read-only` or MWAA_WIZARD_READ_ONLY=1. The runner refuses to run, and the clients refuse by the name
of the operation: AWS begins those that only read with a few verbs.
"""

from __future__ import annotations

import os
import re
from typing import Any

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _

VARIABLE = "MWAA_WIZARD_READ_ONLY"
_OFF = ("", "0", "no", "false", "off")

_READS = re.compile(r"(Get|List|Describe|Head|Filter|Lookup|Simulate|Validate|Check|BatchGet|Test)[A-Z]")
# They answer and change nothing, although the name does not begin so: a query of CloudWatch Logs Insights; tokens for
# an Airflow, whose own calls are looked at below.
_ALSO = ("StartQuery", "StopQuery", "CreateCliToken", "CreateWebLoginToken", "DecodeAuthorizationMessage")
# Commands of Airflow's own CLI that only read.
_CLI_READS = re.compile(
    r"(version|list_dags|variables|pool|plugins|providers list)( -.*)?|(dag_state|list_dag_runs|list_tasks)( .*)?"
    r"|(dags|tasks|pools|variables|connections|roles|users|jobs|config) "
    r"(list|get|get-value|list-runs|report|state|show|details|list-import-errors|states-for-dag-run|next-execution)"
    r"( .*)?"
)
# In 1.10 one command of variables and pools both reads and writes, by its switch.
_CLI_WRITES = re.compile(r"(variables|pool)( .*)? (-s|--set|-d|-x|--delete|-i|--import)( .*)?")


def on() -> bool:
    """Whether this process may only read."""
    return os.environ.get(VARIABLE, "").strip().lower() not in _OFF


def switch_on() -> None:
    """From now on, in this process and in those it starts."""
    os.environ[VARIABLE] = "1"


def reads(operation: str, parameters: Any = None) -> bool:
    """Whether an operation of AWS only reads; InvokeRestApi does where its own method is GET."""
    if operation == "InvokeRestApi":
        method = parameters.get("Method", "") if isinstance(parameters, dict) else ""
        return str(method).upper() == "GET"
    return operation in _ALSO or _READS.match(operation) is not None


def refuse_call(operation: str, parameters: Any = None) -> None:
    """Raise WizardError for an operation of AWS that may change something."""
    if on() and not reads(operation, parameters):
        raise refusal(operation)


def refuse_command(words: list[str]) -> None:
    """Raise WizardError for a command of Airflow's CLI that may change something."""
    said = " ".join(words)
    if on() and (not _CLI_READS.fullmatch(said) or _CLI_WRITES.fullmatch(said)):
        raise refusal("airflow " + " ".join(words[:2]))


def refuse_run() -> None:
    """Raise WizardError before a plan is carried out or undone."""
    if on():
        raise refusal("")


def refusal(where: str) -> WizardError:
    """What is said of anything that is not begun."""
    return WizardError(
        what=_("Read-only mode: nothing that changes AWS is started."),
        where=where,
        changed=_("Nothing was changed."),
        remedy=_("To change things, start without --read-only and without MWAA_WIZARD_READ_ONLY. "
                 "A dry run is possible: mwaa-wizard run SESSION --dry-run"),
        exit_code=EXIT_USAGE,
    )  # fmt: skip
