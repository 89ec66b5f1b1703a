"""Run: the steps with state and time, the live log of the chosen one, progress, and what to do when one fails."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine
from mwaa_wizard.front.runs import Run
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .page import WizardPage
from .run_text import listed_things, outcome_line, progress_line, step_prompt, step_word
from .widgets.failure import Failure
from .widgets.log_pane import LogPane
from .widgets.plain import Plain
from .widgets.step_list import StepList


class RunPage(WizardPage):
    """Shows the App's run; leaving the page leaves the run alone, coming back shows it as it is by then."""

    PAGE = "run"
    RAIL = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "stop", N_("stop safely")),
        Binding("r", "go_on_run", N_("resume")),
        Binding("u", "undo", N_("undo …")),
        Binding("l", "all_lines", N_("all lines")),
        Binding("w", "wide_log", N_("wide log")),
        Binding("end", "follow", N_("follow"), priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._chosen = ""
        self._merged = False
        self._picked_by_hand = False

    def body(self) -> ComposeResult:
        with Horizontal(id="run-top"):
            yield StepList(id="run-steps")
            with Vertical(id="run-side"):
                yield Plain(id="run-step")
                yield Plain(id="run-progress")
                yield LogPane(id="run-log")
                yield Plain(id="run-follow")
        yield Failure(id="run-failure")

    def heading(self) -> tuple[str, str]:
        if self._run is None:
            return _("The run"), ""
        return outcome_line(self._run.state, dt.datetime.now(dt.UTC))

    def why(self) -> list[str]:
        return [
            _("The run goes on while you look at other pages. Stopping waits for a point where nothing is "
              "half-done; resume goes on there."),
            _("✔ done   ▸ working   · waiting   ✘ failed   ■ stopped   ↶ undone"),
            _("↑↓ choose a step; tab goes to its log. Scrolling up holds the log still, End follows again. "
              "The whole log is in a file named below it."),
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
        self.set_interval(0.25, self._tick)

    # Showing

    def run_changed(self, run: Run) -> None:
        """The app tells that the run moved (at most every 80 ms)."""
        if run is self._run:
            self._show()

    def _tick(self) -> None:
        if self._run is None or not self.alive:
            return
        if self._run.active:
            self._show_steps()
            self._show_heading()
        self._show_log()

    def _show(self) -> None:
        run = self._run
        if run is None or not self.alive:
            return
        if not self._picked_by_hand:
            self._choose_current()
        self._show_steps()
        self._show_log()
        self._show_failure()
        self.refresh_chrome()

    def _choose_current(self) -> None:
        current = self._run.state.current if self._run else None
        if current is not None and current.id != self._chosen:
            self._chosen = current.id
            self.query_one(StepList).choose(current.id)

    def _show_steps(self) -> None:
        assert self._run is not None
        now = dt.datetime.now(dt.UTC)
        steps = self.query_one(StepList)
        cells = 43 if self.has_class("-wide") else 30
        steps.show([(step.id, step_prompt(step, cells, now)) for step in self._run.state.steps])
        step = self._run.state.step(self._chosen)
        bar = self.query_one("#run-progress", Plain)
        bar.say(progress_line(step, bar.size.width) if step else "")
        if step is not None:
            word = step_word(step) or _("waiting")
            detail = f" · {clean(step.detail)}" if step.detail else ""
            self.query_one("#run-step", Plain).say(f"{clean(step.title)} · {word}{detail}")

    def _show_log(self) -> None:
        if self._run is None:
            return
        pane = self.query_one(LogPane)
        path = self._run.log_path("" if self._merged else self._chosen)
        pane.show(path)
        behind = pane.behind
        if behind:
            words = _("{count} new lines · End follows").format(count=behind)
        elif self._merged:
            words = _("all steps together · l shows one")
        elif self._picked_by_hand and self._run.active:
            words = _("End goes back to the running step")
        else:
            words = _("following ▾") if self._run.active else ""
        self.query_one("#run-follow", Plain).say(words)

    def _show_failure(self) -> None:
        assert self._run is not None
        state = self._run.state
        panel = self.query_one(Failure)
        if state.outcome == "failed" and state.error is not None:
            panel.show(state.error)
            # The panel takes rows from the list: the failed step must stay in sight.
            self.call_after_refresh(self.query_one(StepList).scroll_to_highlight)
        else:
            panel.hide()
        if state.outcome == "stopped":
            self.notice.hint(_("Stopped at a safe point; r goes on there, also later."))
        elif state.outcome == "done":
            self.notice.good(
                _("Everything is undone. The page Review (esc) can start it again.")
                if state.undoing
                else _("All steps are done: n for the result.")
            )
        elif state.outcome == "":
            self.notice.hint(_("Not started: that is done on the page Review (esc)."))
        elif state.outcome == "running":
            self.notice.hint(_("Stopping at the next safe point …") if state.stopping else "")

    # Keys

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.id != "run-steps" or not event.option_id or event.option_id == self._chosen:
            return
        current = self._run.state.current if self._run else None
        self._picked_by_hand = current is None or event.option_id != current.id
        self._chosen, self._merged = event.option_id, False
        self._show()

    def action_all_lines(self) -> None:
        """The log of all steps together, and back."""
        self._merged = not self._merged
        self._show_log()

    def action_wide_log(self) -> None:
        """The log over the whole width, and back."""
        steps = self.query_one(StepList)
        steps.display = not steps.display
        (steps if steps.display else self.query_one(LogPane)).focus()

    def action_follow(self) -> None:
        """Follow the log's end and the running step again."""
        self._picked_by_hand = False
        self.query_one(LogPane).follow()
        self._show()

    def action_stop(self) -> None:
        """Stop at the next safe point."""
        if self._run is not None:
            self._run.stop()
            self._show()

    def action_go_on_run(self) -> None:
        """Retry after a failure, resume after a stop."""
        if self._run is not None and not self._run.active:
            self._picked_by_hand = False
            self.wizard.start_run(self._run)
            self._show()

    def action_undo(self) -> None:
        """Ask, then take back everything the journal says was made or changed."""
        from .widgets.confirm import Confirm

        run = self._run
        if run is None or run.active:
            return
        made = engine.made_things(self.session)
        listed = "\n".join(listed_things(made)) or _("(nothing)")

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._picked_by_hand = False
                self.wizard.start_run(run, undo=True)
                self._show()

        self.wizard.push_screen(
            Confirm(
                _("Undo everything this migration made or changed?"),
                "\n\n".join([_("The journal lists:\n{things}").format(things=listed), *_undone_how(made)]),
                _("undo all of it"),
                _("leave it as it is"),
            ),
            answered,
        )

    def on_failure_retry(self) -> None:
        self.action_go_on_run()

    def on_failure_undo(self) -> None:
        self.action_undo()

    async def on_failure_quit(self) -> None:
        await self.wizard.action_quit()

    def reasons(self) -> list[str]:
        if self._run is None or self._run.state.outcome != "done" or self._run.state.undoing:
            return [_("The run is not done yet.")]
        return []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.has_class("-too-small") or self._run is None:
            return super().check_action(action, parameters)
        outcome = self._run.state.outcome
        if action == "stop":
            return outcome == "running" and not self._run.state.stopping
        if action == "go_on_run":
            return outcome in ("failed", "stopped")
        if action == "undo":
            return outcome in ("failed", "stopped", "done") and not self._run.state.undoing
        if action == "next":
            return outcome == "done" and not self._run.state.undoing
        return super().check_action(action, parameters)


def _undone_how(made: list[tuple[str, str]]) -> list[str]:
    """What an undo does to the target, by what the journal has of it."""
    kinds = {kind for kind, _name in made}
    if "environment" in kinds:
        return [_("The target environment made by it is deleted.")]
    if "airflow-version" in kinds:
        return [
            _("Nothing is deleted but what it added. The version goes back only where MWAA does that; each change of "
              "version is asked for again."),
        ]  # fmt: skip
    return []
