"""What the report says of an environment that changed its version: a second comparison, and what to do then."""

from __future__ import annotations

import dataclasses
from typing import Any

from pydantic import ValidationError

from mwaa_wizard import paths
from mwaa_wizard.i18n import _, ngettext, strung
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.report.model import TableLine
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

FILE = "verify-upgrade.json"  # execution/upgrades/comparison.py: UPGRADED


def load(session: Session) -> VerifyResult | None:
    """A bridge's comparison of its environment before and after the upgrade; an in-place one is in verify.json."""
    if session.route != "bridge":
        return None
    try:
        return VerifyResult.model_validate_json((paths.run_dir(session.id) / FILE).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def rows(lines: list[TableLine], result: VerifyResult | None) -> list[TableLine]:
    """The lines below those of the import, told apart by the version: `dag_run 3.3.1`."""
    version = clean(result.airflow_version, limit=20) if result else ""
    return [dataclasses.replace(line, name=f"{line.name} {version}") for line in lines]


def dags_differ(*results: VerifyResult | None) -> dict[str, str]:
    """DAG id -> what is different, of all comparisons."""
    found: dict[str, str] = {}
    for result in results:
        for dag_id, why in sorted(result.dags_differ.items()) if result else ():
            name = clean(dag_id, limit=250)
            found[name] = strung(filter(None, (found.get(name, ""), in_words(clean(why, limit=500)))))
    return found


def paused(changes: list[dict[str, Any]]) -> str:
    """One sentence on the paused states of an in-place upgrade, from the journal's records of them."""
    noted = [record for record in changes if record["event"] == "changed"][-1]
    before = noted.get("before")
    count = len(before.get("unpaused", [])) if isinstance(before, dict) else 0
    text = ngettext("{n} DAG was unpaused before.", "{n} DAGs were unpaused before.", count).format(n=count)
    back = changes[-1]["event"] == "removed"
    return f"{text} " + (_("All DAGs have their paused states back.") if back else _("All DAGs are paused now."))


def after(session: Session) -> list[str]:
    """What to do when an in-place upgrade is over."""
    return [
        _("Watch the first runs of {name} with Airflow {version}.").format(
            name=clean(session.target.environment, limit=80), version=clean(session.target.airflow_version, limit=20)
        ),
        _("Put back what MWAA can put back: mwaa-wizard undo {id}").format(id=session.id),
    ]
