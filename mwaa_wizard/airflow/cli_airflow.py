"""What the wizard asks of an Airflow, in the words of its command line: grouped since 2.0, flat in 1.10.

Source: MWAA user guide, airflow-cli-command-reference; Airflow 1.10.12 `airflow/bin/cli.py` for what the flat commands
print (they know no `-o json`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.airflow.cli_endpoint import CliAnswer, run_cli
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

OURS = "mwz_"

# How the versions say that a DAG is not in their database: 2.x raises DagNotFound or says "DAG: x does not exist in
# 'dag' table"; `pause` of 1.10 calls a method of None; its `list_dag_runs` has looked into the DAG files.
_UNKNOWN_DAG = re.compile(r"DagNotFound|does not exist|could not be found|Dag id \S+ not found|'set_is_paused'")
_BROKEN_FILE = re.compile(r"Failed to import: (?P<file>\S+)")


@dataclass(frozen=True)
class Dag:
    """A DAG as Airflow lists it; `parsed` is its last_parsed_time as text.

    `is_paused` is None where Airflow does not say: no command of 1.10 lists it.
    """

    dag_id: str
    is_paused: bool | None
    is_active: bool = True
    parsed: str = ""


class CliAirflow:
    """One environment's Airflow over the CLI endpoint. Methods raise WizardError where a command fails.

    `why` tells what kept the caller from using REST; it is part of an error's words.
    """

    def __init__(self, client: Any, environment: str, version: str, why: str) -> None:
        self._client, self._environment, self._why = client, environment, why
        self._flat = version.startswith("1.")

    def version(self) -> str:
        """What `airflow version` prints last."""
        said = self._run(["version"]).stdout.strip()
        return said.splitlines()[-1] if said else ""

    def dags(self) -> Iterator[Dag]:
        """All DAGs that Airflow lists."""
        if self._flat:
            for dag_id in _below_second_rule(self._run(["list_dags"]).stdout):
                yield Dag(dag_id, None)
            return
        for row in self._run(["dags", "list", "-o", "json"]).rows():
            paused = str(row.get("is_paused", row.get("paused", ""))).lower() == "true"
            yield Dag(str(row.get("dag_id", "")), paused)

    def dag(self, dag_id: str) -> Dag | None:
        """One DAG, or None where Airflow does not know it (yet).

        1.10 has no command that reads a DAG's row: `list_dags` reads files, which says nothing of the scheduler, nor
        of a row whose file is gone. A DAG of ours is asked for by pausing it, which is the state it waits in; where
        the row is there without the file, `pause` finds the row and then no DAG (DagModel.set_is_paused).
        """
        if self._flat and dag_id.startswith(OURS):
            answer = self._run(["pause", dag_id], may_fail=True)
            if answer.ok or "DagNotFound" in answer.stderr:
                return Dag(dag_id, True)
            if "'set_is_paused'" in answer.stderr:
                return None
            raise self._refused(["pause", dag_id], answer)
        return next((dag for dag in self.dags() if dag.dag_id == dag_id), None)

    def set_paused(self, dag_id: str, paused: bool) -> bool | None:
        """Pause or unpause. False where Airflow does not know the DAG, None where it has its row but no file of it that
        it can read: 1.10 looks into it for sub-DAGs, and says DagNotFound then.
        """
        word = "pause" if paused else "unpause"
        words = [word, dag_id] if self._flat else ["dags", word, dag_id]
        answer = self._run(words, may_fail=True)
        if not answer.ok and not _UNKNOWN_DAG.search(answer.stderr):
            raise self._refused(words, answer)
        if self._flat and "DagNotFound" in answer.stderr:
            return None
        return answer.ok and "does not exist" not in answer.stdout

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a run; one of that id that is there already is left alone."""
        said = json.dumps(conf)
        if self._flat:
            words = ["trigger_dag", "-r", run_id, "-c", said, dag_id]
        else:
            words = ["dags", "trigger", dag_id, "--run-id", run_id, "--conf", said]
        answer = self._run(words, may_fail=True)
        if not answer.ok and "AlreadyExists" not in answer.stderr:
            raise self._refused(words, answer)

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        """The run's state; None only where Airflow has answered, and knows no such run."""
        return self._runs(dag_id).get(run_id)

    def unfinished_runs(self, dag_id: str) -> list[str]:
        """Ids of a DAG's queued and running runs."""
        return [run_id for run_id, state in self._runs(dag_id).items() if state in ("queued", "running")]

    def _runs(self, dag_id: str) -> dict[str, str]:
        """run id -> state of all its runs; empty only where Airflow has answered, and has none.

        A command that failed is no answer: taken for one, a resume would start a second run beside the first.
        """
        words = ["list_dag_runs", dag_id] if self._flat else ["dags", "list-runs", "-d", dag_id, "-o", "json"]
        answer = self._run(words, may_fail=True)
        if not answer.ok:
            # 1.10 looks into the DAG files first, and a file that is being synced is missing for a moment.
            if not self._flat and _UNKNOWN_DAG.search(answer.stderr):
                return {}
            raise self._refused(words, answer)
        if self._flat:
            return _flat_runs(answer.stdout)
        rows = answer.rows()
        if not rows and "No data found" not in answer.stdout and not re.search(r"\[\s*\]\s*$", answer.stdout):
            raise self._refused(words, answer)
        return {str(row.get("run_id")): str(row.get("state")) for row in rows}

    def import_errors(self) -> list[tuple[str, str]]:
        """(file, what went wrong) of the DAG files that cannot be imported; empty where the version cannot say."""
        if self._flat:
            answer = self._run(["list_dags"], may_fail=True)
            text = answer.stdout + "\n" + answer.stderr
            return [(match["file"], _words_after(text, match.end())) for match in _BROKEN_FILE.finditer(text)]
        rows = self._run(["dags", "list-import-errors", "-o", "json"], may_fail=True).rows()
        return [(str(row.get("filepath") or row.get("filename", "")), str(row.get("error", ""))) for row in rows]

    def delete_dag(self, dag_id: str) -> bool:
        """Delete a DAG's rows. False where that could not be done."""
        words = ["delete_dag", "-y", dag_id] if self._flat else ["dags", "delete", "--yes", dag_id]
        return self._run(words, may_fail=True).ok

    def has_variable(self, key: str) -> bool:
        """Whether a variable exists."""
        if self._flat:
            return key in self._run(["variables"]).stdout.splitlines()
        return any(row.get("key") == key for row in self._run(["variables", "list", "-o", "json"]).rows())

    def delete_variable(self, key: str) -> bool:
        """Delete a variable. False where there is none."""
        words = ["variables", "-x", key] if self._flat else ["variables", "delete", key]
        return self._run(words, may_fail=True).ok

    def _run(self, words: list[str], *, may_fail: bool = False) -> CliAnswer:
        answer = run_cli(self._client, self._environment, words)
        if not answer.ok and not may_fail:
            raise self._refused(words, answer)
        return answer

    def _refused(self, words: list[str], answer: CliAnswer) -> WizardError:
        said = (answer.stderr or answer.stdout).strip()[-400:]
        call = " ".join(words[:1] if self._flat else words[:2])
        return refused(self._environment, call, f"{said} (REST: {self._why})")


def refused(environment: str, call: str, said: str) -> WizardError:
    """The failure of one call, in Airflow's words."""
    return WizardError(
        what=_("Airflow of {environment} refused a call.").format(environment=environment),
        where=clean(f"{call}: {said}", limit=1000),
        remedy=_("The wizard needs Airflow's Admin or Op role there (airflow:InvokeRestApi); then resume."),
        exit_code=EXIT_RESUMABLE,
    )


def _below_second_rule(text: str) -> list[str]:
    """The lines under the heading that 1.10 prints between two rules of dashes; what comes before are log lines."""
    lines = text.splitlines()
    rules = [number for number, line in enumerate(lines) if re.fullmatch(r"-{20,}", line.strip())]
    return [line.strip() for line in lines[rules[1] + 1 :] if line.strip()] if len(rules) >= 2 else []


def _flat_runs(text: str) -> dict[str, str]:
    """run id -> state, from the columns `id | run_id | state | execution_date | state_date |` of `list_dag_runs`."""
    runs = {}
    for line in _below_second_rule(text):
        cells = line.split("|")
        # A run id may hold a bar itself; the columns around it never do.
        if len(cells) >= 6 and cells[0].strip().isdigit():
            runs["|".join(cells[1:-4]).strip()] = cells[-4].strip()
    return runs


def _words_after(text: str, position: int) -> str:
    """The last line of the traceback that follows a log line about a broken file."""
    found = re.search(r"\n(?=\w[\w.]*(?:Error|Exception)\b)(?P<line>.+)", text[position:])
    return found["line"] if found else ""
