"""Everything of ours that may still be there: read from the journal, and looked up where it lies. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.airflow import dag_files
from mwaa_wizard.aws.errors import translate
from mwaa_wizard.aws.factory import SIDES, Side
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution import names, pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Journal, Record
from mwaa_wizard.execution.steps import key, role_policy
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.text import human_bytes

BUNDLE = "bundle"
Look = Callable[[], tuple[bool, str]]
MOST_OBJECTS = 50_000  # that are counted; a bundle has some hundred


@dataclass(frozen=True)
class Belonging:
    """One thing (or several of a kind). `there` None: it could not be looked at, `seen` says why.

    `id` names it to `take_away`; `meaning`: what its removal does. `gone`: when the journal says it was removed.
    `ours`: whether this session's journal has it; another session's may still need it.
    """

    id: str
    title: str
    where: str
    there: bool | None
    seen: str
    meaning: str
    gone: str = ""
    ours: bool = True


@dataclass(frozen=True)
class Kept:
    """What this session made and what is not removed here, with the reason."""

    what: str
    why: str


def obstacle(ctx: Context) -> str:
    """Why nothing may be taken away yet; empty where it may. Reads the journal only."""
    state = _stands(ctx.journal)
    if not state:
        return _("Nothing has run yet, so nothing of ours is anywhere.")
    if state == "begun":
        return _(
            "The run has not come to its end and still needs these things: go on with it (it cleans up itself), or "
            "undo it."
        )
    return ""


def _stands(journal: Journal) -> str:
    """How the run stands: `begun`, `ended` (its DAGs are where they belong), `undone`, or empty before all of it."""
    state = ""
    for record in journal.records():
        step, event = record.get("step"), record.get("event")
        if step in ("batch", "take-away"):
            continue
        if event == "undone":
            state = "undone"
        elif event == "done" and step in ("cut-over", "release"):
            state = "ended"
        elif (event == "started" and state in ("", "undone")) or (event == "failed" and step == "cut-over"):
            state = "begun"
    return state


def find(ctx: Context) -> Iterator[Belonging]:
    """Look for one thing after another. What cannot be looked at is told as such, never as gone. Raises Cancelled."""
    present = [side for side in SIDES if sides.find_environment(ctx, side, fresh=False) is not None]
    for name, title, where, meaning, look in _looks(ctx, present):
        ctx.safe_point()
        if ctx.session.route in ("in-place", "settings-only") and not _ever(ctx, name):
            continue
        there: bool | None
        try:
            there, seen = look()
        except Cancelled:
            raise
        except Exception as problem:  # a look that is refused must not hide the rest
            error = translate(problem)
            there, seen = None, " · ".join(part for part in (error.what, error.code) if part)
        yield Belonging(name, title, where, there, seen, meaning, "" if there else _gone(ctx, name), _ever(ctx, name))


def _looks(ctx: Context, present: list[Side]) -> Iterator[tuple[str, str, str, str, Look]]:
    """(id, title, where, meaning of its removal, how to look) of everything, in the order it is taken away."""
    source, target = sides.name(ctx, "source"), sides.name(ctx, "target")
    if ctx.session.cut_over != "switch":
        meaning = _("The source's DAGs that the export paused are unpaused again.")
        yield "paused", _("Paused DAGs"), source, meaning, lambda: _paused(ctx)
    for side in present:
        meaning = _("Our DAGs leave Airflow's list. No DAG of yours is touched.")
        yield f"dags:{side}", _("DAG files"), sides.name(ctx, side), meaning, _of(_dags, ctx, side)
    if "target" in present:
        meaning = _("The bundle's sealed values can be opened by nobody from then on.")
        yield "variable", _("Key variable"), target, meaning, lambda: _variable(ctx)
    for side in SIDES:
        if side in present or _put(ctx, "inline-policy", ctx.session.policy_name(side)):
            meaning = _("The role can no longer reach the migration bucket. Its other policies stay.")
            yield f"policy:{side}", _("Inline policy"), _role(ctx, side, present), meaning, _of(_policy, ctx, side)
    meaning = _(
        "The exported history is gone; rows that were not brought over are saved here first. A new import needs a new "
        "export."
    )
    yield BUNDLE, _("Migration bucket"), ctx.session.migration_bucket, meaning, lambda: _bundle(ctx)


def kept(ctx: Context) -> list[Kept]:
    """What the session made and the target lives on, from the journal; and what is never touched."""
    journal, found = ctx.journal, []
    needs = _("the target runs with it")
    for kind, words in (("environment", _("environment {name}")), ("role", _("role {name}"))):
        found += [Kept(words.format(name=record["name"]), needs) for record in journal.live(kind)]
    for record in journal.live("bucket"):
        if record["name"] != ctx.session.migration_bucket:
            found.append(Kept(_("bucket {name}").format(name=record["name"]), _("the target's DAGs lie in it")))
    if count := len(journal.live("secret")):
        text = ngettext("{n} secret", "{n} secrets", count).format(n=count)
        found.append(Kept(text, _("the target reads its connections there")))
    for record in journal.live("secrets-policy"):
        words = _("inline policy {name}").format(name=record["name"])
        found.append(Kept(words, _("the target reads its secrets by it")))
    if count := len(journal.live("object")):
        text = ngettext("{n} copied file", "{n} copied files", count).format(n=count)
        found.append(Kept(text, _("the target's DAGs, requirements and plugins")))
    return found


def _of(look: Callable[[Context, Side], tuple[bool, str]], ctx: Context, side: Side) -> Look:
    return lambda: look(ctx, side)


def _dags(ctx: Context, side: Side) -> tuple[bool, str]:
    files = dag_files.leftovers(ctx, side)
    rows = dag_files.present(ctx, side)
    count = len({entry["Key"] for entry in files})
    parts = []
    if files:
        text = ngettext("{n} file", "{n} files", count).format(n=count)
        parts.append(text + _(", {n} versions").format(n=len(files)) if len(files) > count else text)
    if rows:
        parts.append(ngettext("{n} DAG listed", "{n} DAGs listed", len(rows)).format(n=len(rows)))
    if parts and not _ever(ctx, f"dags:{side}"):
        parts.append(_("put there by another session"))
    return bool(files or rows), " · ".join(parts)


def _variable(ctx: Context) -> tuple[bool, str]:
    name = key.variable_name(ctx.session)
    return sides.api(ctx, "target").has_variable(name), name


def _policy(ctx: Context, side: Side) -> tuple[bool, str]:
    name = ctx.session.policy_name(side)
    whose, _found = role_policy.state(ctx, side)
    if whose == "foreign":
        return False, _("one named {policy} is somebody else's; it stays").format(policy=name)
    if whose == "edited":
        return True, _("{policy}, changed by somebody since").format(policy=name)
    return whose == "ours", name


def _bundle(ctx: Context) -> tuple[bool, str]:
    client, bucket = ctx.client("source", "s3"), ctx.session.migration_bucket
    if not buckets.exists(client, bucket):
        return False, ""
    size, count = 0, 0
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            size, count = size + int(entry["Size"]), count + 1
        if count >= MOST_OBJECTS:
            return True, _("more than {n} objects").format(n=f"{MOST_OBJECTS:,}")
    text = ngettext("{n} object, {size}", "{n} objects, {size}", count).format(n=f"{count:,}", size=human_bytes(size))
    return True, text


def _paused(ctx: Context) -> tuple[bool, str]:
    name = pausing.record_name(ctx, "source")
    live = [record for record in ctx.journal.live("dag-pause") if record["name"] == name]
    if not live:
        return False, ""
    count = len(pausing.unpaused_before(ctx))
    return True, ngettext("{n} DAG waits for it", "{n} DAGs wait for it", count).format(n=count)


def _role(ctx: Context, side: Side, present: list[Side]) -> str:
    if side in present:
        return names.role_name_of(sides.role_arn(ctx, side))
    record = _put(ctx, "inline-policy", ctx.session.policy_name(side))
    return str(record["role"]) if record else sides.name(ctx, side)


def _put(ctx: Context, kind: str, name: str) -> Record | None:
    return next((record for record in ctx.journal.live(kind) if record["name"] == name), None)


def _matches(ctx: Context, belonging: str) -> Callable[[dict[str, Any]], bool]:
    """Which journal records are of a belonging."""
    what, _colon, side = belonging.partition(":")
    if what == "dags":
        return lambda record: record.get("kind") == "dag-file" and str(record.get("name", "")).startswith(f"{side}:")
    kind, name = {
        "paused": ("dag-pause", pausing.record_name(ctx, "source")),
        "variable": ("variable", key.variable_name(ctx.session)),
        "policy": ("inline-policy", ctx.session.policy_name(side)),
        BUNDLE: ("bucket", ctx.session.migration_bucket),
    }[what]
    return lambda record: record.get("kind") == kind and record.get("name") == name


def _ever(ctx: Context, belonging: str) -> bool:
    """Whether this session ever put or changed it."""
    matches = _matches(ctx, belonging)
    return any(matches(record) and record["event"] in ("made", "changed") for record in ctx.journal.records())


def _gone(ctx: Context, belonging: str) -> str:
    """When the journal says that it was removed last; empty where it was never there."""
    matches = _matches(ctx, belonging)
    found = [record for record in ctx.journal.records() if matches(record) and record["event"] == "removed"]
    return str(found[-1].get("at", "")) if found else ""
