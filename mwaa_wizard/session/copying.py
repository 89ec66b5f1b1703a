"""Duplicating a session: the same choices under a new id, with nothing run yet."""

from __future__ import annotations

from mwaa_wizard.i18n import _
from mwaa_wizard.session import store
from mwaa_wizard.session.model import LastResult, Page, Session

# Pages that tell of a run, which a copy has not had.
_OF_A_RUN = ("run", "summary", "cutover", "cleanup")


def duplicate(session: Session) -> Session:
    """Save and return a copy with its own id, migration bucket and no run."""
    fresh = Session()
    copy = session.model_copy(
        deep=True,
        update={
            "id": fresh.id,
            "created_at": fresh.created_at,
            "migration_bucket": fresh.migration_bucket,
            "last_result": LastResult(),
            "name": _("Copy of {title}").format(title=session.title()),
        },
    )
    reached = [page for page in copy.page.done if page not in ("preflight", "review", *_OF_A_RUN)]
    name = copy.page.name if copy.page.name not in _OF_A_RUN else "review"
    copy.page = Page(name=name, done=reached)
    store.save(copy)
    return copy
