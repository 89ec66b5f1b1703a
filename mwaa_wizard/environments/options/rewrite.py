"""Airflow options of a source, rewritten for a target's version. Nothing is lost without being told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mwaa_wizard.environments import facts
from mwaa_wizard.environments.options import names, reasons
from mwaa_wizard.environments.options.model import Change, Kind
from mwaa_wizard.environments.options.values import rewritten
from mwaa_wizard.environments.versions import parse
from mwaa_wizard.i18n import _, sentences

MWAA = "MWAA user guide: configuring-env-variables; aws/amazon-mwaa-docker-images"
LISTS = "airflow/config_templates/config.yml"


def rewrite(options: Mapping[str, str | None], source_version: str, target_version: str) -> list[Change]:
    """What becomes of every option, and of the defaults nobody set: one change per option of the source, in the order
    of their names, then one per default that differs.

    `options` maps `section.option` to its value; None is a hidden secret and is carried as it is. For a version whose
    options are not known those of the next older one stand (`names.nearest`).
    """
    found = [_change(key, options[key], target_version) for key in sorted(options)]
    found = _apart(found)
    return found + _defaults(found, set(options), source_version, target_version)


def result(changes: Iterable[Change]) -> dict[str, str | None]:
    """The target's options: what stays. Defaults are not pinned here; see `pins`."""
    return {change.new_key: change.new_value for change in changes if change.stays}


def pins(changes: Iterable[Change]) -> dict[str, str | None]:
    """The options that would keep the source's behaviour where a default flipped."""
    return {change.new_key: change.value for change in changes if change.kind == "default-flipped"}


def refusal(key: str, version: str) -> str:
    """Why MWAA does not take an option; empty where it does."""
    data = facts.load("options")
    if key in data["set_by_mwaa"]:
        return _("MWAA sets {key} itself.").format(key=key)
    if parse(version) >= (3,) and key in data["unsupported_from_3"]:
        return _("MWAA does not support {key}.").format(key=key)
    return ""


def _change(key: str, value: str | None, version: str) -> Change:
    way = names.name_in(key, version)
    new_key = way[-1].new if way else key
    for name in dict.fromkeys((key, *(row.new for row in way))):
        if why := refusal(name, version):
            if name != key:
                why = _("It is called {new} now. {why}").format(new=name, why=why)
            return Change("refused", key, "", why, MWAA, value)
    if not way and key not in names.of(version):
        return _unlisted(key, value, version)
    kind, reason, source = _moved(key, new_key, way)
    new = rewritten(key, new_key, value, version) if value is not None else None
    if new is None:
        return Change(kind, key, new_key, reason, source, value, value)
    if new.value is None:
        return Change("removed", key, "", new.reason, new.source, value)
    if kind != "kept":
        return Change(
            "value-changed", key, new_key, sentences((reason, new.reason)), f"{source}; {new.source}", value, new.value
        )
    return Change("value-changed", key, new_key, new.reason, new.source, value, new.value)


def _moved(key: str, new_key: str, way: list[names.Rename]) -> tuple[Kind, str, str]:
    if not way:
        return "kept", _("The target has it, too."), LISTS
    sources = "; ".join(dict.fromkeys(row.source for row in way))
    if key.partition(".")[0] == new_key.partition(".")[0]:
        text, kind = _("Called {new} from Airflow {since} on."), "renamed"
    else:
        text, kind = _("Moved to {new} with Airflow {since}."), "moved"
    if way[0].back:
        text = _("Before Airflow {since} it is called {new}.")
    since = (min if way[0].back else max)((row.since for row in way), key=parse)
    return ("renamed" if kind == "renamed" else "moved"), text.format(new=new_key, since=since), sources


def _unlisted(key: str, value: str | None, version: str) -> Change:
    lists, latest = f"{LISTS} of {names.nearest(version)}", names.latest(key)
    if package := names.provider_of(latest):
        reason = _("It belongs to the package {package}; whether its version there knows it is not looked up.")
        kind: Kind = "unknown" if latest == key else "moved"
        return Change(kind, key, latest, reason.format(package=package), lists, value, value)
    if names.ever(key) or latest != key:
        return Change("removed", key, "", reasons.removed(key, version), lists, value)
    reason = _("No Airflow version known here has it; it may be a plugin's or a provider's, so it is kept.")
    return Change("unknown", key, key, reason, LISTS, value, value)


def _apart(changes: list[Change]) -> list[Change]:
    """Where two options of the source become one: the one that has the name already wins, then the newer name."""
    claims: dict[str, list[Change]] = {}
    for change in changes:
        if change.stays:
            claims.setdefault(change.new_key, []).append(change)
    losers: dict[str, Change] = {}
    for new_key, rivals in claims.items():
        winner = max(rivals, key=lambda rival: (rival.key == new_key, -_distance(rival.key, new_key), rival.key))
        for rival in rivals:
            if rival is winner:
                continue
            text = _("{other} becomes {new}, too, and wins; take over the value by hand if it must differ.")
            if rival.new_value == winner.new_value and rival.new_value is not None:
                text = _("{other} becomes {new}, too, with the same value.")
            losers[rival.key] = Change(
                "collides", rival.key, "", text.format(other=winner.key, new=new_key), rival.source, rival.value
            )
    return [losers.get(change.key, change) for change in changes]


def _distance(key: str, new_key: str) -> int:
    """How many renames lie between two names; many where none leads there."""
    for count, name in enumerate(names.forward_names(key)):
        if name == new_key:
            return count
    return 9


def _defaults(changes: list[Change], given: set[str], source: str, target: str) -> list[Change]:
    set_there = {change.new_key for change in changes if change.stays} | given
    return [
        Change(
            "default-flipped",
            row.key,
            row.key,
            reasons.flipped(row.key, row.old, row.new),
            row.source,
            row.old,
            row.new,
        )
        for row in names.flipped(source, target)
        if row.key not in set_there and not refusal(row.key, target)
    ]
