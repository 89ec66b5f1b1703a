"""F1: why the page asks, and every key that works on it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.i18n import _
from mwaa_wizard.text import fit

from .modal import Box
from .plain import Plain


class HelpModal(Box[None]):
    """Prose first, then the keys."""

    def __init__(self, title: str, paragraphs: list[str], keys: list[tuple[str, str]]) -> None:
        super().__init__(_("Help: {page}").format(page=title))
        self._paragraphs, self._keys = paragraphs, keys

    def inside(self) -> ComposeResult:
        parts = [Content(text) for text in self._paragraphs]
        rows = [Content.assemble((fit(name, 10), "bold"), label) for name, label in self._keys]
        rows.append(Content.assemble((fit("tab", 10), "bold"), _("from field to field; arrows inside one")))
        rows.append(Content.assemble((fit("^p", 10), "bold"), _("all commands, also: go to a page")))
        rows.append(Content.assemble((fit("^q", 10), "bold"), _("quit; everything is saved after each change")))
        parts.append(Content("\n").join(rows))
        parts.append(Content(_("Pages:  ✔ done   ▸ here   · to do   ! to mend   – left out")))
        with VerticalScroll(id="help-scroll"):
            yield Plain(Content("\n\n").join(parts))

    def on_mount(self) -> None:
        self.query_one("#help-scroll").focus()
