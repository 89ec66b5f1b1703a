"""Brings variables and pools into the target's Airflow, through the REST API of both sides."""

from __future__ import annotations

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries import model, result, work, write
from mwaa_wizard.entries.result import EntriesResult, Kind, KindResult
from mwaa_wizard.environments import versions
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

OURS: tuple[Kind, ...] = ("variable", "slot_pool")


class Entries(Step):
    """Variables and pools; what the target has already is kept, or takes the source's values, as the session says."""

    id = "entries"

    @property
    def title(self) -> str:
        return _("Variables and pools")

    def describe(self, session: Session) -> list[str]:
        chosen = [_("variables")] * session.entries.variables + [_("pools")] * session.entries.pools
        if not chosen:
            return [_("Leave variables and pools behind.")]
        text = _("Write {kinds} into {name} through its REST API; those that are there are kept.")
        if session.entries.conflict == "replace":
            text = _("Write {kinds} into {name} through its REST API; those that are there take the source's values.")
        return [text.format(kinds=" + ".join(chosen), name=session.target.environment)]

    def check(self, ctx: Context) -> Check:
        known = result.load(ctx.session.id)
        if any(known.of(kind).differs for kind in OURS):
            return Check(False, _("verification found differences"))
        return Check(sides.was_done(ctx, self.id))

    def run(self, ctx: Context) -> None:
        found = result.load(ctx.session.id)
        found.same = None
        try:
            if ctx.session.entries.variables:
                self._variables(ctx, found)
            if ctx.session.entries.pools:
                self._pools(ctx, found)
        except RestUnavailable as problem:
            raise work.unreachable(ctx, "target", problem) from None
        finally:
            result.save(ctx.session.id, found)

    def _variables(self, ctx: Context, found: EntriesResult) -> None:
        variables = work.source_variables(ctx, fresh=True)
        target = work.reader(ctx, "target")
        there = {variable.key for variable in target.variables(listed_only=True)}
        kind = found.kinds["variable"] = _again(found.of("variable"), len(variables), there)
        kind.unread = work.reader(ctx, "source").unread.get("/variables", 0)
        forgets = not target.newer and versions.parse(target.version) < (2, 9)
        kind.anew = sum(not variable.exact for variable in variables if variable.value is not None and not variable.why)
        for number, variable in enumerate(variables, 1):
            ctx.safe_point()
            key = variable.key
            if variable.value is None:
                kind.not_moved[key] = variable.why
            elif key in there and key not in kind.written and ctx.session.entries.conflict == "keep":
                kind.kept.append(key)
            else:
                refusal = (
                    write.replace_variable(target.rest, variable, newer=target.newer)
                    if key in there
                    else write.add_variable(target.rest, variable)
                )
                if not refusal and variable.description and forgets:
                    refusal = write.describe_variable(target.rest, variable)
                _note(kind, key, refusal, variable.why)
                result.save(ctx.session.id, found)
            ctx.progress(number, len(variables), _("variables"), key)
        _tell(ctx, _("variable"), kind)

    def _pools(self, ctx: Context, found: EntriesResult) -> None:
        try:
            pools = work.reader(ctx, "source").pools()
        except RestUnavailable as problem:
            raise work.unreachable(ctx, "source", problem) from None
        target = work.reader(ctx, "target")
        there = {pool.name: pool for pool in target.pools()}
        kind = found.kinds["slot_pool"] = _again(found.of("slot_pool"), len(pools), set(there))
        kind.unlisted = not work.reader(ctx, "source").lists
        for pool in pools:
            ctx.safe_point()
            has = there.get(pool.name)
            if has is None:
                _note(kind, pool.name, write.add_pool(target.rest, pool))
            elif (
                # Airflow itself makes the default pool: that it is there is nobody's decision.
                pool.name == model.DEFAULT_POOL
                or pool.name in kind.written
                or ctx.session.entries.conflict == "replace"
            ):
                _note(kind, pool.name, "" if model.same_pool(pool, has) else write.change_pool(target.rest, pool))
            else:
                kind.kept.append(pool.name)
            result.save(ctx.session.id, found)
        _tell(ctx, _("pool"), kind)

    def undo(self, ctx: Context) -> None:
        if sides.was_done(ctx, self.id):
            ctx.log(_("Variables and pools go with the target environment."))


def _again(before: KindResult, found: int, there: set[str]) -> KindResult:
    """A kind's result begun anew; what an earlier try of this session wrote is still known to be ours."""
    return KindResult(found=found, written=[name for name in before.written if name in there])


def _note(kind: KindResult, name: str, refusal: str, doubt: str = "") -> None:
    if refusal:
        kind.not_moved[name] = clean(refusal, limit=300)
        return
    if name not in kind.written:
        kind.written.append(name)
    if doubt:
        kind.doubtful[name] = doubt


def _tell(ctx: Context, word: str, kind: KindResult) -> None:
    ctx.log(_("{what}: {found} found, {written} written, {kept} kept, {left} not moved.").format(
        what=word, found=kind.found, written=len(kind.written), kept=len(kind.kept), left=len(kind.not_moved)
    ))  # fmt: skip
    for name, why in kind.not_moved.items():
        ctx.log(_("Not moved: {what} {name}: {why}").format(what=word, name=name, why=why), "WARN")
    for name, why in kind.doubtful.items():
        ctx.log(_("In doubt: {what} {name}: {why}").format(what=word, name=name, why=why), "WARN")
    if kind.unread:
        text = _("{count} are larger than MWAA's REST API passes on (6 MB); not even their names are known.")
        ctx.log(f"{word}: " + text.format(count=kind.unread), "WARN")
