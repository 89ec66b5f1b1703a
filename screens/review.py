"""Review: everything that will be changed and where; the target's name, typed, starts it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Checkbox, Input, RadioButton, RadioSet

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, flow
from mwaa_wizard.front.words import account, wrap
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean, fit

from .page import WizardPage
from .widgets.marks import Check, Radio
from .widgets.pane import Pane
from .widgets.plain import Plain

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Connection, Session


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
        self._steps: list[tuple[str, list[str]]] = []

    def body(self) -> ComposeResult:
        with Pane(id="review-scroll"):
            yield Plain(id="review-text")
        with Vertical(id="review-form"):
            with Horizontal(classes="row", id="cut-over-row"):
                yield Plain(_("Cut over"), classes="label")
                with RadioSet(id="cut-over", compact=True):
                    yield Radio(_("source goes on, target stays paused"), id="restore-source")
                    yield Radio(_("switch: the target takes over"), id="switch")
            yield Check(_("keep the exported bundle afterwards"), id="keep")
            with Horizontal(classes="row"):
                yield Plain(_("To start"), classes="label")
                yield Input(id="confirm", compact=True)

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
        self.query_one("#keep", Checkbox).value = self.session.keep_bundle
        # In place nothing is handed over, and only a history leaves a bundle.
        self.query_one("#cut-over-row").display = self.session.route != "in-place"
        self.query_one("#keep").display = self.session.route in ("new-environment", "bridge")
        field = self.query_one("#confirm", Input)
        field.placeholder = _("type {name}, then Enter").format(name=clean(self.session.target.environment))
        field.focus()
        self._plan_again()

    def _fill(self, steps: list[tuple[str, list[str]]]) -> None:
        self._steps = steps
        session = self.session
        cells = self.query_one("#review-scroll").size.width - 2
        source, target = session.source, session.target
        parts = [
            self._place(
                _("from"), f"{source.environment} {source.airflow_version}", source.connection, cells
            ),
            self._place(_("to"), f"{target.environment} {_reached(session)}", target.connection, cells),
            Content("\n".join(wrap(_route(session), cells, "      ", fit(_("by"), 6)))),
            Content(""),
        ]
        self.query_one("#review-scroll").scroll_home(animate=False)
        for number, (title, lines) in enumerate(steps, 1):
            parts.append(Content.assemble((f"{number:>2}  ", "$text-muted"), (clean(title), "bold")))
            parts += [Content(row) for line in lines for row in wrap(clean(line), cells, "      ", "    - ")]
        parts.append(Content(""))
        parts += [Content.styled(row, "$text-muted") for line in _commands(session)
                  for row in wrap(line, cells, "      ", "")]  # fmt: skip
        self.query_one("#review-text", Plain).say(Content("\n").join(parts))
        self.refresh_chrome()

    @staticmethod
    def _place(label: str, name: str, place: Connection, cells: int) -> Content:
        where = f"{name} · {account(place.account)} {place.region}"
        return Content("\n".join(wrap(clean(where), cells, "      ", fit(label, 6))))

    def action_page(self, direction: int) -> None:
        """Scroll the plan by a page: the field keeps the focus."""
        pane = self.query_one("#review-scroll")
        pane.scroll_page_down(animate=False) if direction > 0 else pane.scroll_page_up(animate=False)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self._steps:
            self.call_after_refresh(self._fill, self._steps)

    def on_radio_set_changed(self, event: RadioSet.Changed) -> None:
        wanted = event.pressed.id
        if wanted in ("restore-source", "switch") and wanted != self.session.cut_over:
            self.session.cut_over = "switch" if wanted == "switch" else "restore-source"
            self.save()
            self._plan_again()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        if event.value != self.session.keep_bundle:
            self.session.keep_bundle = event.value
            self.save()
            self._plan_again()

    def _plan_again(self) -> None:
        session = self.session.model_copy(deep=True)
        self.look_up(
            _("Making the plan …"),
            lambda: [(step.title, list(step.describe(session))) for step in engine.plan(session)],
            self._fill,
        )

    def on_input_submitted(self) -> None:
        self.action_next()

    def reasons(self) -> list[str]:
        found = []
        for page in itertools.takewhile(lambda one: one != self.PAGE, flow.shown(self.session)):
            found += [f"{flow.title_of(page)}: {reason}" for reason in flow.missing(page, self.session)]
        if self._under_way():
            return found
        typed, name = self.query_one("#confirm", Input).value.strip(), self.session.target.environment
        if not self._steps:
            found.append(_("The plan is not made yet."))
        elif not typed:
            found.append(_("Type the target's name, {name}, to start.").format(name=clean(name)))
        elif typed != name:
            found.append(_("That is not the target's name. It is {name}.").format(name=clean(name)))
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
        self.go_on()


def _reached(session: Session) -> str:
    """`2.11.2`, or `2.11.2 → 3.3.1` over a bridge."""
    target = session.target
    return f"{target.airflow_version} → {target.upgrade_to}" if session.route == "bridge" else target.airflow_version


def _route(session: Session) -> str:
    from mwaa_wizard.environments.routes.words import kind_words

    return f"{session.route}: {kind_words(session.route)}"


def _commands(session: Session) -> list[str]:
    """The same without the wizard."""
    words = [_("In a shell: {command}").format(command=f"mwaa-wizard run {session.id}")]
    if session.route != "in-place":
        command = f"mwaa-wizard template {session.id} --format terraform"
        words.append(_("As code: {command} (or cloudformation, cli)").format(command=command))
    return words
