"""Review: everything that will be changed and where; the target's name, typed, starts it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, RadioButton, RadioSet

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, flow, questions, review_text
from mwaa_wizard.front.question import give
from mwaa_wizard.front.questions.review import ENDS, end_word
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean, fit

from .page import WizardPage
from .widgets.field import Radios, Tick
from .widgets.line import Line
from .widgets.marks import Radio
from .widgets.pane import Pane
from .widgets.plain import Plain
from .widgets.row import Row

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session


Steps = list[tuple[str, list[str]]]


class ReviewPage(WizardPage):
    """Nothing before this page changes anything (but counting rows, which asks by itself)."""

    PAGE = "review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", N_("read on"), key_display="pgdn"),
        Binding("pageup", "page(-1)", N_("read back"), show=False),
        Binding("ctrl+n", "next", N_("start"), priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._steps: Steps = []
        self._waits = False  # Enter came before the plan

    def body(self) -> ComposeResult:
        with Pane(id="review-scroll"):
            yield Plain(id="review-text")
        with Vertical(id="review-form"):
            with Row(_("Cut over"), id="cut-over-row"), Radios("review.cut_over", id="cut-over"):
                for end in ENDS:
                    yield Radio(end_word(end), id=end)
            yield Tick("review.keep_bundle", id="keep")
            with Row(_("To start")):
                yield Line(id="confirm")

    def heading(self) -> tuple[str, str]:
        count = _("{count} steps").format(count=len(self._steps)) if self._steps else ""
        return _("This is what will be done"), count

    def why(self) -> list[str]:
        told = [
            _("Each step looks first whether its work is there already, so starting twice changes nothing twice."),
            _("Every change is written to a journal before the next one; “undo” takes all of it back."),
            _("Cut over: with “source goes on”, each source DAG gets the paused state it had. With “switch”, exactly "
              "those DAGs that ran on the source are unpaused on the target."),
            _("Typing the target's name is the last confirmation but for what the run itself asks: whether to go on in "
              "spite of warnings, and before each change of version in place."),
        ]  # fmt: skip
        if self.session.route == "in-place":
            told[1:3] = [
                _("Every change is written to a journal before the next one. “undo” goes back to the version before "
                  "only where MWAA does that; page Route tells."),
            ]  # fmt: skip
        left = [f"{flow.title_of(page)}: {why}" for page in flow.pages(self.session)
                if (why := flow.left_out(page, self.session))]  # fmt: skip
        return told + left

    def entered(self) -> None:
        self.query_one(f"#{self.session.cut_over}", RadioButton).value = True
        self.load_answers()
        asked = {question.name for question in questions.of_page(self.PAGE, self.session)}
        self.query_one("#cut-over-row").display = "review.cut_over" in asked
        self.query_one("#keep").display = "review.keep_bundle" in asked
        field = self.query_one("#confirm", Input)
        field.placeholder = _("type {name}, then Enter").format(name=clean(self.session.target.environment))
        field.focus()
        self._plan_again()

    def _fill(self, steps: Steps) -> None:
        self._steps = steps
        session = self.session
        cells = self.query_one("#review-scroll").size.width - 2
        parts = [Content("\n".join(wrap(text, cells, " " * 6, fit(label, 6)))) for label, text in
                 review_text.sides(session)]  # fmt: skip
        sections = [review_text.settings_lines(session, self.opened.environment), *review_text.along(session)]
        for title, lines in sections:
            parts += [Content(""), Content.styled(clean(title), "bold")]
            parts += [Content(row) for line in lines for row in wrap(clean(line), cells, " " * 6, " " * 4 + "- ")]
        parts += [Content(""), Content.styled(_("Steps, in this order"), "bold")]
        self.query_one("#review-scroll").scroll_home(animate=False)
        for number, (title, lines) in enumerate(steps, 1):
            parts.append(Content.assemble((f"{number:>2}  ", "$text-muted"), (clean(title), "bold")))
            parts += [Content(row) for line in lines for row in wrap(clean(line), cells, "      ", "    - ")]
        parts.append(Content(""))
        parts += [Content.styled(row, "$text-muted") for line in _commands(session)
                  for row in wrap(line, cells, "      ", "")]  # fmt: skip
        self.query_one("#review-text", Plain).say(Content("\n").join(parts))
        self.refresh_chrome()

    def action_page(self, direction: int) -> None:
        """Scroll the plan by a page: the field keeps the focus."""
        pane = self.query_one("#review-scroll")
        pane.scroll_page_down(animate=False) if direction > 0 else pane.scroll_page_up(animate=False)

    def fitted(self) -> None:
        if self._steps:
            self._fill(self._steps)

    def on_radio_set_changed(self, event: RadioSet.Changed) -> None:
        question = questions.must("review.cut_over")
        if event.pressed.id != question.read(self.session) and not give(self.session, question, event.pressed.id):
            self.save()
            self._plan_again()

    def on_tick_answered(self) -> None:
        self._plan_again()

    def _plan_again(self) -> None:
        session, known = self.session.model_copy(deep=True), self.opened.environment

        def plan() -> tuple[engine.Environment | None, Steps]:
            steps = [(step.title, list(step.describe(session))) for step in engine.plan(session)]
            try:
                return known if known is not None else engine.source_environment(session), steps
            except WizardError:
                return None, steps  # what differs is then not told, and the page says so

        def done(found: tuple[engine.Environment | None, Steps]) -> None:
            environment, steps = found
            if environment is not None:
                self.opened.environment = environment
            self._fill(steps)
            if self._waits:
                self._waits = False
                self.action_next()

        def failed(_problem: WizardError) -> None:
            self._waits = False

        self.look_up(_("Making the plan …"), plan, done, failed=failed)

    def on_input_submitted(self) -> None:
        self.action_next()

    def on_input_changed(self) -> None:
        self._waits = False

    def action_next(self) -> None:
        """Start; where the plan is still being made, wait for it."""
        if self._steps or not self.lookups.busy or self.reasons() != [_not_made()]:
            super().action_next()
            return
        self._waits = True
        self.notice.busy(_("The plan is still being made; the run starts as soon as it is there. esc goes back."))

    def reasons(self) -> list[str]:
        found = []
        for page in itertools.takewhile(lambda one: one != self.PAGE, flow.shown(self.session)):
            found += [f"{flow.title_of(page)}: {reason}" for reason in flow.missing(page, self.session)]
        if self._under_way():
            return found
        found += flow.to_look_at(self.PAGE, self.session)
        typed, name = self.query_one("#confirm", Input).value.strip(), self.session.target.environment
        if not typed:
            found.append(_("Type the target's name, {name}, to start.").format(name=clean(name)))
        elif typed != name:
            found.append(_("That is not the target's name. It is {name}.").format(name=clean(name)))
        elif not self._steps:
            found.append(_not_made())
        return found

    def _under_way(self) -> bool:
        return self.opened.active_run is not None

    def leave(self, go: object) -> None:
        try:
            run = self.opened.run("full")
        except WizardError as problem:
            self.notice.error(problem, retry=False)
            return
        other = self.opened.active_run
        if other is not None and other is not run:
            self.notice.problems([_("Rows are still being counted (page Tables); wait, or stop that first.")])
            return
        if not run.active:
            self.wizard.start_run(run)
        if run.active:
            self.go_on()


def _not_made() -> str:
    return _("The plan is not made yet.")


def _commands(session: Session) -> list[str]:
    """The same without the wizard."""
    words = [_("In a shell: {command}").format(command=f"mwaa-wizard run {session.id}")]
    if session.route != "in-place":
        command = f"mwaa-wizard template {session.id} --format terraform"
        words.append(_("As code: {command} (or cloudformation, cli)").format(command=command))
    return words
