"""Clean up: what of ours is still in both environments, what its removal means, and the proof that it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from mwaa_wizard.front import cleanup_text as words
from mwaa_wizard.front import command_line, engine_cleanup
from mwaa_wizard.front.runs import Run
from mwaa_wizard.front.words import shorten_middle, wrap
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, fit, width

from . import side_run
from .page import WizardPage
from .widgets.filter import Filtering
from .widgets.plain import Plain
from .widgets.row_list import RowList

if TYPE_CHECKING:
    from mwaa_wizard.execution.belongings.find import Belonging
    from mwaa_wizard.front.engine_cleanup import Found

_TITLE, _STATE = 17, 34


class CleanupPage(Filtering, WizardPage):
    """What is there is looked up each time. Picked is all that is ours at first, the bundle as the session says."""

    PAGE = "cleanup"
    LIST = "#things"
    RAIL = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("space", "pick", N_("pick")),
        Binding("x", "remove", N_("take away …")),
        Binding("r", "again", N_("look again")),
        Binding("p", "stop", N_("stop safely")),
        Binding("f5", "retry", N_("look again"), show=False),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("in full")}

    class Came(Message):
        """One thing was looked at."""

        def __init__(self, one: Belonging) -> None:
            super().__init__()
            self.one = one

    def __init__(self) -> None:
        super().__init__()
        self._things: list[Belonging] = []
        self._shown: list[Belonging] = []  # those that the filter leaves
        self._found: Found | None = None
        self._picked: set[str] = set()

    def body(self) -> ComposeResult:
        yield RowList(id="things")
        yield Plain(id="things-detail")
        with VerticalScroll(id="things-stay-scroll", can_focus=False):
            yield Plain(id="things-stay")

    @property
    def _run(self) -> Run | None:
        return self.opened.runs.get("cleanup")

    def heading(self) -> tuple[str, str]:
        count = len(self._picked)
        right = ngettext("{n} to take away", "{n} to take away", count).format(n=count) if count else ""
        return _("What of the migration is still there?"), right

    def why(self) -> list[str]:
        return [
            _("The run's own last step takes all of this away already; the page looks again, in AWS and in both "
              "Airflows, and takes away what is still there."),
            _("The migration bucket is asked for on its own: whether it stays is one of the session's answers, and "
              "space changes it here for this once."),
            words.never(self.session.source.environment, self.session.target.environment),
            _("Undo is another thing: it takes the whole migration back and deletes the target environment. "
              "mwaa-wizard undo {id}").format(id=self.session.id),
        ]  # fmt: skip

    # Looking

    def entered(self) -> None:
        self.query_one(RowList).focus()
        run = self._run
        if run is not None and run.active:
            self.run_changed(run)
        elif not self.lookups.busy:
            self._look()

    def _look(self, said: str = "") -> None:
        self._things, self._found = [], None
        self._show()
        session = self.session.model_copy(deep=True)

        def tell(one: Belonging) -> None:
            self.post_message(self.Came(one))

        def done(found: Found) -> None:
            self._found, self._things = found, list(found.things)
            self._picked = set(engine_cleanup.chosen(self.session, found.things)) if not found.obstacle else set()
            self._show()
            self._say(said)

        self.look_up(_("Looking for what is still there …"), lambda: engine_cleanup.found(session, tell), done)

    def on_cleanup_page_came(self, event: Came) -> None:
        event.stop()
        if self.alive and self._found is None:
            self._things.append(event.one)
            self._show()

    def _say(self, said: str = "") -> None:
        found, run = self._found, self._run
        if found is None:
            return
        if run is not None and run.state.outcome == "failed" and run.state.error is not None and found.there:
            self.notice.error(run.state.error, retry=False)
        elif found.obstacle:
            self.notice.problems([found.obstacle])
        elif not found.there:
            self.notice.good(" ".join(part for part in (said, words.verdict(found)) if part))
        else:
            self.notice.hint(" ".join((said, words.verdict(found), _("x takes away what is picked."))).strip())

    # Showing

    def _show(self) -> None:
        self._shown = [
            one for one in self._things if self.holds(one.title, clean(one.where), words.state(one)[1])
        ]
        self.query_one(RowList).show([one.id for one in self._shown], self._draw)
        self.query_one(RowList).styles.height = max(2, min(9, len(self._shown)))
        found = self._found
        cells = max(30, self.size.width - 4)
        lines = wrap(words.never(self.session.source.environment, self.session.target.environment), cells, "", "")
        if found is not None and found.stays:
            lines += ["", _("Stays, as the target needs it:")]
            for one in found.stays:
                lines += wrap(f"{clean(one.what)}: {clean(one.why)}", cells, "    ", "  · ")
        lines += ["", *wrap(_("To take the whole migration back, the target with it: mwaa-wizard undo {id}").format(
            id=self.session.id), cells, "  ", "")]  # fmt: skip
        self.query_one("#things-stay", Plain).say(Content.styled("\n".join(lines), "$text-muted"))
        self._detail()
        self.refresh_chrome()

    def _draw(self, index: int, cells: int) -> tuple[str, str]:
        one = self._shown[index]
        glyph, state = words.state(one)
        mark = "[✔]" if one.id in self._picked else "[ ]" if one.there else "   "
        tone = "error" if one.there is None else "warning" if one.there else "good"
        size = f" · {clean(one.seen)}" if one.there and one.id == "bundle" else ""
        # No wider than the longest: on a wide terminal the state would be far from what it is of.
        longest = max(width(clean(thing.where)) for thing in self._things)
        room = max(12, min(cells - 4 - _TITLE - 1 - _STATE, longest))
        where = fit(shorten_middle(clean(one.where), room), room)
        return f"{mark} {fit(one.title, _TITLE)}{where} {glyph} {state}{size}", tone

    def _marked(self) -> Belonging | None:
        key = self.query_one(RowList).key
        return next((one for one in self._shown if one.id == key), None)

    def _told(self, one: Belonging) -> list[str]:
        told = [clean(one.seen)] if one.seen else []
        if one.there and not one.ours:
            told.append(_("This session did not put it there, so it is not picked: another one may need it."))
        if one.there:
            told.append(_("When it goes: {meaning}").format(meaning=one.meaning))
        elif one.there is None:
            told.append(_("Look at it by hand, or ask somebody who is allowed to."))
        return told

    def _detail(self) -> None:
        one, pane = self._marked(), self.query_one("#things-detail", Plain)
        if one is None:
            pane.say("")
            return
        text = f"{one.title} · {clean(one.where)}: " + " · ".join(self._told(one) or [words.state(one)[1]])
        pane.say("\n".join(wrap(text, max(20, pane.size.width), "", "")[:4]))

    def on_row_list_marked(self) -> None:
        # Not stopped here: the app takes the terminal's cursor along.
        self._detail()
        self.refresh_bindings()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """One thing in full."""
        from .widgets.full_text import FullText

        event.stop()
        one = self._marked()
        if one is not None:
            glyph, state = words.state(one)
            self.wizard.push_screen(FullText(one.title, [one.where, f"{glyph} {state}", *self._told(one)]))

    def fitted(self) -> None:
        self._show()

    # Taking away

    def action_pick(self) -> None:
        """Pick or leave the marked thing."""
        one = self._marked()
        if one is not None and one.there:
            self._picked ^= {one.id}
            self.query_one(RowList).refresh()
            self._show_heading()
            self.refresh_bindings()

    @property
    def found(self) -> Found | None:
        """What the last look found; None while it looks."""
        return None if self.lookups.busy else self._found

    def pick(self, ids: Sequence[str]) -> None:
        """These and no others."""
        self._picked = set(ids)
        self.query_one(RowList).refresh()
        self._show_heading()

    def action_remove(self) -> None:
        """Ask, then take away what is picked."""
        from .widgets.confirm import Confirm

        ids = [one.id for one in self._things if one.id in self._picked]
        if not ids:
            return

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._begin(ids)

        cells, rows = max(30, min(68, self.size.width * 96 // 100 - 4)), []
        for one in self._things:
            if one.id in ids:
                head = f"{one.title} · {clean(one.where)}"
                # A name that does not fit beside what it is has a line of its own.
                heads = [head] if width(head) <= cells - 2 else [one.title, clean(one.where)]
                for text in heads:
                    rows += wrap(text, cells, "  ", "· " if text is heads[0] else "  ")
                rows += wrap(one.meaning, cells, "  ", "  ")
        title = ngettext("Take {n} thing away?", "Take {n} things away?", len(ids)).format(n=len(ids))
        self.wizard.push_screen(Confirm(title, "\n".join(rows), _("take away"), _("leave it as it is")), answered)

    def _begin(self, ids: list[str]) -> None:
        session, step = self.session, ("take-away", _("Clean up"))
        run = side_run.begin(
            self, "cleanup", step, lambda listener: engine_cleanup.make_runner(session, ids, listener)
        )
        if run is not None:
            self.run_changed(run)

    def action_command(self) -> None:
        """The command that takes away what is picked here."""
        usual = engine_cleanup.chosen(self.session, self._things)
        picked = [one.id for one in self._things if one.id in self._picked]
        self.show_command(command_line.cleanup(self.session, picked, usual))

    def run_changed(self, run: Run) -> None:
        """The app tells that the clean-up moved (at most every 80 ms)."""
        if run is not self._run or not self.alive:
            return
        if run.active:
            step = run.state.step("take-away")
            progress = step.progress if step is not None else None
            detail = f" {progress.done:,} {progress.unit} {clean(progress.detail)}" if progress is not None else ""
            self.notice.busy(_("Stopping at the next safe point …") if run.state.stopping else
                             _("Taking away …") + detail)  # fmt: skip
        else:
            said = _("Only a dry run: nothing was taken away.") if self.wizard.request.dry_run else _("Taken away.")
            self._look(said if run.state.outcome == "done" else "")
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stop at the next safe point."""
        run = self._run
        if run is not None:
            run.stop()
            self.run_changed(run)

    def filtered(self) -> None:
        """What is picked stays picked, also where the filter hides it; the box that asks names all of it."""
        self._show()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        if not self.close_filter():
            super().action_back()

    def action_again(self) -> None:
        """Look again."""
        self._look()

    def action_retry(self) -> None:
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            run = self._run
            active = run is not None and run.active
            ready = self._found is not None and not self._found.obstacle and not active
            if action == "pick":
                one = self._marked()
                return ready and one is not None and bool(one.there)
            if action == "remove":
                return ready and bool(self._picked)
            if action == "stop":
                return active
            if action in ("again", "retry"):
                return not active and not self.lookups.busy
            if action == "filter":
                return bool(self._things)
        return super().check_action(action, parameters)
