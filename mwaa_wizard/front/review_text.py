"""What page Review says before the steps: both sides, what differs, and what comes along. Pure: nothing asks AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean

from .words import account, shorten_middle

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Connection, Session

_VALUE = 60  # cells of a changed value: an ARN's ends tell it apart
_MOST = 40  # lines of changes; a session can change hundreds of options


def reached(session: Session) -> str:
    """`2.11.2`, or `2.11.2 → 3.3.1` over a bridge."""
    target = session.target
    return f"{target.airflow_version} → {target.upgrade_to}" if session.route == "bridge" else target.airflow_version


def place(name: str, connection: Connection) -> str:
    """`analytics-v2 2.11.2 · profile prod · 1111-2222-3333 us-east-1`."""
    profile = connection.profile or _("default credentials")
    where = f"{account(connection.account)} {connection.region}".strip()
    return clean(" · ".join((name, _("profile {name}").format(name=profile), where)))


def sides(session: Session) -> list[tuple[str, str]]:
    """Where from, where to, and by which route; (label, text)."""
    from mwaa_wizard.environments.routes.words import kind_words

    source, target = session.source, session.target
    return [
        (_("from"), place(f"{source.environment} {source.airflow_version}", source.connection)),
        (_("to"), place(f"{target.environment} {reached(session)}", target.connection)),
        (_("by"), f"{session.route}: {kind_words(session.route)}"),
    ]


def changes(session: Session, environment: dict[str, Any] | None) -> list[str]:
    """Each setting that is another one in the target: `Max workers: 10 → 5`. Without the source's settings (they were
    not read in this window) only what was edited. Secret values are masked.
    """
    if environment is None:
        from .questions.settings import edited

        return [clean(f"{name.partition('.')[2]} = {value}" if value else name.partition(".")[2])
                for name, value in edited(session).items()]  # fmt: skip
    from . import engine

    told = []
    for row in engine.setting_rows(session, environment):
        if row.state != "same" and row.name != "AirflowVersion":
            here = shorten_middle(clean(row.source) or "–", _VALUE)
            told.append(f"{clean(row.label)}: {here} → {shorten_middle(clean(row.target) or '–', _VALUE)}")
    return told


def along(session: Session) -> list[tuple[str, list[str]]]:
    """What comes along, by page: (title, lines). What the route leaves out says so."""
    from . import flow

    told = []
    for page, lines in (("entries", _entries), ("tables", _tables), ("logs", _logs)):
        if page in flow.pages(session):
            why = flow.left_out(page, session)
            told.append((flow.title_of(page), [why] if why else lines(session)))
    return told


def _tables(session: Session) -> list[str]:
    from . import engine
    from .questions.tables import kind_word, policy_word, selected

    chosen, tables = selected(session), session.tables
    lines = [
        ngettext("{count} of {all} tables: {names}", "{count} of {all} tables: {names}", len(chosen)).format(
            count=len(chosen), all=len(engine.tables()), names=clean(listed(chosen))
        )
    ]
    if tables.since or tables.until:
        lines.append(_("days from {since} to {until}, in UTC").format(
            since=tables.since or _("the beginning"), until=tables.until or _("now")))  # fmt: skip
    else:
        lines.append(_("all days"))
    lines.append(_("DAGs: {patterns}").format(patterns=clean(" ".join(tables.dag_patterns), limit=600))
                 if tables.dag_patterns else _("all DAGs"))  # fmt: skip
    changed = tables.conflict.changed()
    told = listed(f"{kind_word(kind)}: {policy_word(policy)}" for kind, policy in changed.items())
    return [*lines, _("rows that are there already: {policies}").format(policies=told or policy_word("keep"))]


def _logs(session: Session) -> list[str]:
    logs = session.logs
    if not logs.copy_logs:
        return [_("no task logs")]
    which = _("only tries that failed") if logs.failed_only else _("every try of every task")
    days = ngettext("{count} day of task logs, {which}", "{count} days of task logs, {which}", logs.days)
    return [days.format(count=logs.days, which=which),
            _("older ones stay in the source's log group as long as that exists")]  # fmt: skip


def _entries(session: Session) -> list[str]:
    entries = session.entries
    kinds = [word for on, word in (
        (entries.variables, _("variables")), (entries.pools, _("pools")),
        (entries.connections != "leave", _("connections (to AWS Secrets Manager)")),
    ) if on]  # fmt: skip
    lines = [listed(kinds) or _("none")]
    if entries.left and entries.connections != "leave":
        lines.append(_("left behind: {names}").format(names=clean(listed(entries.left), limit=600)))
    if entries.conflict == "replace":
        lines.append(_("variables and pools that are there already are replaced"))
    return lines


def settings_lines(session: Session, environment: dict[str, Any] | None) -> tuple[str, list[str]]:
    """Title and lines of what differs."""
    found = changes(session, environment)
    if environment is None and not found:
        return _("Settings"), [_("none was edited; what differs could not be read now, page Settings shows it")]
    title = ngettext("{count} setting differs", "{count} settings differ", len(found)).format(count=len(found))
    if environment is None:
        title = ngettext("{count} setting was edited", "{count} settings were edited", len(found)).format(
            count=len(found)
        )
    more = len(found) - _MOST
    return title, [*found[:_MOST], *([_("… and {count} more").format(count=more)] if more > 0 else [])]
