"""Connect: with which profile, in which region, and who AWS says that is, for both sides."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
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

SIDES: tuple[Side, ...] = ("source", "target")


class ConnectPage(WizardPage):
    """Two sides; the target follows the source until the user says otherwise."""

    PAGE = "connect"
    ONWARD = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "retry", N_("ask again"))]

    def __init__(self) -> None:
        super().__init__()
        self._filling = True
        self._regions: list[str] = []
        self._lost = False  # whether an identity was refused since the page was opened

    def body(self) -> ComposeResult:
        titles = (_("Source: where Airflow runs now"), _("Target: where it goes"))
        for side, title in zip(SIDES, titles, strict=True):
            yield Plain(title, classes="subtitle")
            if side == "target":
                yield Tick("connect.same_place", id="same", label=_("same profile and region as the source"))
            with Horizontal(classes="row", id=f"{side}-profile-row"):
                yield Plain(_("Profile"), classes="label")
                yield Pick(f"connect.{side}.profile", [], id=f"{side}-profile", blank=True)
            yield Field(f"connect.{side}.region", id=f"{side}-region", label=_("Region"), classes="short", quiet=True)
            with Horizontal(classes="row"):
                yield Plain(_("Identity"), classes="label")
                yield Fitted(id=f"{side}-who", classes="beside")
            yield Plain(classes="gap")

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
        choices, self._regions = found
        self._filling = True
        questions.suggest(self.PAGE, self.session)
        for side in SIDES:
            profile = self.session.connection(side).profile or ""
            known = [*choices, *([Choice(profile)] if profile not in [one.value for one in choices] else [])]
            select: Select[str] = self.query_one(f"#{side}-profile", Select)
            select.set_options([(Content(clean("  ".join(part for part in (one.value, one.words) if part))), one.value)
                                for one in known])  # fmt: skip
            select.value = profile
            self.query_one(f"#{side}-region-field", Field).suggest(self._regions)
        self.load_answers()
        self.call_after_refresh(self._filled)
        self.save()

    def _filled(self) -> None:
        self._filling = False
        self._show_same()
        for side in SIDES:
            self._ask(side)

    def _show_same(self) -> None:
        same = same_place(self.session)
        self.query_one("#target-profile-row").display = not same
        self.query_one("#target-region-field").display = not same

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

    def on_tick_answered(self) -> None:
        self._show_same()
        if same_place(self.session):
            self._changed("source")

    def _changed(self, side: str) -> None:
        """Another place was chosen: show what followed from it, and ask who one is there."""
        if side == "source":
            self.opened.regions = []
        self._filling = True
        for one in SIDES:
            select: Select[str] = self.query_one(f"#{one}-profile", Select)
            select.value = self.session.connection(one).profile or ""
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
        who, field = self.query_one(f"#{side}-who", Fitted), self.query_one(f"#{side}-region-field", Field)
        known = not self._regions or connection.region in self._regions
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
            field.suggest(beside)
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
