"""Connect: with which profile, in which region, and who AWS says that is, for both sides."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Checkbox, Input, Select

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine
from mwaa_wizard.front.engine import Side
from mwaa_wizard.front.words import account, shorten_middle
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Connection
from mwaa_wizard.text import clean

from .page import WizardPage
from .widgets.marks import Check
from .widgets.plain import Plain

_CHAIN = ""  # the Select's value for "no profile: whatever credentials the environment has"


class ConnectPage(WizardPage):
    """Two sides; the target follows the source until the user says otherwise."""

    PAGE = "connect"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "retry", _("ask again"))]

    def __init__(self) -> None:
        super().__init__()
        self._filling = True
        self._regions: list[str] = []
        self._lost = False  # whether an identity was refused since the page was opened

    def body(self) -> ComposeResult:
        for side, title in (
            ("source", _("Source: where Airflow runs now")),
            ("target", _("Target: where it goes")),
        ):
            yield Plain(title, classes="subtitle")
            if side == "target":
                yield Check(_("same profile and region as the source"), id="same")
            with Horizontal(classes="row", id=f"{side}-profile-row"):
                yield Plain(_("Profile"), classes="label")
                yield Select[str]([], id=f"{side}-profile", compact=True, allow_blank=True, prompt="…")
            with Horizontal(classes="row", id=f"{side}-region-row"):
                yield Plain(_("Region"), classes="label")
                yield Input(id=f"{side}-region", compact=True, classes="short")
                yield Plain(id=f"{side}-region-note", classes="beside")
            with Horizontal(classes="row"):
                yield Plain(_("Identity"), classes="label")
                yield Plain(id=f"{side}-who", classes="beside")
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
            _("Source and target may have the same profile and region, or none of both in common; which routes are "
              "open then is told on page Route."),
        ]  # fmt: skip

    def entered(self) -> None:
        self.look_up(_("Reading AWS profiles …"), self._read, self._fill)

    @staticmethod
    def _read() -> tuple[list[engine.ProfileLine], list[str]]:
        return engine.profiles(), engine.regions()

    def _fill(self, found: tuple[list[engine.ProfileLine], list[str]]) -> None:
        profiles, self._regions = found
        words = {line.name: "  ".join(part for part in (line.name, line.words, line.region) if part)
                 for line in profiles}  # fmt: skip
        self._filling = True
        for side in ("source", "target"):
            connection = self._connection(side)
            names = [line.name for line in profiles]
            if connection.profile and connection.profile not in names:
                names.append(connection.profile)
            if connection.profile is None and not connection.region and names:
                connection.profile = "default" if "default" in names else names[0]
            if not connection.region:
                connection.region = engine.profile_region(connection.profile)
            select: Select[str] = self.query_one(f"#{side}-profile", Select)
            options = [
                (Content(_("default credentials")), _CHAIN),
                *((Content(clean(words.get(name, name))), name) for name in names),
            ]
            select.set_options(options)
            select.value = connection.profile or _CHAIN
            region = self.query_one(f"#{side}-region", Input)
            region.suggester = SuggestFromList(self._regions)
            region.value = connection.region
        self.query_one("#same", Checkbox).value = self._is_same()
        self.call_after_refresh(self._filled)
        self.save()
        if not self.query_one(f"#{'source'}-profile").has_focus:
            self.query_one("#source-profile").focus()

    def _filled(self) -> None:
        self._filling = False
        self._show_same()
        for side in ("source", "target"):
            self._ask(side)

    def _connection(self, side: str) -> Connection:
        return self.session.source.connection if side == "source" else self.session.target.connection

    def _is_same(self) -> bool:
        source, target = self.session.source.connection, self.session.target.connection
        return (source.profile, source.region) == (target.profile, target.region)

    def _show_same(self) -> None:
        same = self.query_one("#same", Checkbox).value
        self.query_one("#target-profile-row").display = not same
        self.query_one("#target-region-row").display = not same

    # Edits

    def on_select_changed(self, event: Select.Changed) -> None:
        if self._filling or event.value is Select.NULL:
            return
        side = (event.select.id or "").partition("-")[0]
        connection = self._connection(side)
        profile = str(event.value) or None
        if profile == connection.profile:
            return
        connection.profile = profile
        found = engine.profile_region(profile)
        if found:
            connection.region = found
            self.query_one(f"#{side}-region", Input).value = found
        self._changed(side)

    def on_input_blurred(self, event: Input.Blurred) -> None:
        self._take_region(event.input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._take_region(event.input)
        self.screen.focus_next()

    def _take_region(self, field: Input) -> None:
        side = (field.id or "").partition("-")[0]
        value = field.value.strip()
        if not self._filling and value != self._connection(side).region:
            self._connection(side).region = value
            self._changed(side)

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        if self._filling:
            return
        self._show_same()
        if event.value:
            self._changed("source")

    def _changed(self, side: str) -> None:
        connection = self._connection(side)
        if side == "source":
            self.opened.regions = []
        connection.account = connection.arn = connection.partition = ""
        if side == "source" and self.query_one("#same", Checkbox).value:
            target = self.session.target.connection
            target.profile, target.region, target.account = connection.profile, connection.region, ""
            self._filling = True
            self.query_one("#target-region", Input).value = connection.region
            self.query_one("#target-profile", Select).value = connection.profile or _CHAIN
            self.call_after_refresh(self._fill_ended)
            self._ask("target")
        self.save()
        self._ask(side)

    def _fill_ended(self) -> None:
        self._filling = False

    # Identity

    def _ask(self, side: str) -> None:
        connection = self._connection(side)
        who, note = self.query_one(f"#{side}-who", Plain), self.query_one(f"#{side}-region-note", Plain)
        known = not self._regions or connection.region in self._regions
        note.say("" if known or not connection.region else _("✘ no MWAA here, as far as botocore knows"))
        if not connection.region:
            who.say(_("choose a region first"))
            return
        who.say(_("⋯ asking STS"))
        place = (connection.profile, connection.region)

        def done(answer: tuple[engine.Who, list[str]]) -> None:
            now = self._connection(side)
            if (now.profile, now.region) != place:
                return
            found, beside = answer
            # Credentials are of one partition: no other's regions can be reached with them.
            self.query_one(f"#{side}-region", Input).suggester = SuggestFromList(beside)
            now.account, now.arn, now.partition = found.account, found.arn, found.partition
            self._say_who(side)
            self.save()
            if self._lost and not super(ConnectPage, self).reasons() and not self.lookups.failed:
                self._lost = False
                self.notice.good(_("Both identities are known now: n goes on."))

        def failed(problem: WizardError) -> None:
            self._connection(side).account = ""
            self._lost = True
            who.say(Content.styled(f"✘ {clean(problem.what)}", "$text-error"))
            self.save()

        label = _("Asking who the source's credentials are …")
        if side == "target":
            label = _("Asking who the target's credentials are …")
        session, typed_side = self.session.model_copy(deep=True), self._side(side)
        self.look_up(
            label, lambda: (engine.identity(session, typed_side), engine.regions_beside(place[1])), done, failed=failed
        )

    @staticmethod
    def _side(side: str) -> Side:
        return "source" if side == "source" else "target"

    def _say_who(self, side: str) -> None:
        connection = self._connection(side)
        who = self.query_one(f"#{side}-who", Plain)
        cells = max(20, who.size.width - 22)
        text = f"✔ {account(connection.account)}  {shorten_middle(clean(connection.arn), cells)}"
        who.say(Content.styled(text, "$text-success"))

    def reasons(self) -> list[str]:
        for side in ("source", "target"):
            self._take_region(self.query_one(f"#{side}-region", Input))
        return super().reasons()
