"""Tables: which history comes along, and what happens to rows that are there already."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine
from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

from .limits import limit

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session, Tables

KINDS = ("history", "variable", "connection", "slot_pool")


def questions() -> tuple[Question, ...]:
    """What, from when to when, of which DAGs, and how."""
    from mwaa_wizard.session.model import Tables

    return (
        Question(
            name="tables.selected", page="tables", kind="several", option="--tables", label=_("Tables"),
            help=_("Which tables of the metadata database come along; without a choice those that mean something in "
                   "every new environment."),
            read=selected, write=_write_selected, check=_check_selected, choices=_tables,
        ),
        _day("since", "--since", _("From"), _("The first day of history, in UTC; empty: all there is.")),
        _day("until", "--until", _("To"), _("The last day of history, in UTC and included; empty: up to now.")),
        Question(
            name="tables.dag_patterns", page="tables", kind="lines", option="--dags", label=_("DAGs"),
            help=_("Shell patterns like daily_* or etl_?, matched against whole DAG ids; without one, all DAGs."),
            read=lambda session: list(session.tables.dag_patterns), write=_write_patterns, check=_check_patterns,
            hint=_("all, or: daily_* etl_?"),
        ),
        *(_conflict(kind) for kind in KINDS),
        Question(
            name="tables.drain_seconds", page="tables", kind="number", option="--drain-seconds",
            label=_("Wait for tasks (seconds)"),
            help=_("How long the export waits for tasks that still run after the source's DAGs are paused."),
            read=lambda session: session.tables.drain_seconds, write=partial(_write_number, "drain_seconds"),
            needed=True, least=limit(Tables, "drain_seconds", "ge"), most=limit(Tables, "drain_seconds", "le"),
            restrict=r"[0-9]*", longest=4,
        ),
        Question(
            name="tables.workers", page="tables", kind="number", option="--workers", label=_("Tasks"),
            help=_("Over how many Airflow tasks export and import are spread; one is enough for most. The bundle is "
                   "the same."),
            read=lambda session: session.tables.workers, write=partial(_write_number, "workers"),
            needed=True, least=limit(Tables, "workers", "ge"), most=limit(Tables, "workers", "le"), restrict=r"[0-9]?",
            longest=1,
        ),
    )  # fmt: skip


# Tables


def selected(session: Session) -> list[str]:
    """The tables that come along: those chosen, or the catalogue's default."""
    if session.tables.selected is not None:
        return list(session.tables.selected)
    return [line.name for line in engine.tables() if line.default]


def _tables(_session: Session) -> list[Choice]:
    return [Choice(line.name, line.note) for line in engine.tables()]


def _check_selected(_session: Session, answer: Answer) -> list[str]:
    if not answer:
        return [_("Pick at least one table.")]
    known = [line.name for line in engine.tables()]
    strange = [name for name in answer if name not in known] if isinstance(answer, list) else []
    if strange:
        return [_("There is no table {names} to choose.").format(names=clean(listed(strange), limit=200))]
    return []


def _write_selected(session: Session, answer: Answer) -> None:
    wanted = set(answer) if isinstance(answer, list) else set()
    session.tables.selected = [line.name for line in engine.tables() if line.name in wanted]


# Days


def _day(name: str, option: str, label: str, words: str) -> Question:
    return Question(
        name=f"tables.{name}", page="tables", kind="date", option=option, label=label, help=words,
        read=lambda session: str(getattr(session.tables, name) or ""),
        write=lambda session, answer: setattr(session.tables, name, day(answer)),
        check=partial(_check_day, name, label), restrict=r"[0-9-]*", longest=10, hint="YYYY-MM-DD",
    )  # fmt: skip


def day(answer: Answer) -> dt.date | None:
    """The day an answer stands for. Raises ValueError."""
    return dt.date.fromisoformat(str(answer)) if answer else None


def _check_day(name: str, label: str, session: Session, answer: Answer) -> list[str]:
    try:
        found = day(answer)
    except ValueError:
        return [_("{field}: write the day as YYYY-MM-DD, or leave it empty.").format(field=label)]
    if name == "since" and found and found > dt.datetime.now(dt.UTC).date():
        return [_("From: that day is in the future, nothing would come along.")]
    problem = session.tables.model_copy(update={name: found}).problem()
    return [problem] if problem else []


# DAGs


def patterns(answer: Answer) -> list[str]:
    """One pattern each, however they were separated: no DAG id holds a space or a comma."""
    parts = answer if isinstance(answer, list) else [str(answer or "")]
    return [one for part in parts for one in str(part).replace(",", " ").split()]


def _check_patterns(_session: Session, answer: Answer) -> list[str]:
    from mwaa_wizard.session.model import Tables

    most = limit(Tables, "dag_patterns", "max_length")
    return [_("At most {count} patterns of DAGs.").format(count=most)] if len(patterns(answer)) > most else []


def _write_patterns(session: Session, answer: Answer) -> None:
    session.tables.dag_patterns = patterns(answer)


# Rows that are there already


def kind_word(kind: str) -> str:
    """A kind of rows in words."""
    return {
        "history": _("runs, tasks, logs"),
        "variable": _("variables"),
        "connection": _("connections"),
        "slot_pool": _("pools"),
    }[kind]


def policy_word(policy: str) -> str:
    """A policy in one or two words."""
    return {"keep": _("keep target"), "replace": _("replace"), "fail": _("refuse")}[policy]


def policy_help(kind: str, policy: str) -> str:
    """What a policy does to a kind of rows."""
    if policy == "replace" and kind in ("variable", "connection"):
        return _("The target's value is replaced where it differs. The old one is kept in the bundle, sealed to a key "
                 "of the target that the clean-up deletes.")  # fmt: skip
    return {
        "keep": _("The target's row stays as it is; the source's is counted as already there."),
        "replace": _("The target's row takes the source's values where they differ, never one of a run that is "
                     "active there. The old rows are kept in the bundle."),
        "fail": _("All tables are looked at first: where one such row is there, nothing at all is imported."),
    }[policy]  # fmt: skip


def _conflict(kind: str) -> Question:
    from mwaa_wizard.session.model import POLICIES

    return Question(
        name=f"tables.conflict.{kind}", page="tables", kind="choice", option=f"--existing-{kind.replace('_', '-')}",
        label=_("Rows that are there already: {kind}").format(kind=kind_word(kind)),
        help=_("What happens to rows that are in the target already."),
        read=lambda session: str(getattr(session.tables.conflict, kind)),
        write=lambda session, answer: _write_conflict(session.tables, kind, str(answer)),
        check=lambda _session, answer: (
            [] if answer in POLICIES else [_("Choose one of {names}.").format(names=listed(POLICIES))]
        ),
        choices=lambda _session: [
            Choice(one, policy_word(one) + ": " + policy_help(kind, one), short=policy_word(one)) for one in POLICIES
        ],
        needed=True,
    )  # fmt: skip


def _write_conflict(tables: Tables, kind: str, policy: str) -> None:
    setattr(tables.conflict, kind, policy)


def _write_number(name: str, session: Session, answer: Answer) -> None:
    setattr(session.tables, name, answer)
