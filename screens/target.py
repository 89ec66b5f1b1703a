"""Target: the new environment's name; its version was chosen with the route."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from mwaa_wizard.front import engine, routing
from mwaa_wizard.front.words import account
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .page import WizardPage
from .widgets.plain import Plain


class TargetPage(WizardPage):
    """The name is checked to be free when the page is left."""

    PAGE = "target"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "route", _("version and route"))]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": _("go on")}

    def body(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Plain(_("Name"), classes="label")
            yield Input(id="name", compact=True, max_length=80)
        with Horizontal(classes="row"):
            yield Plain("", classes="label")
            yield Plain(id="name-note", classes="beside")
        yield Plain(classes="gap")
        for name, label in (("place", _("Goes to")), ("version", _("Version")), ("by", _("Route"))):
            with Horizontal(classes="row"):
                yield Plain(label, classes="label")
                yield Plain(id=f"target-{name}", classes="beside")

    def heading(self) -> tuple[str, str]:
        return _("What is the new environment called?"), ""

    def why(self) -> list[str]:
        return [
            _("A new environment is made beside the old one, which stays untouched until you decide otherwise. "
              "Its name cannot be changed later, and is free once per account and region."),
            _("Version and route are chosen together on page Route: one decides what the other can be."),
        ]  # fmt: skip

    def entered(self) -> None:
        from mwaa_wizard.environments.routes.words import kind_words

        session = self.session
        target, place = session.target, session.target.connection
        if not target.environment:
            target.environment = suggested_name(session.source.environment)
        self.query_one("#name", Input).value = target.environment
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
        self._check_shape()
        self.query_one("#name", Input).focus()

    def _check_shape(self) -> list[str]:
        name = self.session.target.environment
        problems = engine.name_problems(name) if name else []
        note = self.query_one("#name-note", Plain)
        if problems:
            note.say(Content.styled(f"✘ {clean(problems[0])}", "$text-error"))
        else:
            note.say(_("letters, digits, - and _; starts with a letter; at most 80") if not name else "")
        return problems

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value.strip() != self.session.target.environment:
            self.session.target.environment = event.value.strip()
            self.save()
            self._check_shape()
            self.notice.hint()

    def on_input_submitted(self) -> None:
        self.action_next()

    def action_route(self) -> None:
        """Back to where the version is chosen."""
        self.wizard.go_to("route")

    def reasons(self) -> list[str]:
        return routing.problems(self.session) + super().reasons() + self._check_shape()

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
            self.notice.problems([taken])
            self.query_one("#name").focus()

        self.look_up(_("Asking whether the name is free …"), lambda: engine.name_is_free(session, name), done)


def suggested_name(source: str) -> str:
    """A name near the source's that differs from it: `analytics-prod` gives `analytics-v2`, `etl-v2` gives `etl-v3`."""
    numbered = re.fullmatch(r"(.*-v)(\d+)", source)
    if numbered:
        return f"{numbered[1]}{int(numbered[2]) + 1}"[-80:]
    return re.sub(r"-(prod|production)$", "", source)[:77] + "-v2"
