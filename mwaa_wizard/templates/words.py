"""What a template tells its reader: names made of options, and how it is deployed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.execution import names
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


def camel(key: str) -> str:
    """`smtp.smtp_password` as `SmtpSmtpPassword`: letters and digits only, as CloudFormation's names are."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key) if part)


def snake(name: str) -> str:
    """`OptionSmtpSmtpPassword` as `option_smtp_smtp_password`, `RequirementsS3ObjectVersion` as Terraform has it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def steps(session: Session, source: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """What the person who deploys has to do, in order, one line each."""
    found = []
    if session.target.create_bucket:
        found.append(_("Deploy with FilesUploaded=no: bucket and role are made, the environment is not."))
        origin = names.bucket_of(str(source.get("SourceBucketArn") or ""))
        folder = clean(source.get("DagS3Path") or "dags", limit=200)
        line = _("Copy s3://{bucket}/{folder} and what is named below into the new bucket.")
        found.append(line.format(bucket=clean(origin, limit=63), folder=folder))
        named = [clean(values[path], limit=200) for path in OBJECT_VERSIONS if path in values]
        found += [f"- {path}" for path in named]
        found.append(_("Deploy again with FilesUploaded=yes and the files' version ids."))
    if values.get("EndpointManagement") == "CUSTOMER":
        found.append(
            _("While the environment is PENDING, make interface endpoints to its DatabaseVpcEndpointService and "
              "WebserverVpcEndpointService within 72 hours.")
        )  # fmt: skip
    if session.target.upgrade_to:
        found.append(
            _("Import the history, then upgrade in place to {version}.").format(version=session.target.upgrade_to)
        )
    if session.route != "settings-only":
        found.append(
            _("Move history and secrets: mwaa-wizard run {id} finds by its tag what was made here and goes on with it.")
            .format(id=session.id)
        )  # fmt: skip
    return found


def wrapped(lines: Iterable[str], width: int = 98) -> Iterator[str]:
    """Lines of comments, none too long; what comes from outside is one line and cannot end a comment."""
    for line in lines:
        hang = "  " if line.startswith("- ") else ""
        parts = textwrap.wrap(clean(line, limit=2000), width, subsequent_indent=hang, break_long_words=False,
                              break_on_hyphens=False)  # fmt: skip
        yield from parts or [""]
