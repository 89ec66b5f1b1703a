"""What a template tells its reader: names made of options, and how it is deployed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.execution import names
from mwaa_wizard.i18n import _, listed
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
        origin = clean(names.bucket_of(str(source.get("SourceBucketArn") or "")), limit=63)
        here, there = (clean(item, limit=200) for item in (source.get("DagS3Path") or "dags", values["DagS3Path"]))
        line = _("Copy s3://{bucket}/{folder} into the new bucket as {name}.")
        found.append(line.format(bucket=origin, folder=here, name=there))
        named = [clean(values[path], limit=200) for path in OBJECT_VERSIONS if path in values]
        if named:
            found.append(_("Copy there, too: {names}").format(names=listed(named)))
        found.append(_("Deploy again with FilesUploaded=yes and the files' version ids."))
    if values.get("EndpointManagement") == "CUSTOMER":
        found.append(
            _("While the environment is PENDING, make interface endpoints to its DatabaseVpcEndpointService and "
              "WebserverVpcEndpointService within 72 hours.")
        )  # fmt: skip
    what = _("variables, pools and connections") if session.route == "settings-only" else _("history and secrets")
    line = _("Move {what}: mwaa-wizard run {id} finds by its tag what was made here and goes on with it (and its undo "
             "would take it away, too).")  # fmt: skip
    return [*found, line.format(what=what, id=session.id)]


def wrapped(lines: Iterable[str], width: int = 98) -> Iterator[str]:
    """Lines of comments, none too long; what comes from outside is one line and cannot end a comment."""
    for line in lines:
        hang = "  " if line.startswith("- ") else ""
        parts = textwrap.wrap(clean(line, limit=2000), width, subsequent_indent=hang, break_long_words=False,
                              break_on_hyphens=False)  # fmt: skip
        yield from parts or [""]
