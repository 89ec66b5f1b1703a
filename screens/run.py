"""Run: the steps with state and time, the live log of the chosen one, progress, and what to do when one fails."""

from __future__ import annotations

import datetime as dt
import threading
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import OptionList

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import step_facts, typical
from mwaa_wizard.front.run_state import StepView
from mwaa_wizard.front.runs import Run
from mwaa_wizard.i18n import N_, _, listed, ngettext
from mwaa_wizard.text import clean

from . import run_acts
from .run_log import LogKeys
from .run_text import outcome_line, progress_line, step_line, step_prompt, stopping_words
from .widgets.failure import Failure
from .widgets.log_pane import LogPane
from .widgets.plain import Plain
from .widgets.search_line import SearchLine, level_word, search_word
from .widgets.step_list import StepList
from .widgets.ways import Ways


class RunPage(LogKeys):
    """Shows the App's run; leaving the page leaves the run alone, coming back shows it as it is by then."""

    PAGE = "run"
    RAIL = False
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("details")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "stop", N_("stop safely")),
        Binding("r", "go_on_run", N_("resume")),
        Binding("e", "edit", N_("edit"), show=False),
        Binding("x", "leave_out", N_("leave out …"), show=False),
        Binding("u", "undo", N_("undo …")),
        Binding("w", "viewer", N_("whole log")),
        Binding("slash", "search", N_("search")),
        Binding("f3", "find_next", N_("next match")),
        Binding("f6", "find_before", N_("match before")),
        Binding("l", "level", N_("level")),
        Binding("a", "all_lines", N_("all lines")),
        Binding("o", "bundle", N_("support bundle")),
        Binding("end", "follow", N_("follow"), priority=True),
    ]

    class Timed(Message):
        """What the steps took in earlier runs."""

        def __init__(self, times: dict[str, float]) -> None:
            super().__init__()
            self.times = times

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._chosen = ""
        self._merged = False
        self._picked_by_hand = False
        self._times: dict[str, float] = {}
        self._skippable: dict[str, str] = {}

    def body(self) -> ComposeResult:
        with Horizontal(id="run-top"):
            yield StepList(id="run-steps")
            with Vertical(id="run-side"):
                yield Plain(id="run-step")
                yield Plain(id="run-progress")
                yield LogPane(id="run-log")
                yield SearchLine(id="run-search")
                yield Plain(id="run-follow")
        yield Failure(id="run-failure")

    def heading(self) -> tuple[str, str]:
        if self._run is None:
            return _("The run"), ""
        return outcome_line(self._run.state, dt.datetime.now(dt.UTC), self._seconds_left())

    def why(self) -> list[str]:
        return [
            _("The run goes on while you look at other pages. Stopping waits for a point where nothing is "
              "half-done; resume goes on there."),
            _("✔ done   ▸ working   · waiting   ✘ failed   ■ stopped   – left out   ↶ undone   ↻2 two calls were "
              "tried again   › its log is shown"),
            _("↑↓ choose a step, Enter tells all about it; tab goes to its log. Scrolling up holds the log still, End "
              "follows again. w shows the whole log, however long it is."),
            _("Time left is told only where counts or earlier runs into the same account say it."),
        ]  # fmt: skip

    def entered(self) -> None:
        try:
            self._run = self.opened.run("full")
        except WizardError as problem:
            self.notice.error(problem, retry=False)
            return
        self.query_one(StepList).focus()
        self._choose_current()
        if self.wizard.go_on_once and self._run.state.outcome in ("failed", "stopped") and not self.opened.active_run:
            self.wizard.start_run(self._run)
        self.wizard.go_on_once = False
        self._show()
        self.set_interval(0.1, self._tick)
        session = self.session.model_copy(deep=True)

        def read() -> None:
            self.post_message(self.Timed(typical.earlier(session)))

        # Nobody waits for it, so nothing is said of it.
        threading.Thread(target=read, name="earlier-runs", daemon=True).start()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        # A run that has ended draws nothing of itself: its steps would keep the width that they had.
        self.call_after_refresh(self._show)

    def on_run_page_timed(self, event: Timed) -> None:
        self._times = event.times

    # Showing

    def run_changed(self, run: Run) -> None:
        """The app tells that the run moved (at most every 80 ms)."""
        if run is self._run:
            self._show()

    def _tick(self) -> None:
        if self._run is None or not self.alive or self.has_class("-too-small"):
            return
        if self._run.active:
            self._show_steps()
            self._show_heading()
        if self._run.state.stopping or not self.notice.kind:
            self._say_how_it_stands()  # also after another word had its time
        self.show_log()

    def _show(self) -> None:
        run = self._run
        if run is None or not self.alive:
            return
        if not self._picked_by_hand:
            self._choose_current()
        self._show_steps()
        self.show_log()
        self._show_failure()
        self.refresh_chrome()

    def _choose_current(self) -> None:
        current = self._run.state.current if self._run else None
        if current is not None and current.id != self._chosen:
            self._chosen = current.id
            self.query_one(StepList).choose(current.id)

    def _seconds_left(self) -> float | None:
        assert self._run is not None
        now, state = dt.datetime.now(dt.UTC), self._run.state
        current = state.current
        if current is None or not current.busy:
            return None
        waiting = [step.id for step in state.steps if step.state == "waiting"]
        elapsed = current.seconds(now) or 0.0
        return typical.remaining(waiting, self._times, current.id, elapsed, current.seconds_left(now))

    def _show_steps(self) -> None:
        assert self._run is not None
        now = dt.datetime.now(dt.UTC)
        cells = 43 if self.has_class("-wide") else 30
        steps = self.query_one(StepList)
        steps.show(
            [
                (step.id, step_prompt(step, cells, now, chosen=step.id == self._chosen and not self._merged))
                for step in self._run.state.steps
            ]
        )
        if steps.highlighted is None:
            steps.choose(self._chosen)
        step = self.step
        bar = self.query_one("#run-progress", Plain)
        usual = typical.words(step.id, self._times) if step else ""
        bar.say(progress_line(step, bar.size.width, now, usual) if step else "")
        if step is not None:
            self.query_one("#run-step", Plain).say(step_line(step))

    def show_log(self) -> None:
        if self._run is None:
            return
        pane = self.pane
        pane.show(self._run.log_path("" if self._merged else self._chosen))
        behind = pane.behind
        if behind:
            words = ngettext("{count} new line · End follows", "{count} new lines · End follows", behind).format(
                count=f"{behind:,}"
            )
        elif self._merged:
            words = _("all steps together · a shows one")
        elif self._picked_by_hand and self._run.active:
            words = _("End goes back to the running step")
        else:
            words = _("following ▾") if self._run.active else ""
        if pane.word and not behind:
            words = ""
        parts = [words, search_word(pane), level_word(pane)] if behind else [search_word(pane), level_word(pane), words]
        self.query_one("#run-follow", Plain).say(" · ".join(part for part in parts if part))

    def _show_failure(self) -> None:
        assert self._run is not None
        state = self._run.state
        panel = self.query_one(Failure)
        if state.outcome == "failed" and state.error is not None:
            also = step_facts.failed_names([step for step in state.failures if step.id != state.failed_step])
            page = run_acts.page_to_edit(self)
            panel.show(state.error, also, page, bool(not state.undoing and self.skippable(state.failed_step)))
            # The panel takes rows from the list: the failed step must stay in sight.
            self.call_after_refresh(self.query_one(StepList).scroll_to_highlight)
        elif panel.display:
            panel.hide()
            self.query_one(StepList).focus()
        self._say_how_it_stands()

    def _say_how_it_stands(self) -> None:
        assert self._run is not None
        state = self._run.state
        if state.outcome == "stopped" and state.cut_off:
            told = _("The wizard was ended in the middle of this step. r looks at what is there and goes on.")
            self.notice.hint(told)
        elif state.outcome == "stopped":
            self.notice.hint(_("Stopped at a safe point; r goes on there, also later."))
        elif state.outcome == "done":
            self.notice.good(
                _("Everything is undone. The page Review (esc) can start it again.")
                if state.undoing
                else _("All steps are done: n for the result.")
                if not state.left_out
                else _("Done but for what you left out ({steps}): n for the result.").format(
                    steps=listed(clean(step.title) for step in state.left_out)
                )
            )
        elif state.outcome == "":
            self.notice.hint(_("Not started: that is done on the page Review (esc)."))
        elif state.outcome == "running":
            self.notice.hint(stopping_words(state, dt.datetime.now(dt.UTC)) if state.stopping else "")

    # What the acts need

    @property
    def run_shown(self) -> Run | None:
        """The run on the page."""
        return self._run

    @property
    def step(self) -> StepView | None:
        """The step that is chosen."""
        return self._run.state.step(self._chosen) if self._run else None

    def skippable(self, step_id: str) -> str:
        """What is missed without a step; empty where the plan needs it."""
        if step_id not in self._skippable:
            self._skippable[step_id] = step_facts.skippable(self.session, step_id) if step_id else ""
        return self._skippable[step_id]

    def begin_again(self, *, undo: bool = False) -> None:
        """Start the run, or the undo, and follow it."""
        if self._run is not None and not self._run.active:
            self._picked_by_hand = False
            self.wizard.start_run(self._run, undo=undo)
            self._show()

    def read_again(self) -> None:
        """The journal has more than the run knew: a step was left out, or taken in again."""
        self.opened.runs.pop("full", None)
        self._run = self.opened.run("full")
        self._show()

    # Keys

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.id != "run-steps" or not event.option_id:
            return
        if self.query_one(StepList).chosen_here(event.option_id) or event.option_id == self._chosen:
            return
        current = self._run.state.current if self._run else None
        self._picked_by_hand = current is None or event.option_id != current.id
        self._chosen, self._merged = event.option_id, False
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id == "run-steps":
            run_acts.show_detail(self)

    def on_ways_chosen(self, event: Ways.Chosen) -> None:
        event.stop()
        if event.way == "quit":
            self.run_worker(self.wizard.action_quit(), exit_on_error=False)
            return
        {
            "retry": self.action_go_on_run, "edit": self.action_edit, "skip": self.action_leave_out,
            "undo": self.action_undo, "bundle": self.action_bundle,
        }[event.way]()  # fmt: skip

    def action_all_lines(self) -> None:
        """The log of all steps together, and back."""
        self._merged = not self._merged
        self.show_log()

    def action_follow(self) -> None:
        """Follow the log's end and the running step again."""
        self._picked_by_hand = False
        self.pane.follow()
        self._show()

    def action_stop(self) -> None:
        """Stop at the next safe point."""
        if self._run is not None:
            self._run.stop()
            self._show()

    def action_go_on_run(self) -> None:
        """Retry after a failure, resume after a stop; an undo that failed is undone further."""
        if self._run is not None:
            self.begin_again(undo=self._run.state.undoing)

    def action_edit(self) -> None:
        """To the page where the failure can be mended."""
        run_acts.edit(self)

    def action_leave_out(self) -> None:
        """Leave the step out, or take it in again."""
        run_acts.leave_out(self)

    def action_undo(self) -> None:
        """Ask, then take back everything the journal says was made or changed."""
        run_acts.undo(self)

    def action_bundle(self) -> None:
        """Write what support needs into one file, after showing what that is."""
        run_acts.bundle(self)

    def reasons(self) -> list[str]:
        if self._run is None or self._run.state.outcome != "done" or self._run.state.undoing:
            return [_("The run is not done yet.")]
        return []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.has_class("-too-small") or self._run is None:
            return super().check_action(action, parameters)
        state = self._run.state
        outcome, ended = state.outcome, state.outcome in ("failed", "stopped", "done")
        if action == "stop":
            return outcome == "running" and not state.stopping
        if action == "go_on_run":
            return outcome in ("failed", "stopped")
        if action == "undo":
            return ended and not state.undoing
        if action == "edit":
            return outcome == "failed" and bool(run_acts.page_to_edit(self))
        if action == "leave_out":
            return ended and run_acts.may_leave_out(self)
        if action in ("find_next", "find_before"):
            return bool(self.pane.word) if self.alive else False
        if action == "bundle":
            return outcome != ""
        if action == "next":
            return outcome == "done" and not state.undoing
        return super().check_action(action, parameters)
