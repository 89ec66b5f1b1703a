"""Connect: with which profile, in which region, and who AWS says that is, for both sides."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, flow, questions
from mwaa_wizard.front.engine import Side
from mwaa_wizard.front.question import Choice, give
from mwaa_wizard.front.questions.connect import same_place, took_identity
from mwaa_wizard.front.words import account, shorten_middle
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean, width

from .page import WizardPage
from .widgets.field import Field, Pick, Tick
from .widgets.fitted import Fitted
from .widgets.plain import Plain
from .widgets.row import Row

SIDES: tuple[Side, ...] = ("source", "target")


class ConnectPage(WizardPage):
    """Two sides; the target follows the source until the user says otherwise."""

    PAGE = "connect"
    ONWARD = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "retry", N_("ask again"))]

    def __init__(self) -> None:
        super().__init__()
        self._filling = True
        self._choices: list[Choice] = []
        self._regions: list[str] = []
        self._lost = False  # whether an identity was refused since the page was opened

    def body(self) -> ComposeResult:
        titles = (_("Source: where Airflow runs now"), _("Target: where it goes"))
        for side, title in zip(SIDES, titles, strict=True):
            yield Plain(title, classes="subtitle")
            if side == "target":
                yield Tick("connect.same_place", id="same", label=_("same profile and region as the source"))
            if side == "source" or not same_place(self.session):
                yield from self._place(side)
            with Row(_("Identity"), classes="spaced", id=f"{side}-identity"):
                yield Fitted(id=f"{side}-who", classes="beside")

    def _place(self, side: Side) -> list[Widget]:
        """Profile and region of a side. The target's are made where they are its own: mostly they are the source's."""
        options, profile = self._profiles(side), None
        if options:
            profile = self.session.connection(side).profile or ""
        pick = Pick(f"connect.{side}.profile", options, id=f"{side}-profile", blank=True, value=profile)
        return [
            Row(_("Profile"), pick, id=f"{side}-profile-row"),
            Field(f"connect.{side}.region", id=f"{side}-region", label=_("Region"), classes="short", quiet=True),
        ]

    def _profiles(self, side: Side) -> list[tuple[Content, str]]:
        """What there is to choose from, also a profile that no file names any more; nothing before it was read."""
        profile = self.session.connection(side).profile or ""
        unknown = [Choice(profile)] if self._choices and profile not in [one.value for one in self._choices] else []
        return [
            (Content(clean("  ".join(part for part in (one.value, one.words) if part))), one.value)
            for one in (*self._choices, *unknown)
        ]

    def _picks(self) -> list[tuple[Side, Pick]]:
        """The lists of profiles that are there, each with its side."""
        found = ((side, self.query(f"#{side}-profile").results(Pick)) for side in SIDES)
        return [(side, pick) for side, picks in found for pick in picks]

    def _region(self, side: Side) -> Field | None:
        return next(self.query(f"#{side}-region-field").results(Field), None)

    def heading(self) -> tuple[str, str]:
        return _("Which account and region does each side live in?"), ""

    def why(self) -> list[str]:
        return [
            _("Source and target may lie in two accounts and two regions: each side has its own profile. The wizard "
              "keeps no AWS keys; profiles and SSO own them."),
            _("The identity is what STS answers right now. It is on every page, so that nobody migrates the wrong "
              "account."),
            _("Expired credentials: log in again in another terminal, by the command shown below; then r here asks "
              "again and goes on."),
            _("Source and target may share profile and region, one of the two, or neither; page Route tells which "
              "routes are open then."),
        ]  # fmt: skip

    def entered(self) -> None:
        self.load_answers()
        self.query_one("#source-profile").focus()
        self.look_up(_("Reading AWS profiles …"), self._read, self._fill)

    @staticmethod
    def _read() -> tuple[list[Choice], list[str]]:
        choices = questions.must("connect.source.profile").choices
        assert choices is not None
        return list(choices(Session())), engine.regions()

    def _fill(self, found: tuple[list[Choice], list[str]]) -> None:
        self._choices, self._regions = found
        self._filling = True
        questions.suggest(self.PAGE, self.session)
        for side, pick in self._picks():
            pick.set_options(self._profiles(side))
            pick.value = self.session.connection(side).profile or ""
        for field in self.query(Field):
            field.suggest(self._regions)
        self.load_answers()
        self.call_after_refresh(self._filled)
        self.save()

    async def _filled(self) -> None:
        self._filling = False
        await self._show_same()
        for side in SIDES:
            self._ask(side)

    async def _show_same(self) -> None:
        """The target's own profile and region, or neither of them."""
        own, same = self.query("#target-profile-row, #target-region-field"), same_place(self.session)
        for part in own:
            part.display = not same
        if not own and not same:
            await self.query_one("#body").mount(*self._place("target"), before="#target-identity")
            field = self._region("target")
            if field is not None:
                field.suggest(self._regions)
                field.load()

    def by_hand(self) -> bool:
        """An identity that was refused, or a region that no file names."""
        known = all(self.session.connection(side).region for side in SIDES)
        return self.lookups.failed or (bool(self._regions) and not known)

    # Edits

    def on_select_changed(self, event: Select.Changed) -> None:
        side = (event.select.id or "").partition("-")[0]
        question = questions.must(f"connect.{side}.profile")
        if self._filling or event.value is Select.NULL or event.value == question.read(self.session):
            return
        problems = give(self.session, question, str(event.value))
        if problems:
            self.notice.problems(problems)
        self._changed(side)

    def on_field_answered(self, event: Field.Answered) -> None:
        self._changed(event.field.question.name.split(".")[1])

    async def on_tick_answered(self) -> None:
        await self._show_same()
        if same_place(self.session):
            self._changed("source")

    def _changed(self, side: str) -> None:
        """Another place was chosen: show what followed from it, and ask who one is there."""
        if side == "source":
            self.opened.regions = []
        self._filling = True
        for one, pick in self._picks():
            pick.value = self.session.connection(one).profile or ""
        self.load_answers()
        self.call_after_refresh(self._fill_ended)
        self.save()
        for one in SIDES:
            if one == side or not self.session.connection(one).account:
                self._ask(one)

    def _fill_ended(self) -> None:
        self._filling = False

    # Identity

    def _ask(self, side: Side | str) -> None:
        typed_side: Side = "source" if side == "source" else "target"
        connection = self.session.connection(typed_side)
        who, field = self.query_one(f"#{side}-who", Fitted), self._region(typed_side)
        known = not self._regions or connection.region in self._regions
        if field is not None:
            field.remark = "" if known or not connection.region else "✘ " + _("no MWAA here, as far as botocore knows")
            if not field.problem:
                field.say()
        if not connection.region:
            who.say(_("choose a region first"))
            return
        who.say(_("⋯ asking STS"))
        place = (connection.profile, connection.region)

        def done(answer: tuple[engine.Who, list[str]]) -> None:
            now = self.session.connection(typed_side)
            if (now.profile, now.region) != place:
                return
            found, beside = answer
            # Credentials are of one partition: no other's regions can be reached with them.
            if (there := self._region(typed_side)) is not None:
                there.suggest(beside)
            took_identity(self.session, typed_side, found)
            self._say_who(typed_side)
            self.save()
            told = self._lost or self.notice.kind == "problem"
            if told and not flow.missing(self.PAGE, self.session) and not self.lookups.failed:
                self._lost = False
                self.notice.good(_("Both identities are known now: n goes on."))

        def failed(problem: WizardError) -> None:
            self.session.connection(typed_side).account = ""
            self._lost = True
            who.say(Content.styled(f"✘ {clean(problem.what)}", "$text-error"))
            self.save()

        label = _("Asking who the source's credentials are …")
        if side == "target":
            label = _("Asking who the target's credentials are …")
        session = self.session.model_copy(deep=True)
        self.look_up(
            label, lambda: (engine.identity(session, typed_side), engine.regions_beside(place[1])), done, failed=failed
        )

    def _say_who(self, side: Side) -> None:
        connection = self.session.connection(side)
        known, arn = f"✔ {account(connection.account)}  ", clean(connection.arn)

        def words(cells: int) -> Content:
            return Content.styled(known + shorten_middle(arn, max(20, cells - width(known))), "$text-success")

        self.query_one(f"#{side}-who", Fitted).say_fitting(words)
