"""The box in which the regions are picked that are looked through."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets.selection_list import Selection

from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .marks import Picker
from .modal import Box
from .plain import Plain


class RegionsBox(Box[list[str]]):
    """Dismisses with the picked regions, in the order listed; None where it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", N_("look there"), priority=True),
        Binding("a", "all", N_("all")),
        Binding("0", "none", N_("none")),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"space": N_("pick")}

    def __init__(self, regions: list[str], picked: list[str]) -> None:
        super().__init__(_("Look in which regions?"))
        self._regions, self._picked = regions, picked

    def inside(self) -> ComposeResult:
        yield Plain(_("Those of the profile's partition that have MWAA; all are asked at once."), id="box-text")
        yield Picker(
            *(Selection(clean(region), region, region in self._picked) for region in self._regions), id="regions",
            compact=True,
        )  # fmt: skip

    def on_mount(self) -> None:
        self.query_one(Picker).focus()

    def action_all(self) -> None:
        """Pick every region."""
        self.query_one(Picker).select_all()

    def action_none(self) -> None:
        """Pick none."""
        self.query_one(Picker).deselect_all()

    def action_accept(self) -> None:
        """Look there; with none picked, only in the source's own region."""
        picked = set(self.query_one(Picker).selected)
        self.dismiss([region for region in self._regions if region in picked])
