"""Target: the new environment's name; its version was chosen with the route."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mwaa_wizard.front import engine, questions, routing
from mwaa_wizard.front.words import account
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .page import WizardPage
from .widgets.field import Field
from .widgets.plain import Plain
from .widgets.row import Row


class TargetPage(WizardPage):
    """The name is checked to be free when the page is left."""

    PAGE = "target"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "route", N_("version and route"))]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("go on")}

    def body(self) -> ComposeResult:
        yield Field("target.name", id="name", under=True)
        yield Plain(classes="gap")
        for name, label in (("place", _("Goes to")), ("version", _("Version")), ("by", _("Route"))):
            with Row(label):
                yield Plain(id=f"target-{name}", classes="beside")

    def heading(self) -> tuple[str, str]:
        return _("What is the new environment called?"), ""

    def why(self) -> list[str]:
        return [
            _("A new environment is made beside the old one, which stays untouched until you decide otherwise. "
              "Its name cannot be changed later, and has to be unique in its account and region."),
            _("Version and route are chosen together on page Route: one decides what the other can be."),
        ]  # fmt: skip

    def entered(self) -> None:
        from mwaa_wizard.environments.routes.words import kind_words

        session = self.session
        target, place = session.target, session.target.connection
        questions.suggest(self.PAGE, session)
        self.load_answers()
        where = f"{account(place.account)} {clean(place.region)}" if place.account else clean(place.region)
        self.query_one("#target-place", Plain).say(where)
        words = f"Airflow {clean(target.airflow_version)}"
        if session.route == "bridge":
            words += " " + _("first, then upgraded in place to {version}").format(version=clean(target.upgrade_to))
        elif target.upgrade_to:
            words += " " + _("(the upgrade to {version} is left to you; page Route can do it)").format(
                version=clean(target.upgrade_to)
            )
        self.query_one("#target-version", Plain).say(words)
        self.query_one("#target-by", Plain).say(f"{session.route}: {kind_words(session.route)}")
        self.save()
        self.query_one("#name").focus()

    def on_field_answered(self) -> None:
        self.notice.hint()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self.action_next()

    def action_route(self) -> None:
        """Back to where the version is chosen."""
        self.wizard.go_to("route")

    def reasons(self) -> list[str]:
        return routing.problems(self.session) + super().reasons()

    def leave(self, go: object) -> None:
        session = self.session.model_copy(deep=True)
        name = session.target.environment

        def done(free: bool) -> None:
            if self.session.target.environment != name:
                return
            if free:
                self.go_on()
                return
            taken = _("There is an environment {name} already. Choose another name.").format(name=clean(name))
            self.query_one("#name-field", Field).say(taken)
            self.notice.problems([taken])
            self.query_one("#name").focus()

        self.look_up(_("Asking whether the name is free …"), lambda: engine.name_is_free(session, name), done)

