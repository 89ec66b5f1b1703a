"""Writes connections (and variables that only a secrets backend has) into the target's Secrets Manager."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mwaa_wizard.entries import document, result, survey, work, write
from mwaa_wizard.entries.backend import What
from mwaa_wizard.entries.result import KindResult
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


class Connections(Step):
    """One secret a connection, tagged with the session; a secret that is there already stays as it is."""

    id = "connections"

    @property
    def title(self) -> str:
        return _("Connections")

    def describe(self, session: Session) -> list[str]:
        if session.entries.connections == "leave":
            return [_("Leave all connections behind.")]
        return [
            _("Write connections to Secrets Manager in {region}, below the target's prefix; those that are there stay. "
              "No API gives passwords: they come from the source's secrets backend, or from you.").format(
                region=session.target.connection.region)
        ]  # fmt: skip

    def check(self, ctx: Context) -> Check:
        if not sides.was_done(ctx, self.id) or sides.was_done(ctx, "verify"):
            return Check(sides.was_done(ctx, self.id))
        known = result.load(ctx.session.id).of("connection")
        # A value that was given since is written now.
        late = [name for name in known.not_moved if survey.given(ctx.session, name) is not None]
        return Check(not late, _("values were given since: {names}").format(names=listed(late)) if late else "")

    def run(self, ctx: Context) -> None:
        found = result.load(ctx.session.id)
        states = work.connection_states(ctx)
        kind = found.kinds["connection"] = KindResult(found=len(states))
        kind.unlisted = not work.reader(ctx, "source").lists
        kind.unread = work.reader(ctx, "source").unread.get("/connections", 0)
        for number, one in enumerate(states, 1):
            ctx.safe_point()
            if one.state not in survey.MOVED:
                kind.not_moved[one.conn_id] = one.why
            elif one.state == "shared":
                kind.kept.append(one.conn_id)
            elif one.state == "written":
                kind.written.append(one.conn_id)
            else:
                _write(ctx, kind, "connections", one.conn_id, partial(work.value_for, ctx, one))
            ctx.progress(number, len(states), _("connections"), one.conn_id)
            result.save(ctx.session.id, found)
        for name, why in kind.not_moved.items():
            ctx.log(_("Not moved: connection {name}: {why}").format(name=name, why=why), "WARN")
        keys = work.secret_variables(ctx)
        more = found.kinds["secret-variable"] = KindResult(found=len(keys))
        for key in keys:
            ctx.safe_point()
            _write(ctx, more, "variables", key, partial(work.backend_value, ctx, "variables", key))
        found.same = None
        result.save(ctx.session.id, found)
        ctx.log(_("{written} connections are written, {kept} were there, {left} are not moved.").format(
            written=len(kind.written), kept=len(kind.kept), left=len(kind.not_moved)))  # fmt: skip

    def undo(self, ctx: Context) -> None:
        if ctx.journal.live("secret"):
            sides.demand_target_gone(ctx)
            gone = write.remove_secrets(ctx, ctx.client("target", "secretsmanager"))
            ctx.log(_("Deleted {count} secrets.").format(count=gone))
        result.forget(ctx.session.id)


def write_one(ctx: Context, conn_id: str) -> str:
    """Write the secret of one connection now; its name. Raises WizardError where it is not to be written."""
    one = next((state for state in work.connection_states(ctx) if state.conn_id == conn_id), None)
    kind = KindResult()
    if one is not None and one.state in ("given", "complete", "backend"):
        _write(ctx, kind, "connections", conn_id, partial(work.value_for, ctx, one))
    if one is None or not kind.written:
        why = _("the source has no connection of that name")
        if one is not None:
            why = one.why or kind.not_moved.get(conn_id) or _("a secret of that name is there already and stays")
        raise WizardError(
            what=_("No secret was written for {name}: {why}.").format(name=clean(conn_id, limit=80), why=why),
            changed=_("Nothing was changed."),
            remedy=_("Check the name and the value, and try again."),
            exit_code=EXIT_USAGE,
        )
    return work.places(ctx).target.path("connections", conn_id)


def _write(ctx: Context, kind: KindResult, what: What, entry_id: str, value: Callable[[], str]) -> None:
    target = work.places(ctx).target
    name = target.path(what, entry_id)
    if problem := document.name_problem(name):
        kind.not_moved[entry_id] = problem
        return
    try:
        mine = write.write_secret(ctx, ctx.client("target", "secretsmanager"), name, value)
    except (write.Refusal, document.NotEnough) as problem:
        kind.not_moved[entry_id] = clean(problem, limit=300)
        return
    if mine:
        kind.written.append(entry_id)
        ctx.log(_("Secret {name}").format(name=name))
        return
    kind.kept.append(entry_id)
    ctx.log(_("Secret {name} was there before and stays as it is.").format(name=name), "WARN")
