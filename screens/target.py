"""Target: the new environment's name and Airflow version."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit

from . import engine
from .page import WizardPage
from .widgets.plain import Plain

_OTHER = "other"


class TargetPage(WizardPage):
    """The name is checked to be free when the page is left."""

    PAGE = "target"
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": _("choose")}

    def body(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Plain(_("Name"), classes="label")
            yield Input(id="name", compact=True, max_length=80)
        with Horizontal(classes="row"):
            yield Plain("", classes="label")
            yield Plain(id="name-note", classes="beside")
        yield Plain(classes="gap")
        yield Plain(_("Airflow version"), classes="subtitle")
        yield OptionList(id="versions", compact=True)
        with Horizontal(classes="row", id="other-row"):
            yield Plain(_("Version"), classes="label")
            yield Input(id="other", compact=True, placeholder="2.11.2", max_length=16, classes="short")

    def heading(self) -> tuple[str, str]:
        return _("Name and Airflow version of the new environment"), ""

    def why(self) -> list[str]:
        return [
            _("A new environment is made beside the old one, which stays untouched until you decide otherwise. "
              "Its name cannot be changed later."),
            _("Airflow 2.x can be written to by its own tasks, so history goes in directly. From 3.0 on tasks have "
              "no way to the metadata database: history gets there by way of 2.11."),
            _("AWS adds versions before this list is updated; “other” takes any."),
        ]  # fmt: skip

    def entered(self) -> None:
        target, source = self.session.target, self.session.source
        self._lines = engine.versions(source.airflow_version)
        if not target.environment:
            target.environment = suggested_name(source.environment)
        if not target.airflow_version:
            target.airflow_version = engine.suggested_version(source.airflow_version)
        self.query_one("#name", Input).value = target.environment
        self.query_one("#other", Input).value = target.airflow_version
        self._show_versions()
        self.save()
        self._check_shape()
        self.query_one("#name", Input).focus()

    def _show_versions(self) -> None:
        chosen = self.session.target.airflow_version
        options = self.query_one("#versions", OptionList)
        options.clear_options()
        listed = [line.version for line in self._lines]
        for line in self._lines:
            mark = "◉ " + _("chosen") if line.version == chosen else "○"
            if line.version == self.session.target.upgrade_to:
                mark = "◎ " + _("later")
            python = f"Python {line.python}" if line.python else ""
            text = f"{fit(line.version, 9)} {fit(python, 13)} {fit(mark, 9)} {line.note}"
            options.add_option(Option(Content(clean(text)), id=line.version))
        other = chosen and chosen not in listed
        options.add_option(
            Option(
                Content(f"{fit(_('other …'), 9)} {fit('', 13)} {'◉ ' + _('chosen') if other else '○'}"),
                id=_OTHER,
            )
        )
        options.highlighted = listed.index(chosen) if chosen in listed else len(listed) if chosen else 0
        self.query_one("#other-row").display = bool(other) or self.query_one("#other").has_focus

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
        if event.input.id == "name" and event.value.strip() != self.session.target.environment:
            self.session.target.environment = event.value.strip()
            self.save()
            self._check_shape()
            self.notice.hint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "name":
            self.query_one("#versions").focus()
        else:
            self._take_other(event.value)
            self.action_next()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        if event.input.id == "other":
            self._take_other(event.value)

    def _take_other(self, text: str) -> None:
        value = text.strip()
        if value and value != self.session.target.airflow_version:
            self.session.target.airflow_version, self.session.target.upgrade_to = value, ""
            self.save()
            self._show_versions()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id != "versions":
            return
        event.stop()
        if event.option_id == _OTHER:
            self.query_one("#other-row").display = True
            self.query_one("#other", Input).focus()
            return
        version = event.option_id or ""
        hop = next((line.by_way_of for line in self._lines if line.version == version), "")
        self.session.target.airflow_version = hop or version
        self.session.target.upgrade_to = version if hop else ""
        self.save()
        self._show_versions()
        if hop:
            self._tell_bridge()
        else:
            self.action_next()

    def _tell_bridge(self) -> None:
        text = _("History cannot enter Airflow 3 directly: the environment is made at {hop}, and after the migration "
                 "you upgrade it in place to {version}. n goes on with that.")  # fmt: skip
        target = self.session.target
        self.notice.hint(text.format(hop=target.airflow_version, version=target.upgrade_to))

    def reasons(self) -> list[str]:
        version = self.session.target.airflow_version
        found = super().reasons() + self._check_shape()
        if version and not re.fullmatch(r"\d+\.\d+\.\d+", version):
            found.append(_("An Airflow version is three numbers, like 2.11.2."))
        elif version.startswith("3.") and not self.session.source.airflow_version.startswith("3."):
            found.append(
                _("History cannot enter Airflow 3 directly: choose a 3.x of the list, or 2.11.x.")
            )
        elif engine.is_older(version, source := self.session.source.airflow_version):
            found.append(
                _("The source runs {source}, which is newer: an older Airflow lacks columns that it has. Choose "
                  "{source} or newer.").format(source=clean(source))
            )  # fmt: skip
        return found

    def leave(self, go: object) -> None:
        session = self.session.model_copy(deep=True)
        name = session.target.environment

        def done(free: bool) -> None:
            if self.session.target.environment != name:
                return
            if free:
                self.go_on()
            else:
                self.notice.problems(
                    [
                        _("There is an environment {name} already. Choose another name.").format(
                            name=clean(name)
                        )
                    ]
                )
                self.query_one("#name").focus()

        self.look_up(_("Asking whether the name is free …"), lambda: engine.name_is_free(session, name), done)


def suggested_name(source: str) -> str:
    """A name near the source's that differs from it: `analytics-prod` gives `analytics-v2`, `etl-v2` gives `etl-v3`."""
    numbered = re.fullmatch(r"(.*-v)(\d+)", source)
    if numbered:
        return f"{numbered[1]}{int(numbered[2]) + 1}"[-80:]
    return re.sub(r"-(prod|production)$", "", source)[:77] + "-v2"
