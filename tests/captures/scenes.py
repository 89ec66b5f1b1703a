"""Every page and box that is captured: how it is reached from the fake session, by keys as a person would."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaa_wizard.session import store
from mwaa_wizard.session.model import LastResult, Session
from tests.screens.fake_boards import line

from . import real
from .clock import NOW
from .world import CaptureEngine, a_run, a_session

if TYPE_CHECKING:
    from .shoot import Studio

Prepare = Callable[["Studio"], None]


@dataclass(frozen=True)
class Scene:
    """`page` of a fresh session of `route`, after `prepare` (before it is opened) and `keys`."""

    name: str
    page: str = ""
    route: str = "new-environment"
    keys: tuple[str, ...] = ()
    prepare: Callable[[CaptureEngine, Session], None] | None = None
    opened: Prepare | None = None
    wait: str = ""


def _sessions(_engine: CaptureEngine, _session: Session) -> None:
    states = (("running", "export", 3), ("verified", "verify", 60 * 26), ("failed", "import", 60 * 24 * 10))
    for number, (state, step, minutes) in enumerate(states, 2):
        one = a_session(number=number)
        one.name = "" if number != 3 else "請求基盤の移行"
        one.last_result = LastResult.model_validate({"state": state, "step": step, "at": NOW})
        store.save(one)  # which says that it was changed just now
        one.updated_at = NOW - dt.timedelta(minutes=minutes)
        store.path_of(one.id).write_text(one.model_dump_json(), encoding="utf-8")
        os.utime(store.path_of(one.id), (one.updated_at.timestamp(),) * 2)  # the newest come first


def _counted(engine_: CaptureEngine, _session: Session) -> None:
    from tests.screens.fakes import inventory

    engine_.counted = inventory()


def _refused(engine_: CaptureEngine, _session: Session) -> None:
    engine_.fail["environments"] = real.expired()


def _running(studio: Studio) -> None:
    studio.put_run(a_run(studio.session, "running", "export"))


def _failed(studio: Studio) -> None:
    studio.put_run(a_run(studio.session, "failed", "import"))


def _stopped(studio: Studio) -> None:
    studio.put_run(a_run(studio.session, "stopped", "create-target"))


def _done(studio: Studio) -> None:
    studio.put_run(a_run(studio.session, "done", ""))


def _complaints(_engine: CaptureEngine, session: Session) -> None:
    session.target.connection.account, session.target.connection.profile = "444455556666", "prod"


def _all_well(engine_: CaptureEngine, _session: Session) -> None:
    engine_.boards.rows = [row for row in engine_.boards.rows if row.verdict == "pass"]


def _half(engine_: CaptureEngine, _session: Session) -> None:
    boards = engine_.boards
    boards.batches = [*boards.batches, engine_.half]
    boards.lines = [
        line(one.dag_id, batch=engine_.half, place="neither", source=True, runs=1)
        if one.dag_id in engine_.half.dags else one for one in boards.lines
    ]  # fmt: skip


def _finished(engine_: CaptureEngine, _session: Session) -> None:
    engine_.finished = True


_LOG = "SlowDown"

SCENES: tuple[Scene, ...] = (
    Scene("start-empty"),
    Scene("start", prepare=_sessions),
    Scene("start-filter", prepare=_sessions, keys=("slash", "v", "2")),
    Scene("start-delete", prepare=_sessions, keys=("x",)),
    Scene("start-rename", prepare=_sessions, keys=("e",)),
    Scene("connect", "connect"),
    Scene("source", "source"),
    Scene("source-filter", "source", keys=("slash", "b", "i")),
    Scene("source-refused", "source", prepare=_refused),
    Scene("source-regions", "source", keys=("g",)),
    Scene("route", "route"),
    Scene("target", "target"),
    Scene("settings", "settings"),
    Scene("settings-other-account", "settings", prepare=_complaints),
    Scene("settings-edit", "settings", keys=("down", "down", "enter")),
    Scene("settings-filter", "settings", keys=("slash", "m", "a", "x")),
    Scene("settings-in-place", "settings", "in-place"),
    Scene("entries", "entries", "settings-only"),
    Scene("tables", "tables"),
    Scene("tables-counted", "tables", prepare=_counted),
    Scene("tables-columns", "tables", keys=("m",)),
    Scene("tables-existing", "tables", keys=("e",)),
    Scene("tables-count-asked", "tables", keys=("k",)),
    Scene("logs", "logs"),
    Scene("policies", "policies"),
    Scene("policies-terraform", "policies", keys=("right", "t", "t", "t")),
    Scene("policies-why", "policies", keys=("h",)),
    Scene("policies-diff", "policies", keys=("c",)),
    Scene("policies-checked", "policies", keys=("k",)),
    Scene("policies-attach", "policies", keys=("up", "enter")),
    Scene("preflight", "preflight"),
    Scene("preflight-well", "preflight", prepare=_all_well),
    Scene("review", "review"),
    Scene("review-in-place", "review", "in-place"),
    Scene("run", "run", opened=_running, wait=_LOG),
    Scene("run-step", "run", opened=_running, wait=_LOG, keys=("enter",)),
    Scene("run-log", "run", opened=_running, wait=_LOG, keys=("w",)),
    Scene("run-failed", "run", opened=_failed, wait=_LOG),
    Scene("run-bundle-asked", "run", opened=_failed, wait=_LOG, keys=("o",)),
    Scene("run-stopped", "run", opened=_stopped),
    Scene("run-done", "run", opened=_done),
    Scene("run-undo-asked", "run", opened=_done, keys=("u",)),
    Scene("quit-asked", "run", opened=_running, keys=("ctrl+q",)),
    Scene("summary", "summary", opened=_done, prepare=_finished),
    Scene("cutover", "cutover", opened=_done),
    Scene("cutover-asked", "cutover", opened=_done, keys=("a", "b")),
    Scene("cutover-half", "cutover", opened=_done, prepare=_half),
    Scene("cleanup", "cleanup", opened=_done),
    Scene("cleanup-asked", "cleanup", opened=_done, keys=("x",)),
    Scene("help", "logs", keys=("f1",)),
    Scene("command", "tables", keys=("f4",)),
    Scene("palette", "logs", keys=("ctrl+p",)),
)
