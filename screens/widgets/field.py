"""Fields and boxes to tick that are made of a question's declaration: they show it, check it, and write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Checkbox, Input, OptionList, RadioSet, Select

from mwaa_wizard.front import questions
from mwaa_wizard.front.question import Question, Refused, give, parse, problems, shown
from mwaa_wizard.text import clean

from .line import Line
from .marks import Check
from .plain import Plain
from .row import Row
from .styled_once import StyledOnce

if TYPE_CHECKING:
    from screens.page import WizardPage


class Field(Row):
    """One question as a line: label, field, and beside it (or under it) what it takes or what is wrong.

    A text that cannot be written stays with the open session as a draft, so that leaving the page loses nothing.
    """

    DEFAULT_CSS = """
    Field.-told { layout: vertical; }
    Field.-flat { height: 1; }
    Field > .under { padding-left: 13; }
    """

    class Answered(Message):
        """The session holds another answer now."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Entered(Message):
        """Enter was pressed on an answer that holds."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self, name: str, *, id: str, label: str = "", classes: str = "", under: bool = False, quiet: bool = False,
        narrow: bool = False,
    ) -> None:  # fmt: skip
        """`id` and `classes` are those of the field itself; `quiet`: nothing is said while all is well; `narrow`: there
        is no room for words beside or under it, the page's last line says what is wrong.
        """
        question = questions.must(name)
        # Where nothing is said beside or under it its height need not be measured.
        form = "-flat" if narrow or (under and quiet) else "-told" if under else None
        super().__init__(label or question.label, id=f"{id}-field", classes=form)
        self.question: Question = question
        self.line = Line(
            id=id, classes=f"labelled {classes}", placeholder=question.hint, restrict=question.restrict,
            longest=question.longest, password=question.secret, several=question.kind in ("several", "lines"),
        )  # fmt: skip
        self._note: Plain | None = None
        if not narrow and not (under and quiet):
            self._note = self._made_note(under)
        self._under, self._quiet, self._narrow = under, quiet, narrow
        self.problem = ""
        self._loaded = False  # an empty field that shows no answer yet is not an empty answer
        self.remark = ""  # said where nothing is wrong, instead of the help

    def compose(self) -> ComposeResult:
        yield self.line
        if self._note is not None:
            yield self._note

    def _made_note(self, under: bool) -> Plain:
        return Plain(classes="under" if under else "beside", id=f"{self.line.id}-note")

    @property
    def page(self) -> WizardPage:
        """The page it is on."""
        return cast("WizardPage", self.screen)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.line.value.strip()

    def load(self) -> None:
        """Show the session's answer, or the draft that is not one yet."""
        self._loaded = True
        answer = shown(self.question, self.page.session)
        draft = self.page.opened.drafts.get(self.question.name)
        with self.prevent(Input.Changed):
            self.line.value = answer if draft is None else draft
        self.say("" if draft is None or draft == answer else self._wrong())

    def suggest(self, values: list[str]) -> None:
        """Complete what is typed by these."""
        self.line.suggester = SuggestFromList(values)

    def say(self, problem: str = "") -> None:
        """What is wrong, or what the field takes."""
        before, self.problem = self.problem, problem
        if self._narrow:
            if problem:
                self.page.notice.problems([problem])
            elif before and self.page.notice.kind == "problem":
                self.page.notice.hint()
            return
        shown = bool(problem or self.remark or not self._quiet or not self._under)
        if self._note is None and not shown:
            return
        note = self._place_to_speak()
        if problem:
            note.say(Content.styled(f"✘ {clean(problem)}", "$text-error"))
        else:
            note.say(self.remark or ("" if self._quiet else self.question.help))
        note.display = shown

    def _place_to_speak(self) -> Plain:
        """A quiet field has none before there is something to say."""
        if self._note is None:
            self._note = self._made_note(self._under)
            self.update_classes({"-flat": False, "-told": True})
            self.mount(self._note)
        return self._note

    def _wrong(self) -> str:
        session = self.page.session
        try:
            found = problems(session, self.question, parse(self.question, self.text) if self.text else "")
        except ValueError as refusal:
            return str(refusal)
        return found[0] if found else ""

    def take(self) -> str:
        """Write what stands in the field; what is wrong with it, in words, where that cannot be."""
        if not self._loaded:
            return ""
        page, question = self.page, self.question
        before = shown(question, page.session)
        problem = self._wrong()
        if not problem and self.text != before:
            try:
                question.write(page.session, parse(question, self.text) if self.text else "")
            except Refused as refusal:
                problem = refusal.problems[0]
        self.say(problem)
        if problem:
            page.opened.drafts[question.name] = self.line.value
            return problem
        page.opened.drafts.pop(question.name, None)
        if shown(question, page.session) != before:
            page.save()
            self.post_message(self.Answered(self))
        return ""

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        name, drafts = self.question.name, self.page.opened.drafts
        if self.text != shown(self.question, self.page.session) and not self.question.secret:
            drafts[name] = self.line.value
        else:
            drafts.pop(name, None)
        if self.problem:
            self.say(self._wrong())

    def on_input_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        if self.page.alive and self.display:
            self.take()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self.take():
            self.post_message(self.Entered(self))

    def on_line_restricted(self, event: Line.Restricted) -> None:
        """The help says what can be typed."""
        event.stop()
        if self._narrow:
            self.page.notice.hint(self.question.help)
            return
        note = self._place_to_speak()
        note.display = True
        note.say(Content.styled(self.question.help, "$text-warning"))


class Pick(StyledOnce, Select[str]):
    """A list to pull down; the page fills it and takes what is chosen, F1 tells what it is."""

    def __init__(
        self, name: str, options: list[tuple[Content, str]], *, id: str, blank: bool = False, value: str | None = None
    ) -> None:
        """`value`: one of the options that is chosen from the start; else the first, or none where `blank`."""
        self.question: Question = questions.must(name)
        chosen = Select.NULL if value is None else value
        super().__init__(options, id=id, compact=True, allow_blank=blank, prompt="…", value=chosen)

    def compose(self) -> ComposeResult:
        for part in super().compose():
            if isinstance(part, OptionList):
                # It is told to be compact once it is there, and would be styled twice.
                part.add_class("-textual-compact", update=False)
            yield part


class Radios(StyledOnce, RadioSet):
    """One of a few, all in sight; F1 tells what it is."""

    def __init__(self, name: str, *, id: str) -> None:
        self.question: Question = questions.must(name)
        super().__init__(id=id, compact=True)


class Tick(Check):
    """A yes-or-no question."""

    class Answered(Message):
        """The session holds another answer now."""

        def __init__(self, tick: Tick) -> None:
            super().__init__()
            self.tick = tick

    def __init__(self, name: str, *, id: str, label: str = "") -> None:
        self.question: Question = questions.must(name)
        super().__init__(label or self.question.label, id=id)

    @property
    def page(self) -> WizardPage:
        """The page it is on."""
        return cast("WizardPage", self.screen)

    def load(self) -> None:
        """Show the session's answer."""
        with self.prevent(Checkbox.Changed):
            self.value = bool(self.question.read(self.page.session))

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        event.stop()
        page = self.page
        if not page.alive or event.value == self.question.read(page.session):
            return
        found = give(page.session, self.question, event.value)
        if found:
            page.notice.problems(found)
            self.load()
            return
        page.save()
        self.post_message(self.Answered(self))
