"""Documents at AWS: what is there, whether it counts, putting it there, and taking it off again."""

from __future__ import annotations

from mwaa_wizard import readonly
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import inline_policies, policy_documents
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import step_by_id
from mwaa_wizard.i18n import _
from mwaa_wizard.policies.counting import Checked, check, counts
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.there import Asking, Now, elsewhere_only, kind_of, now, side_of
from mwaa_wizard.session.model import Session

__all__ = [
    "Checked", "Now", "apply", "attached", "check", "counts", "detach", "elsewhere_only", "kind_of", "now", "side_of",
]  # fmt: skip
_KINDS = {"source-policy": "inline-policy", "target-policy": "inline-policy", "secrets-policy": "secrets-policy"}


def apply(session: Session, piece: Piece, clients: Clients) -> list[str]:
    """Attach a document as the run's own step does: journaled before, under the session's name, found done later.

    Returns what happened, in words. Raises WizardError where the wizard does not attach it.
    """
    if not piece.applies:
        raise WizardError(
            what=_("The wizard does not attach {name} from here.").format(name=piece.policy.name),
            changed=_("Nothing was changed."),
            remedy=piece.whose,
        )
    readonly.refuse_run()
    asking = Asking(session, clients)
    step, ctx = step_by_id(session, piece.step), asking.context(piece.step)
    try:
        step.run(ctx)
        step.verify(ctx)
    except Exception as problem:
        if not is_missing(problem):
            raise
        raise WizardError(
            what=_("What {name} belongs to is not there yet.").format(name=piece.policy.name),
            where=str(problem),
            remedy=_("The run makes it, and then attaches this policy by itself."),
        ) from problem
    return asking.lines


def attached(session: Session, piece: Piece) -> bool:
    """Whether the journal says that the wizard put it on a role and did not take it off since."""
    kind = _KINDS.get(piece.step, "")
    if not piece.applies or not kind:
        return False
    return any(record["name"] == piece.policy.name for record in Journal.of(session.id).live(kind))


def detach(session: Session, piece: Piece, clients: Clients) -> list[str]:
    """Take off what the wizard put there, and nothing else: journaled, and a run puts it on again when it needs it.

    Returns what happened, in words. Raises WizardError where the journal has nothing of it, and as boto3 does.
    """
    if not attached(session, piece):
        raise WizardError(
            what=_("The journal has no {name} that the wizard put anywhere.").format(name=piece.policy.name),
            changed=_("Nothing was changed."),
            remedy=_("One that you pasted yourself is yours to take off, where you pasted it."),
        )
    readonly.refuse_run()
    asking = Asking(session, clients)
    ctx = asking.context(piece.step)
    stays = inline_policies.take_off(ctx, side_of(piece), _KINDS[piece.step], piece.policy.name)
    bucket = any(record["name"] == session.migration_bucket for record in ctx.journal.live("bucket"))
    if piece.step == "target-policy" and bucket and not stays:
        policy_documents.close_bucket_to_roles(ctx)
    return asking.lines
