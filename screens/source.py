"""Source: which environment is left."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import DataTable

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from . import engine
from .page import WizardPage

# Only an environment that answers can be exported from (MWAA user guide: environment status).
_USABLE = ("AVAILABLE", "UPDATE_FAILED")


class SourcePage(WizardPage):
    """Lists the environments of the source's account and region."""

    PAGE = "source"
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": _("choose")}

    def __init__(self) -> None:
        super().__init__()
        self._found: list[engine.EnvironmentLine] = []

    def body(self) -> ComposeResult:
        yield DataTable[Text](id="source-table", cursor_type="row", zebra_stripes=False)

    def heading(self) -> tuple[str, str]:
        chosen = self.session.source.environment
        return _("Which environment is to be moved?"), _("chosen: {name}").format(
            name=clean(chosen)
        ) if chosen else ""

    def why(self) -> list[str]:
        return [
            _("The source is only read, until the export: then the wizard adds one inline policy to its role and "
              "one DAG file to its bucket, and takes both away again at the end."),
            _("Its DAGs are paused while the history is copied; each gets its paused state back."),
        ]  # fmt: skip

    def entered(self) -> None:
        table = self.query_one(DataTable)
        if not table.columns:
            room = max(20, self.size.width - 16 - 38 * self.has_class("-wide") - 40)
            for label, cells in ((_("Name"), room), (_("Status"), 10), (_("Version"), 8), (_("Class"), 10)):
                table.add_column(label, width=cells)
        table.focus()
        place = self.session.source.connection
        session = self.session.model_copy(deep=True)
        self.look_up(
            _("Asking for the environments of {region} …").format(region=clean(place.region)),
            lambda: engine.environments(session),
            self._fill,
        )

    def _fill(self, found: list[engine.EnvironmentLine]) -> None:
        self._found = found
        table = self.query_one(DataTable)
        table.clear()
        for line in found:
            mark = "✔ " if line.name == self.session.source.environment else "  "
            cells = (mark + line.name, line.status, line.version, line.environment_class)
            table.add_row(*(Text(clean(cell)) for cell in cells), key=line.name)
        if not found:
            self.notice.problems(
                [_("There is no environment in {region}. Another region or profile: esc.").format(
                    region=clean(self.session.source.connection.region))]
            )  # fmt: skip
            return
        names = [line.name for line in found]
        chosen = self.session.source.environment
        if chosen in names:
            table.move_cursor(row=names.index(chosen))
        self.notice.hint(_("Enter chooses and goes on."))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        if self._choose(event.cursor_row):
            self.action_next()

    def _choose(self, row: int) -> bool:
        line = self._found[row]
        if line.status not in _USABLE:
            self.notice.problems(
                [_("{name} is {status}; only an environment that is AVAILABLE can be moved. F5 asks again.").format(
                    name=clean(line.name), status=clean(line.status))]
            )  # fmt: skip
            return False
        source = self.session.source
        source.environment, source.airflow_version = line.name, line.version
        self.save()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "retry" and not self.has_class("-too-small"):
            return not self.lookups.busy
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Ask again, also after an answer: a status may have changed."""
        self.entered()
