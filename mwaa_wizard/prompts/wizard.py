"""The whole wizard as plain lines: sessions, page by page in the flow's order, the run, the report."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED
from mwaa_wizard.front import after_run, flow, questions
from mwaa_wizard.front.after_run import After
from mwaa_wizard.front.answers_file import Answers
from mwaa_wizard.front.starting import new_session
from mwaa_wizard.front.words import worded
from mwaa_wizard.i18n import _

from . import after, checks, cleanup, cutover, drifted, entries, policies, review, running, settings, tables
from .asking import ask_page
from .lines import Asker, asker
from .looking import look
from .sessions import choose_session
from .talk import Back, GoTo, Leave, Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.session.model import Session

WANTS_DEMO = 64  # the exit code by which the caller is asked to start the sandbox and come back


@dataclass(frozen=True)
class PlainRequest:
    """What the command line asks for; as the full-screen wizard's request. `sandbox`: this is the sandbox already.
    `dry_run`: the run only says what it would do."""

    session_id: str | None = None
    profile: str | None = None
    region: str | None = None
    go_on: bool = False
    reach: Callable[[Any], None] | None = None
    answers: Answers | None = None
    sandbox: bool = False
    dry_run: bool = False


def run_plain(request: PlainRequest, with_asker: Asker | None = None) -> int:
    """Ask, run and report in plain lines; the exit code."""
    talk = Talk(with_asker or asker(), request.answers)
    wizard = _Wizard(talk, request)
    try:
        with _ended_by_signals():
            return wizard.run()
    except Leave as end:
        wizard.say_how_to_go_on()
        return end.code if end.code is not None else wizard.code()
    except (KeyboardInterrupt, EOFError):
        talk.say("")
        wizard.say_how_to_go_on()
        return 130
    except _Ended as end:
        wizard.say_how_to_go_on()
        return 128 + end.number
    except BrokenPipeError:
        raise
    except OSError as problem:
        error = worded(problem)
        error.changed = error.changed or _("What was answered last may not be saved; what was answered before it is.")
        raise error from problem
    finally:
        wizard.close()


class _Ended(BaseException):
    """A signal that ends the program: everything is saved after each answer."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(number: int, _frame: object) -> None:
        raise _Ended(number)

    before = {name: signal.signal(name, end) for name in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


class _Wizard:
    """`opened` is the session that is edited; nothing is kept but in it."""

    def __init__(self, talk: Talk, request: PlainRequest) -> None:
        self.talk, self.request = talk, request
        self.opened: Opened | None = None
        self._start_run = request.go_on

    def run(self) -> int:
        from mwaa_wizard import __version__

        talk, request = self.talk, self.request
        talk.say(_("mwaa-wizard {version}, plain mode. Type ? for help at any question.").format(version=__version__))
        talk.say(_("Nothing is changed in AWS before you confirm the plan. Every answer is saved at once."))
        if request.session_id:
            from mwaa_wizard.session import store

            self._open(store.load(request.session_id))
        elif request.answers is not None:
            self._open(new_session(request.profile, request.region))
        else:
            chosen = choose_session(talk, request.profile, request.region, sandbox=request.sandbox)
            if chosen.demo:
                return WANTS_DEMO
            assert chosen.session is not None
            self._open(chosen.session)
        self._pages()
        return self.code()

    def _open(self, session: Session) -> None:
        from mwaa_wizard.front.opened import Opened

        if self.request.reach is not None:
            self.request.reach(session)
        self.opened = Opened.open(session)
        drifted.say_drift(self.talk, self.opened)
        self.opened.save()
        self.talk.resume = f"mwaa-wizard --plain --session {session.id}"

    def close(self) -> None:
        """Give the session's lock back."""
        if self.opened is not None:
            self.opened.close()

    def code(self) -> int:
        """The exit code, by how the run stands."""
        return running.exit_code(self.opened) if self.opened is not None else EXIT_DONE

    def say_how_to_go_on(self) -> None:
        """What is saved, and the next command."""
        if self.opened is None:
            self.talk.say(_("Nothing was begun. Start with: mwaa-wizard --plain"))
            return
        session = self.opened.session
        state = session.last_result.state
        if state in ("verified", "differs"):
            words = _("Saved. Report: mwaa-wizard report {id}").format(id=session.id)
        elif state in ("failed", "stopped", "running"):
            words = _("Saved. Go on with: mwaa-wizard resume {id}").format(id=session.id)
        else:
            words = _("Saved. Go on with: {command}").format(command=self.talk.resume)
        self.talk.say(words)

    # Pages

    def _pages(self) -> None:
        """From the page where the user was to the last one; back and elsewhere as asked."""
        assert self.opened is not None
        session = self.opened.session
        played = self.talk.answers is not None and not session.last_result.state
        wanted = "run" if self._start_run else "connect" if played else session.page.name
        if self.talk.answers is not None and wanted in ("cutover", "cleanup"):
            wanted = "summary"  # what a file wants after the run begins there
        page: str | None = flow.open_page(session, wanted)
        while page is not None:
            session.page.name = page
            self.opened.save()
            here = page
            try:
                page = self._page(here)
            except Back:
                page = flow.before(here, session) or here
            except GoTo as wanted:
                page = self._go_to(here, wanted.page)

    def _page(self, page: str) -> str | None:
        """Show one page; the one that follows, None at the end."""
        assert self.opened is not None
        session, talk = self.opened.session, self.talk
        shown = flow.shown(session)
        talk.heading(_("Page {number} of {count}: {title}").format(
            number=shown.index(page) + 1, count=len(shown), title=flow.title_of(page)))  # fmt: skip
        if page == "run":
            started, self._start_run = self._start_run, False
            if self.request.dry_run:
                return self._dry_run(started)
            return flow.after(page, session) if after.run_page(talk, self.opened, start=started) else "review"
        if page == "review":
            self._start_run = review.review_page(talk, self.opened)
            if not self._start_run:
                return self._ask_where(page)
        elif page == "summary":
            after.summary_page(talk, self.opened)
            if talk.answers is not None and talk.answers.start:
                self._after_run(talk.answers.after)
                return None  # nobody is there for more
        elif page == "cutover":
            cutover.cutover_page(talk, self.opened)
        elif page == "cleanup":
            cleanup.cleanup_page(talk, self.opened)
        else:
            found = checks.preflight_page(talk, self.opened) if page == "preflight" else self._decide(page)
            missing = [*found, *flow.missing(page, session)]
            if page == "settings":
                missing += settings.problems_of(self.opened)
            if missing:
                talk.problems(missing)
                return page
        if page not in session.page.done:
            session.page.done = [*session.page.done, page]
        return flow.after(page, session)

    def _after_run(self, after: After) -> None:
        """What the answers file wants when the run is verified. Raises WizardError where it is not done."""
        assert self.opened is not None
        session, talk = self.opened.session, self.talk
        if not after:
            return
        if why := after_run.refusal(session, after):
            talk.say(why)
            if session.last_result.state == "verified":
                raise Leave(EXIT_FAILED)
            return
        for page, wanted in (("cutover", bool(after.batches)), ("cleanup", after.cleanup)):
            if not wanted:
                continue
            session.page.name = page
            self.opened.save()
            talk.heading(flow.title_of(page))
            if page == "cutover":
                cutover.by_file(talk, self.opened, after.batches)
            else:
                cleanup.by_file(talk, self.opened, after.bundle)

    def _dry_run(self, started: bool) -> str | None:
        """Every step says what it would do."""
        assert self.opened is not None
        if not started:
            return "review"
        from mwaa_wizard.commands.run import run_session

        self.talk.say(_("A dry run: every step says what it would do, and nothing is done."))
        run_session(self.opened.session, dry_run=True)
        return None

    def _decide(self, page: str) -> list[str]:
        """A page that asks: what most would answer is suggested, what AWS says of the answers is looked up. What
        stands against going on.
        """
        assert self.opened is not None
        session, talk, opened = self.opened.session, self.talk, self.opened
        if questions.suggest(page, session):
            opened.save()
        if page == "settings":
            settings.settings_page(talk, opened)
        elif page == "tables":
            tables.tables_page(talk, opened)
        elif page == "entries":
            entries.entries_page(talk, opened)
        elif page == "policies":
            policies.policies_page(talk, opened)
        else:
            ask_page(talk, opened, page)
        while page in ("connect", "source", "target"):
            found = look(talk, _("Asking AWS …"), lambda: questions.learn(page, session))
            opened.save()
            if not found:
                break
            talk.problems(found)
            ask_page(talk, opened, page)
        if page == "connect":
            self._say_who()
        return []

    def _say_who(self) -> None:
        assert self.opened is not None
        from mwaa_wizard.front.words import account

        for label, place in (
            (_("Source"), self.opened.session.source.connection), (_("Target"), self.opened.session.target.connection),
        ):  # fmt: skip
            self.talk.say(_("{side}: account {account}, region {region}, {arn}").format(
                side=label, account=account(place.account), region=place.region, arn=place.arn))  # fmt: skip

    def _ask_where(self, page: str) -> str:
        """The pages, to open one."""
        self._say_pages(page)
        self.talk.say(_("go and a number, or a name, opens a page; Enter stays."))
        try:
            self.talk.ask(_("Which page"), "pages")
        except GoTo as wanted:
            return self._go_to(page, wanted.page)
        return page

    def _say_pages(self, current: str) -> None:
        assert self.opened is not None
        number = 0
        for mark in flow.marks(self.opened.session, current):
            if mark.reason:
                self.talk.say(_("{page}: left out. {why}").format(page=flow.title_of(mark.page), why=mark.reason))
                continue
            number += 1
            self.talk.say(f"{number}. {flow.title_of(mark.page)}: {mark.word}")

    def _go_to(self, current: str, wanted: str) -> str:
        """The page of a name or number; without one, or with a wrong one, the pages are said and this one goes on."""
        assert self.opened is not None
        session = self.opened.session
        shown = flow.shown(session)
        names = {one: one for one in shown} | {flow.title_of(one).lower(): one for one in shown}
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(shown):
            page = shown[int(wanted) - 1]
        elif wanted.lower() in names:
            page = names[wanted.lower()]
        else:
            if wanted:
                self.talk.problems([_("There is no page {name}.").format(name=wanted)])
            self._say_pages(current)
            return current
        opened = flow.open_page(session, page)
        if opened != page:
            self.talk.say(_("{page} first.").format(page=flow.title_of(opened)))
            self.talk.say(*flow.missing(opened, session))
        return opened

