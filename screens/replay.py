"""Plays a file of answers in the full-screen wizard: page by page, each shown with its answers, left by its own Next.

Where an answer is refused or one is missing, it stops: whoever is there goes on by hand, and where the file starts the
run itself (so nobody need be there) the program ends with the words and exit code 1.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widgets import Input

from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.front import answering, engine_entries, flow, questions
from mwaa_wizard.front.answers_file import OPTION, SETTING, VALUE, Answers
from mwaa_wizard.front.question import Question, give
from mwaa_wizard.front.starting import new_session
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .drift import DriftBox
from .page import WizardPage
from .replay_after import AfterRun
from .start import StartPage
from .widgets.confirm import Confirm

if TYPE_CHECKING:
    from .app import WizardApp

TICK = 0.1
_SEEN = 0.4  # seconds that a page is shown before it is left: nobody follows less
_QUIET = 3  # refreshes in a row, each asked for and come, without a look-up
_READ = 0.5  # and a question of the run
_LOST = 1.0  # seconds after which a refresh that was asked for does not come: a box that closed meanwhile took it along
_TIRED = 1.5  # seconds after a refused Next in which a page's last look-up may still answer


class Replay:
    """A state machine that looks at the top screen; `over` once it is done or has handed over."""

    def __init__(self, app: WizardApp, answers: Answers) -> None:
        self._app, self._answers = app, answers
        self.over = False
        self._opened = False
        self._given: set[str] = set()  # pages whose answers are written
        self._shown: tuple[WizardPage | None, float] = (None, 0.0)
        self._quiet = 0
        self._asked_of: WizardPage | None = None
        self._asked_at = 0.0
        self._box: tuple[Screen[Any] | None, float] = (None, 0.0)
        self._left: tuple[str, float] = ("", 0.0)
        self._after = AfterRun(answers.after, lambda words, code: self._stop(words, code, page_words=False))

    def tick(self) -> None:
        """Do the next thing, if it is time for one."""
        if self.over or not self._app.screen_stack:
            return
        screen = self._app.screen
        if isinstance(screen, DriftBox):
            self._seen(screen, "enter")
        elif getattr(screen, "question", None) is not None and not isinstance(screen, WizardPage):
            self._asked(screen)
        elif isinstance(screen, Confirm) and self._after.asks:
            self._seen(screen, "y")
        elif isinstance(screen, StartPage):
            self._start(screen)
        elif isinstance(screen, WizardPage) and screen.alive:
            self._page(screen)

    def _start(self, screen: StartPage) -> None:
        if self._opened or not screen.list_read or self._app.request.session_id:
            return  # the first screen opens a session that was named
        self._opened = True
        try:
            self._app.open_session(new_session(self._app.request.profile, self._app.request.region))
        except WizardError as problem:
            self._stop(" ".join((problem.what, problem.remedy)))

    # Pages

    def _page(self, page: WizardPage) -> None:
        if not self._opened:
            self._opened = True
            # A saved session is played from its first page, too; one that has run, from what the run came to.
            begins = "summary" if page.PAGE in ("cutover", "cleanup") else page.PAGE
            begins = begins if page.session.last_result.state else "connect"
            if begins != page.PAGE:
                self._app.go_to(begins)
                return
        if page is not self._shown[0]:
            self._shown, self._quiet = (page, time.monotonic()), 0
            return
        if page.PAGE == "run":
            self._run(page)
            return
        if not self._settled(page) or time.monotonic() - self._shown[1] < _SEEN:
            return
        if page.lookups.failed:
            self._stop(page.notice.words())
        elif page.PAGE not in self._given:
            self._given.add(page.PAGE)
            self._answer(page)
        elif self._left[0] == page.PAGE:
            if time.monotonic() - self._left[1] > _TIRED:
                self._stop(page.notice.words() or " ".join(page.reasons()))
        elif page.PAGE in ("summary", "cutover", "cleanup"):
            self._on(page)
        else:
            self._leave(page)

    def _on(self, page: WizardPage) -> None:
        """After the run: what the file wants then, and the end."""
        following = self._after.step(page)
        if following == "end":
            self._end()
        elif following:
            self._app.go_to(following)

    def _settled(self, page: WizardPage) -> bool:
        """Whether the page waits for nothing: no look-up, and nothing that it wanted to do after the next refresh. What
        its widgets still have to tell must not come after what is written for it, or after it is gone.
        """
        if page.lookups.busy:
            self._quiet = 0
        elif self._asked_of is not page or time.monotonic() - self._asked_at > _LOST:
            self._asked_of, self._asked_at = page, time.monotonic()

            def refreshed() -> None:
                if self._asked_of is page:
                    self._asked_of, self._quiet = None, self._quiet + 1

            page.call_after_refresh(refreshed)
        return self._quiet >= _QUIET

    def _leave(self, page: WizardPage) -> None:
        if page.PAGE == "review":
            if not self._answers.start:
                self._hand_over(_("All answers are given. Read the plan; nothing is started by the file."))
                return
            page.query_one("#confirm", Input).value = self._answers.confirm
        self._left = (page.PAGE, time.monotonic())
        page.action_next()

    def _answer(self, page: WizardPage) -> None:
        """Write the file's answers of a page, look up what follows from them, and show the page with them."""
        session, name = self._app.opened.session if self._app.opened else None, page.PAGE
        assert session is not None
        problem = self._write_settings(page) if name == "settings" else self._write(page)
        page.opened.save()
        if problem:
            self._stop(problem)
            return
        if name == "route" and "route.route" in self._answers.texts and name not in session.page.done:
            session.page.done = [*session.page.done, name]  # chosen: the page would take the recommended one else
        if name != "source" or not self._has(name):
            self._again(page)
            return
        asked = session.model_copy(deep=True)

        def done(problems: list[str]) -> None:
            if problems:
                self._stop(" ".join(problems))
                return
            session.source, session.target = asked.source, asked.target
            page.opened.save()
            self._again(page)

        page.look_up(_("Asking AWS …"), lambda: questions.learn(name, asked), done)

    def _again(self, page: WizardPage) -> None:
        """The page anew, with what was written; where nothing was, it stays."""
        if self._has(page.PAGE):
            self._app.go_to(page.PAGE)

    def _has(self, page: str) -> bool:
        """Whether the file says something of a page."""
        starts = {"settings": (SETTING, OPTION), "entries": ("entries.", VALUE)}.get(page, (f"{page}.",))
        return any(name.startswith(starts) for name in self._answers.texts)

    def _write(self, page: WizardPage) -> str:
        """The answers of the page's questions, in their order; which are asked follows from those before."""
        done: set[str] = set()
        while True:
            asked = [one for one in questions.of_page(page.PAGE, page.session) if one.name not in done]
            if not asked:
                return self._write_values(page) if page.PAGE == "entries" else ""
            done.add(asked[0].name)
            if asked[0].name in self._answers.texts:
                problem = self._give(page, asked[0])
                if problem:
                    return problem

    def _write_settings(self, page: WizardPage) -> str:
        environment = page.opened.environment
        for name in self._answers.texts:
            if not name.startswith((SETTING, OPTION)):
                continue
            question = answering.setting_question(page.session, environment, name) if environment else None
            if question is None:
                return _("There is no setting {name} to change.").format(name=clean(name))
            problem = self._give(page, question, name)
            if problem:
                return problem
        return ""

    def _write_values(self, page: WizardPage) -> str:
        """What becomes of connections without a value; the values themselves are in no file."""
        from .entries import EntriesPage

        entries = page.session.entries
        for conn_id in self._answers.names(VALUE):
            way = self._answers.texts[VALUE + conn_id]
            if way == "leave" and conn_id not in entries.left:
                entries.left = [*entries.left, conn_id]
            elif way == "empty":
                engine_entries.give(page.session, conn_id, '{"password": ""}')
            elif way == "all" and isinstance(page, EntriesPage):
                page.action_leave_needed()
        return ""

    def _give(self, page: WizardPage, question: Question, name: str = "") -> str:
        """Write one answer; what stands against it."""
        text = self._answers.texts[name or question.name] or answering.NOTHING
        try:
            quick = question.choices is not None and not question.slow
            choices = question.choices(page.session) if quick and question.choices is not None else ()
            found = give(page.session, question, answering.meant(question, text, choices))
        except ValueError as problem:
            found = [str(problem)]
        except WizardError as problem:
            found = [f"{problem.what} {problem.remedy}".strip()]
        return f"{question.label}: {' '.join(found)}" if found else ""

    # The run

    def _asked(self, box: Screen[Any]) -> None:
        """A step asks: the file's answer, or whoever is there."""
        if self._answers.agree is not None:
            self._seen(box, "y" if self._answers.agree else "n")
        elif self._answers.start:
            self._seen(box, "n")

    def _seen(self, box: Screen[Any], answer: str) -> None:
        """Close a box with an answer, once it is drawn and could be read."""
        if box is not self._box[0]:
            self._box = (box, time.monotonic())
        elif time.monotonic() - self._box[1] >= _READ:
            self._box = (None, 0.0)
            box.dismiss(answer)

    def _run(self, page: WizardPage) -> None:
        opened = page.opened
        run = opened.runs.get("full")
        if run is None or run.active or opened.active_run is not None:
            return
        outcome = run.state.outcome
        if outcome == "done" and opened.session.last_result.state in ("verified", "differs"):
            page.action_next()
        elif outcome in ("failed", "stopped"):
            error = run.state.error
            told = " ".join(error.lines()) if error is not None else _("It stopped at a safe point.")
            code = EXIT_RESUMABLE if outcome == "stopped" else error.exit_code if error is not None else EXIT_FAILED
            self._stop(told, code, page_words=False)

    def _end(self) -> None:
        opened = self._app.opened
        assert opened is not None
        self.over = True
        if self._answers.start:
            same = opened.session.last_result.state == "verified"
            self._app.quit_now(EXIT_DONE if same else EXIT_FAILED)

    # Leaving it to others

    def _stop(self, words: str, code: int = EXIT_FAILED, *, page_words: bool = True) -> None:
        """The file does not lead on."""
        self.over = True
        words = clean(words, limit=2000)
        if not self._answers.start:
            self._hand_over(words)
            return
        opened = self._app.opened
        title = flow.title_of(opened.session.page.name) if opened is not None else ""
        said = _("The answers file {name} does not lead on from page {page}: {why}").format(
            name=self._answers.path, page=title, why=words
        )
        self._app.last_words.append(said if page_words else words)
        self._app.quit_now(code)

    def _hand_over(self, words: str) -> None:
        self.over = True
        screen = self._app.screen
        if isinstance(screen, WizardPage) and screen.alive:
            screen.notice.problems([words]) if screen.notice.kind == "problem" else screen.notice.hint(words)
        self._app.notify(_("The answers file ends here: go on by hand."), markup=False)
