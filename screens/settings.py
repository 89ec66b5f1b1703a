"""Settings: source value beside target value, what differs, what is to mend, and edits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable

from mwaa_wizard.front import as_code, engine
from mwaa_wizard.front.costs import cost_words
from mwaa_wizard.front.questions.settings import edited, refusal, reset_all
from mwaa_wizard.front.words import shorten_middle, shorten_value, shown_path, to_mend, wrap
from mwaa_wizard.i18n import N_, _, listed, ngettext
from mwaa_wizard.text import clean, width

from .page import WizardPage
from .widgets.filter import Filtering
from .widgets.fitted import FittedTable
from .widgets.plain import Plain
from .widgets.rail import WORDS_FROM

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.front.as_code import Form
    from mwaa_wizard.front.engine import Environment


class SettingsPage(Filtering, WizardPage):
    """The whole table is computed anew from the session after each edit."""

    PAGE = "settings"
    ONWARD = True
    LOADED = "#settings-table"
    LIST = "#settings-table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("u", "reset", N_("reset")),
        Binding("ctrl+u", "reset_all", N_("reset all")),
        Binding("c", "only", N_("changed only")),
        Binding("t", "template", N_("as code")),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("edit")}

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SettingRow] = []
        self._shown: list[SettingRow] = []
        self._only = False
        self._cost = ""

    def body(self) -> ComposeResult:
        yield FittedTable(id="settings-table", cursor_type="row")
        yield Plain(id="settings-detail")
        yield Plain(id="settings-cost", classes="quiet")

    def heading(self) -> tuple[str, str]:
        differ = sum(row.state != "same" for row in self._rows)
        bad = self._to_mend()
        right = (
            ngettext("{count} differs", "{count} differ", differ).format(count=differ) if self._rows else ""
        )
        title = _("Settings of the new environment")
        if self.session.route == "in-place":
            title = _("Settings after the change of version")
        return title, f"{right} · {to_mend(bad)}" if bad else right

    def why(self) -> list[str]:
        first = _("The new environment starts as a copy of the old one: every setting AWS reports is taken over, "
                  "except what belongs to another account or region. Rows marked “needed” have no value that could be "
                  "copied.")
        fixed = _("⚠: KMS key, subnets and endpoint management cannot be changed later, once the environment exists, "
                  "and neither can its name (MWAA user guide: update-environment).")
        if self.session.route == "in-place":
            first = _("The environment keeps its settings. What differs here is changed along with the version, where "
                      "UpdateEnvironment takes it.")
            fixed = _("⚠: KMS key, subnets and endpoint management cannot be changed any more (MWAA user guide: "
                      "update-environment).")
        return [
            first,
            fixed,
            _("Costs are list prices of the base environment with its least workers, without storage and transfer; "
              "more workers cost more while they run."),
            _("Values of options that look secret are never shown or saved in the session; keyring keeps them, or "
              "you are asked."),
        ]  # fmt: skip

    def help_keys(self) -> list[tuple[str, str]]:
        return [("c", _("shows only rows that differ or need a value; again shows all"))]

    def empty(self) -> bool:
        return not self._rows

    def entered(self) -> None:
        self.query_one(DataTable).focus()
        known = self.opened.environment
        session = self.session.model_copy(deep=True)

        def ask() -> tuple[Environment, list[SettingRow], str]:
            environment = known if known is not None else engine.source_environment(session)
            return environment, engine.setting_rows(session, environment), cost_words(session, environment)

        self.look_up(
            _("Reading the settings of {name} …").format(name=clean(session.source.environment)),
            ask,
            self._first,
        )

    def _first(self, found: tuple[Environment, list[SettingRow], str]) -> None:
        environment, self._rows, self._cost = found
        if self.notice.kind == "problem":
            self.notice.hint()  # who pressed n too early was told that it is not read yet
        self.opened.environment = environment
        own = environment.get("EnvironmentClass")
        if isinstance(own, str) and not self.session.source.environment_class:
            self.session.source.environment_class = own  # sessions from before it was kept
        self._show()

    def _again(self) -> None:
        environment = self.opened.environment
        if environment is not None:
            self._rows = engine.setting_rows(self.session, environment)
            self._cost = cost_words(self.session, environment)
            self._show()

    def on_fitted_table_sized(self) -> None:
        if self._rows:
            self._show()

    def by_hand(self) -> bool:
        return self._to_mend() > 0

    def _to_mend(self) -> int:
        return sum(row.state in ("needed", "invalid") for row in self._rows)

    # The table

    def _show(self) -> None:
        table = self.query_one(FittedTable)
        before = self._current()
        self._shown = [
            row for row in self._rows
            if (not self._only or row.state != "same")
            and self.holds(row.label, row.source, row.target, row.name)
        ]  # fmt: skip
        mark_cells = 9
        # An answer may come before the table is laid out: columns for 80 cells would stay on a wide terminal.
        wide = self.size.width - 16 - 38 * self.has_class("-wide") - 10 * (self.size.width >= WORDS_FROM)
        room = max(40, (table.size.width or wide) - 4 * 2 * table.cell_padding - 1 - mark_cells)
        longest = max(19, width(_("Security groups")))  # of the labels: 19 cells in English, this one in Japanese
        label_cells = min(24 if room < 110 else 36, max(longest if room > 40 else 15, room // 3))
        # No wider than the longest: on a wide terminal what became of it would be far from what it was.
        most = max((width(clean(text)) for row in self._rows for text in (row.source, row.target)), default=0)
        value_cells = min((room - label_cells) // 2, max(14, most))
        table.clear(columns=True)
        for title, cells in (
            (_("Setting"), label_cells), (_("Source"), value_cells), (_("Target"), value_cells), ("", mark_cells),
        ):  # fmt: skip
            table.add_column(Text(title), width=cells)
        for row in self._shown:
            mark, tone = _mark(row)
            quiet = table.ink("quiet" if row.state == "same" else "")
            table.add_row(
                Text(shorten_middle(clean(row.label), label_cells)),
                Text(shorten_value(clean(row.source), value_cells), style=quiet),
                Text(shorten_value(clean(row.target), value_cells)),
                Text(mark, style=table.ink(tone)),
            )
        names = [row.name for row in self._shown]
        if before is not None and before.name in names:
            table.move_cursor(row=names.index(before.name))
        elif self._to_mend() and before is None:
            table.move_cursor(
                row=next(i for i, row in enumerate(self._shown) if row.state in ("needed", "invalid"))
            )
        bad = self._to_mend()
        self.next_note = f" ({to_mend(bad)})" if bad else ""
        self._detail()
        price = self.query_one("#settings-cost", Plain)
        price.say("\n".join(wrap(clean(self._cost), max(20, price.size.width), "", "")) if self._cost else "")
        self.refresh_chrome()

    def _current(self) -> SettingRow | None:
        row = self.query_one(DataTable).cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def on_data_table_row_highlighted(self) -> None:
        self._detail()
        self.refresh_bindings()

    def _detail(self) -> None:
        row = self._current()
        detail = self.query_one("#settings-detail", Plain)
        if row is None:
            detail.say("")
            return
        cells = max(20, detail.size.width)
        lines = [
            Content.styled(text, "$text-error")
            for problem in row.problems[:3]
            for text in wrap(clean(problem), cells, "  ", "✘ ")
        ]
        if len(lines) < 3:
            # What the columns had to shorten, in full.
            values = [(_("Source"), row.source), (_("Target"), row.target)]
            same = row.source == row.target
            lines += [
                Content(shorten_middle(f"{name if not same else clean(row.label)}: {clean(value)}", cells))
                for name, value in values[same:]
                if value
            ]
        own = _("Chosen with the route, on page Route.") if row.name == "AirflowVersion" else clean(row.help)
        help_text = ("⚠ " if row.fixed_after_creation else "") + own
        if len(lines) < 3:
            lines.append(Content.styled(help_text, "$text-muted"))
        detail.say(Content("\n").join(lines))

    # Keys

    def on_data_table_row_selected(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the row in a box with its choices and its problems beside the field."""
        row = self._current()
        if row is None:
            return
        if refused := refusal(self.session, row):
            self.notice.hint(refused)
            return
        from .widgets.edit_setting import EditSetting

        def closed(changed: bool | None) -> None:
            if changed:
                self.save()
                self._again()

        self.wizard.push_screen(EditSetting(self.session, row, self.opened.drafts), closed)

    def action_reset(self) -> None:
        """Back to the copy of the source."""
        row = self._current()
        if row is not None and row.edited and row.name != "AirflowVersion":
            engine.reset_setting(self.session, row.name)
            self.save()
            self._again()
            self.notice.good(_("{label} is as the source has it again.").format(label=clean(row.label)))

    def action_reset_all(self) -> None:
        """Forget every edit, after asking: there may be many."""
        from .widgets.confirm import Confirm

        names = list(edited(self.session))
        text = _("These edits are forgotten: {names}").format(names=clean(listed(names), limit=600))

        def answered(answer: str | None) -> None:
            if answer == "y":
                reset_all(self.session)
                self.save()
                self._again()
                self.notice.good(_("All settings are as the source has them again."))

        self.wizard.push_screen(
            Confirm(_("Reset all settings?"), text, _("forget the edits"), _("keep the edits")), answered
        )

    def filtered(self) -> None:
        self._show()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        if not self.close_filter():
            super().action_back()

    def action_only(self) -> None:
        """Show all rows, or only those that differ."""
        self._only = not self._only
        self._show()

    def action_template(self) -> None:
        """Write what would be created as code, in a form that is asked for."""
        from .widgets.confirm import Choose

        session, environment = self.session.model_copy(deep=True), self.opened.environment
        if environment is None:
            return
        forms: dict[str, Form] = {"c": "cloudformation", "t": "terraform", "a": "cli"}

        def written(found: tuple[Path, list[str]]) -> None:
            path, notes = found
            self.notice.good(" ".join([_("Saved to {path}.").format(path=shown_path(path)), *map(clean, notes)]))

        def answered(answer: str | None) -> None:
            form = forms.get(answer or "")
            if form is not None:
                self.look_up(_("Writing it as code …"), lambda: as_code.write(session, environment, form), written)

        self.wizard.push_screen(
            Choose(
                _("What the run would create, as code"),
                _("Bucket, role, trust, security group and environment, without any secret. Nothing is created."),
                [("c", "CloudFormation"), ("t", "Terraform"), ("a", _("AWS CLI: input of create-environment"))],
            ),
            answered,
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            if action == "reset":
                row = self._current() if self.is_mounted else None
                return row is not None and row.edited and row.name != "AirflowVersion"
            if action == "reset_all":
                return self.is_mounted and bool(edited(self.session))
            if action == "template":
                return bool(self._rows) and self.session.route != "in-place"
            if action in ("only", "filter"):
                return bool(self._rows)
        return super().check_action(action, parameters)

    def reasons(self) -> list[str]:
        if not self._rows or self.opened.environment is None:
            return [_("The settings of the source are not read yet.")]
        found = engine.setting_problems(self.session, self.opened.environment)
        return found or super().reasons()


def _mark(row: SettingRow) -> tuple[str, str]:
    fixed = "⚠ " if row.fixed_after_creation else ""
    if row.state == "needed":
        return "✘ " + _("needed"), "error"
    if row.state == "invalid":
        return "✘ " + _("to mend"), "error"
    if row.state == "changed":
        return (fixed or "● ") + (_("edited") if row.edited else _("differs")), "warning"
    return (fixed or "  ") + _("same"), "quiet"
