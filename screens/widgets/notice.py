"""The line(s) at the bottom of a page: what is missing, what is being asked, what went wrong and how to mend it."""

from __future__ import annotations

from textual.content import Content

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .plain import Plain

Said = tuple[str, tuple[str, ...]]  # its kind, and its lines

_GLYPHS = {"problem": "✘ ", "busy": "⋯ ", "good": "✔ ", "hint": ""}
_STYLES = {"problem": "$text-error", "busy": "$text-muted", "good": "$text-success", "hint": "$text-muted"}


class Notice(Plain):
    """One message at a time; glyph and words carry it, colour only helps."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self.kind = ""
        self._lines: list[str] = []
        self.display = False

    def words(self) -> str:
        """What it says now, on one line."""
        return " ".join(line.strip() for line in self._lines)

    @property
    def said(self) -> Said:
        """What it says now, to be said again."""
        return self.kind, tuple(self._lines)

    def say_again(self, said: Said) -> None:
        """What was told before."""
        self._tell(said[0], list(said[1]))

    def _tell(self, kind: str, lines: list[str]) -> None:
        self.kind, self._lines = (kind, lines) if lines else ("", [])
        self._show()

    def _show(self) -> None:
        glyph, cells = _GLYPHS.get(self.kind, ""), self.size.width or 200
        indent = " " * len(glyph)
        rows: list[str] = []
        for index, line in enumerate(self._lines):
            first = glyph if index == 0 or (self.kind == "problem" and line[:1] != " ") else indent
            rows += wrap(line, cells, indent, first)
        # Nothing to say takes no room; the page's top stays where it is.
        self.display = bool(rows)
        self.say(Content.styled("\n".join(rows), _STYLES[self.kind]) if rows else "")

    def on_resize(self) -> None:
        self._show()

    def hint(self, text: str = "") -> None:
        """A quiet remark, or nothing."""
        self._tell("hint", [text] if text else [])

    def busy(self, text: str) -> None:
        """Something is being asked."""
        self._tell("busy", [text])

    def good(self, text: str) -> None:
        """Something worked."""
        self._tell("good", [text])

    def problems(self, reasons: list[str]) -> None:
        """Why the page cannot be left; at most four lines."""
        shown = [clean(reason) for reason in reasons[:4]]
        if len(reasons) > 4:
            shown[3:] = [_("… and {count} more").format(count=len(reasons) - 3)]
        self._tell("problem", shown)

    def error(self, error: WizardError, *, retry: bool) -> None:
        """A failure with its remedy; `retry` says that F5 asks again."""
        lines = [clean(error.what)]
        said = " · ".join(part for part in (clean(error.code), clean(error.request_id)) if part)
        if said:
            told = _("System: {said}") if error.of_machine else _("AWS said: {said}")
            lines.append("  " + told.format(said=said))
        if error.remedy:
            lines.append("  " + clean(error.remedy))
        if retry:
            lines.append("  " + _("F5 asks again."))
        self._tell("problem", lines)
