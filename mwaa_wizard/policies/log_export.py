"""What carrying over the old task logs takes, alone: for somebody who may see logs and nothing else of the migration.

The statements are those of the operator's documents, made by the same functions. No execution role gets them: the
wizard's host reads and writes the logs with the credentials of each side (logs/copy.py).
"""

from __future__ import annotations

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import operator_source, operator_target
from mwaa_wizard.policies.facts import Facts, Policy, compose
from mwaa_wizard.policies.operator import Grant, Place
from mwaa_wizard.session.model import Session


def policy(session: Session, facts: Facts, side: Side) -> Policy:
    """Reading the old group (source), or writing the new one (target); without the log step there is no statement."""
    place, steps = Place(session, facts, side), frozenset({"logs"})
    if side == "source":
        grants = list(operator_source.logs(place, steps))
    else:
        find = Grant("FindLogGroups", _("Whether the task log group is there; this action takes no narrower resource."),
                     ("logs:DescribeLogGroups",), ("*",))  # fmt: skip
        grants = [find, *operator_target.logs(place, steps)]
    document, why = compose([grant.said() for grant in grants])
    caller = facts.source_caller_arn if side == "source" else facts.target_caller_arn
    return Policy(f"mwaa-wizard-{session.id}-logs-{side}", "operator", caller, document, why)
