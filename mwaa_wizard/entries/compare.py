"""Compares what was moved with what the target now has, by digest, and in memory only."""

from __future__ import annotations

import hashlib
import json

from mwaa_wizard.entries import document, model, vault, work
from mwaa_wizard.entries.result import KindResult
from mwaa_wizard.entries.survey import ConnectionState
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _


def digest(value: str) -> bytes:
    """What two values are compared by."""
    return hashlib.sha256(value.encode()).digest()


def variables(kind: KindResult, source: list[model.Variable], target: list[model.Variable]) -> None:
    """Fill `kind.differs` and add to `kind.doubtful` what cannot be read back."""
    kind.differs.clear()
    there = {variable.key: variable for variable in target}
    for variable in source:
        key, other = variable.key, there.get(variable.key)
        if variable.value is None or key in kind.not_moved:
            continue
        if other is None:
            kind.differs[key] = _("it is not in the target")
        elif other.value is None:
            kind.doubtful[key] = _("it is in the target, which does not show its value ({why})").format(why=other.why)
        elif not _same(variable, other):
            _differs(kind, key)
        elif (variable.description or "") != (other.description or "") and key in kind.written:
            kind.differs[key] = _("its description differs")


def _same(one: model.Variable, other: model.Variable) -> bool:
    assert one.value is not None
    assert other.value is not None
    if digest(one.value) == digest(other.value):
        return True
    # One side was written anew by Airflow 3: then it is the meaning that has to be the same.
    return not (one.exact and other.exact) and _canonical(one.value) == _canonical(other.value)


def _canonical(value: str) -> bytes:
    try:
        return digest(json.dumps(json.loads(value), sort_keys=True))
    except ValueError:
        return digest(value)


def _differs(kind: KindResult, name: str) -> None:
    """A value of ours has to be the source's; one that was there before us may be another one."""
    if name in kind.written:
        kind.differs[name] = _("its value differs")
    else:
        kind.doubtful[name] = _("the target had it with another value, which was kept")


def pools(kind: KindResult, source: list[model.Pool], target: list[model.Pool]) -> None:
    """Fill `kind.differs`."""
    kind.differs.clear()
    there = {pool.name: pool for pool in target}
    for pool in source:
        if pool.name in kind.not_moved:
            continue
        if pool.name not in there:
            kind.differs[pool.name] = _("it is not in the target")
        elif not model.same_pool(pool, there[pool.name]):
            _differs(kind, pool.name)


def connections(ctx: Context, kind: KindResult, states: list[ConnectionState]) -> None:
    """Every secret is there, is a connection for Airflow, and holds what was to be written."""
    kind.differs.clear()
    target, client = work.places(ctx).target, ctx.client("target", "secretsmanager")
    by_id = {one.conn_id: one for one in states}
    for name in (*kind.written, *kind.kept):
        found = vault.read(client, target, "connections", name)
        if found is None:
            kind.differs[name] = _("its secret is not there")
            continue
        if not document.parses(found):
            kind.differs[name] = _("its secret is not a connection that Airflow can read")
            continue
        one = by_id.get(name)
        if one is None or one.state == "shared" or one.state not in ("backend", "complete", "given"):
            continue
        try:
            if digest(work.value_for(ctx, one)) != digest(found):
                _differs(kind, name)
        except document.NotEnough:
            kind.doubtful[name] = _("its value is not known any more, so it was not compared")


def secret_variables(ctx: Context, kind: KindResult) -> None:
    """The same for variables that only the secrets backend has."""
    kind.differs.clear()
    target, client = work.places(ctx).target, ctx.client("target", "secretsmanager")
    for key in (*kind.written, *kind.kept):
        found = vault.read(client, target, "variables", key)
        if found is None:
            kind.differs[key] = _("its secret is not there")
        elif digest(work.backend_value(ctx, "variables", key)) != digest(found):
            _differs(kind, key)
