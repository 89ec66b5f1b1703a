"""The box in which a value is given that no API returns: typed once, never shown, never in the session."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .modal import Box
from .plain import Plain


class GiveValue(Box[str]):
    """Dismisses with what was typed (empty: take it back); None where it was closed."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("keep it")}

    def __init__(self, name: str, kind: str, why: str) -> None:
        super().__init__(_("Value of connection {name}").format(name=clean(name, limit=80)))
        self._kind, self._why = clean(kind, limit=40), clean(why, limit=300)

    def inside(self) -> ComposeResult:
        if self._why:
            yield Plain(self._why, classes="quiet")
        yield Plain(
            _("Its password ({kind}), or the whole connection as Airflow's JSON or URI. It is not shown; keyring keeps "
              "it where that is safe, else this window only. Empty: forget what was given.").format(
                kind=self._kind or "?"),
            id="box-text",
        )  # fmt: skip
        yield Plain(classes="gap")
        yield Input(password=True, id="give-value", compact=True)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)
