"""What the session would create, written to a file as code: CloudFormation, Terraform, or input of the AWS CLI."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mwaa_wizard.i18n import _, listed

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

Form = Literal["cloudformation", "terraform", "cli"]
_ENDINGS: dict[Form, str] = {"cloudformation": "yaml", "terraform": "tf", "cli": "json"}


def write(session: Session, environment: dict[str, Any], form: Form) -> tuple[Path, list[str]]:
    """Write it below the state folder; no secret is in it. Returns the file and what to know before it is used.

    Raises WizardError naming what is not decided yet.
    """
    from mwaa_wizard import paths
    from mwaa_wizard.templates.blueprint import blueprint

    plan = blueprint(session, environment)
    notes: list[str] = []
    if plan.open:
        names = listed(line.partition(":")[0] for line in plan.open)
        notes.append(_("To be given when it is deployed: {names}").format(names=names))
    if form == "cli":
        from mwaa_wizard.templates.cli_input import to_cli

        made = to_cli(plan, session)
        text, notes = made.text, made.notes
    elif form == "terraform":
        from mwaa_wizard.templates.terraform import to_terraform

        text = to_terraform(plan)
    else:
        from mwaa_wizard.templates.cloudformation import to_cloudformation

        text = to_cloudformation(plan)
    path = paths.exports_dir() / f"{session.id}-{form}.{_ENDINGS[form]}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path, notes
