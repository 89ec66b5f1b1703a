"""What every front-end asks of a clean-up: what of ours is still there, what stays, and the order to take it away."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.execution.belongings.find import Belonging, Kept
    from mwaa_wizard.execution.runner import Runner
    from mwaa_wizard.session.model import Session

    from .runs import Listener


@dataclass(frozen=True)
class Found:
    """`things` in the order they are taken away; `stays`: made by us and not removed here; `obstacle`: why not now."""

    things: tuple[Belonging, ...]
    stays: tuple[Kept, ...]
    obstacle: str

    @property
    def there(self) -> tuple[Belonging, ...]:
        """What can be taken away, and what could not be looked at."""
        return tuple(one for one in self.things if one.there is not False)


def found(
    session: Session,
    tell: Callable[[Belonging], object] = lambda one: None,
    cancel: threading.Event | None = None,
) -> Found:
    """Look for everything of ours; each thing is told as it is found. Raises WizardError, or as boto3 does."""
    from mwaa_wizard.execution.belongings import find
    from mwaa_wizard.execution.looking import looking

    ctx = looking(session, retrying.clients(session), cancel=cancel)
    why = find.obstacle(ctx)
    things = []
    if not why or any(ctx.journal.records()):
        for one in find.find(ctx):
            things.append(one)
            tell(one)
    return Found(tuple(things), tuple(find.kept(ctx)), why)


def chosen(session: Session, things: Iterable[Belonging], bundle: bool | None = None) -> list[str]:
    """What is taken away unless the user says otherwise: all that is there and of this session, the bundle by `bundle`
    or by the session.
    """
    from mwaa_wizard.execution.belongings.find import BUNDLE

    with_bundle = (not session.keep_bundle) if bundle is None else bundle
    return [one.id for one in things if one.there and one.ours and (one.id != BUNDLE or with_bundle)]


def make_runner(session: Session, ids: Sequence[str], listener: Listener) -> Runner:
    """A runner that takes these away. The session is copied: a page may go on editing."""
    from mwaa_wizard.execution.belongings.take_away import TakeAway
    from mwaa_wizard.execution.runner import Runner

    return Runner(session.model_copy(deep=True), [TakeAway(ids)], listener)


def command(session: Session) -> str:
    """The same in a shell."""
    return shlex.join(["mwaa-wizard", "cleanup", session.id])
