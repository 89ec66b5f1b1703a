"""The box in which the regions are picked that are looked through."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import SelectionList
from textual.widgets.selection_list import Selection

from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .filter import Filter, Filtering
from .marks import Picker
from .modal import Box
from .plain import Plain


class RegionsBox(Filtering, Box[list[str]]):
    """Dismisses with the picked regions, in the order listed; None where it was closed."""

    LIST = "#regions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", N_("look there"), priority=True),
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("a", "all", N_("all")),
        Binding("0", "none", N_("none")),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"space": N_("pick")}

    def __init__(self, regions: list[str], picked: list[str]) -> None:
        super().__init__(_("Look in which regions?"))
        self._regions, self._picked = regions, set(picked)
        self._listed = list(regions)

    def inside(self) -> ComposeResult:
        yield Plain(_("Those of the profile's partition that have MWAA; all are asked at once."), id="box-text")
        yield Picker(id="regions", compact=True)

    def on_mount(self) -> None:
        self.filtered()
        self.query_one(Picker).focus()

    def filtered(self) -> None:
        picker = self.query_one(Picker)
        self._listed = [region for region in self._regions if self.holds(region)]
        with self.prevent(SelectionList.SelectedChanged):
            picker.clear_options()
            picker.add_options(Selection(clean(region), region, region in self._picked) for region in self._listed)
        picker.highlighted = 0 if self._listed else None

    def on_selection_list_selected_changed(self) -> None:
        # What the filter hides keeps its choice.
        self._picked = (self._picked - set(self._listed)) | set(self.query_one(Picker).selected)

    def action_all(self) -> None:
        """Pick every region of the list."""
        self.query_one(Picker).select_all()

    def action_none(self) -> None:
        """Pick none of the list."""
        self.query_one(Picker).deselect_all()

    def action_close(self) -> None:
        """Out of the filter first, then out of the box."""
        if not self.close_filter():
            super().action_close()

    def action_accept(self) -> None:
        """Look there; with none picked, only in the source's own region. From the filter, into the list first."""
        if isinstance(self.focused, Filter):
            self.query_one(Picker).focus()
            return
        self.dismiss([region for region in self._regions if region in self._picked])
