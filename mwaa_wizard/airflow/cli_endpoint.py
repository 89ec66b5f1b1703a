"""Airflow's command line over HTTP: `POST /aws_mwaa/cli` with a token that lives 60 seconds.

Source: MWAA user guide, call-mwaa-apis-cli and airflow-cli-command-reference. One command a call; the answer holds
stdout and stderr in base64. Connections, pools and users are never allowed there.
"""

from __future__ import annotations

import base64
import json
import shlex
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mwaa_wizard import readonly
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

TIMEOUT = 90  # seconds: the commands start a Python process in the web server


@dataclass(frozen=True)
class CliAnswer:
    """What the command wrote; `ok` is whether the endpoint answered 200."""

    ok: bool
    stdout: str
    stderr: str

    def rows(self) -> list[dict[str, Any]]:
        """The JSON list that `-o json` printed (log lines may come before it); empty where there is none."""
        for start, char in enumerate(self.stdout):
            if char != "[":
                continue
            try:
                found = json.loads(self.stdout[start:])
            except ValueError:
                continue
            return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        return []


def run_cli(mwaa_client: Any, environment: str, words: list[str]) -> CliAnswer:
    """Run one Airflow command in an environment's web server.

    Raises WizardError when the web server cannot be reached (a private one from outside its VPC), ClientError when
    the token is refused.
    """
    readonly.refuse_command(words)
    token = mwaa_client.create_cli_token(Name=environment)
    # The web server is reached the way the API is: https on AWS, whatever a custom endpoint speaks elsewhere.
    scheme = urlsplit(str(mwaa_client.meta.endpoint_url)).scheme or "https"
    request = urllib.request.Request(
        f"{scheme}://{token['WebServerHostname']}/aws_mwaa/cli",
        data=shlex.join(words).encode(),
        headers={"Authorization": f"Bearer {token['CliToken']}", "Content-Type": "text/plain"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return _decode(True, answer.read())
    except urllib.error.HTTPError as problem:
        return _decode(False, problem.read())
    except (urllib.error.URLError, TimeoutError, ConnectionError) as problem:
        raise WizardError(
            what=_("The web server of {environment} cannot be reached.").format(environment=environment),
            where=clean(problem, limit=300),
            remedy=_("A private web server answers only inside its VPC: run the wizard there, then resume."),
            exit_code=EXIT_RESUMABLE,
        ) from None


def _decode(ok: bool, body: bytes) -> CliAnswer:
    try:
        document = json.loads(body)
        stdout, stderr = (
            base64.b64decode(document.get(name) or "").decode("utf-8", "replace") for name in ("stdout", "stderr")
        )
    except (ValueError, AttributeError):
        return CliAnswer(False, "", clean(body.decode("utf-8", "replace"), limit=500))
    return CliAnswer(ok, stdout, clean(stderr, keep_newlines=True, limit=4000))
