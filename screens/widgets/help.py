"""F1: the field that has the focus, why the page asks, the pages of AWS's guides behind it, the keys that work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from mwaa_wizard.front import flow, guide, questions
from mwaa_wizard.front.question import Question
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit, width

from .modal import Box
from .plain import Plain

# A page that asks more than this has a line of help under each row already.
_FIELDS = 8
# Lines of the box that are not its text: border, title, keys and the gaps between.
_AROUND = 6

if TYPE_CHECKING:
    from screens.page import WizardPage


class HelpModal(Box[None]):
    """Prose first, then the keys. `fields` are (label, help) of what has the focus, or of all that is asked here."""

    def __init__(
        self,
        title: str,
        paragraphs: list[str],
        keys: list[tuple[str, str]],
        *,
        fields: list[tuple[str, str]] | None = None,
        chapters: list[guide.Chapter] | None = None,
    ) -> None:
        super().__init__(_("Help: {page}").format(page=title))
        self._paragraphs, self._keys = paragraphs, keys
        self._fields, self._chapters = fields or [], chapters or []

    def inside(self) -> ComposeResult:
        parts: list[Content] = []
        for label, text in self._fields:
            parts.append(Content.assemble((f"{clean(label)}: ", "bold"), clean(text)))
        parts += [Content(clean(text)) for text in self._paragraphs]
        if self._chapters:
            rows = [Content.styled(_("In AWS's guides"), "bold")]
            for chapter in self._chapters:
                rows += [Content(chapter.where), Content.styled(f"  {chapter.address}", "$text-muted")]
            parts.append(Content("\n").join(rows))
        parts.append(self._key_rows())
        states = "   ".join(" ".join(flow.state_word(one)) for one in reversed(flow.STATES))
        parts.append(Content(_("Pages: {states}").format(states=states)))
        with VerticalScroll(id="help-scroll"):
            yield Plain(Content("\n\n").join(parts))

    def _key_rows(self) -> Content:
        everywhere = [
            ("tab", _("from field to field; arrows inside one")),
            ("^p", _("all commands, also: go to a page")),
            ("^q", _("quit; everything is saved after each change")),
        ]
        own = [(name, label) for name, label in self._keys if name not in ("tab", "^p", "^q")]
        names = max(8, *(width(name) + 2 for name, _label in own)) if own else 8
        rows = [Content.assemble((fit(name, names), "bold"), label) for name, label in own + everywhere]
        return Content("\n").join([Content.styled(_("Keys that work here now"), "bold"), *rows])

    def on_mount(self) -> None:
        self.query_one("#help-scroll").focus()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        # In lines, not in a share of the screen: a box that has to scroll would be taller than what is in it.
        self.query_one("#help-scroll").styles.max_height = max(4, event.size.height * 94 // 100 - _AROUND)


def question_of(widget: Widget | None) -> Question | None:
    """The question that a widget, or what holds it, was made of."""
    while widget is not None:
        found = getattr(widget, "question", None)
        if isinstance(found, Question):
            return found
        parent = widget.parent
        widget = parent if isinstance(parent, Widget) else None
    return None


def help_of(page: WizardPage) -> HelpModal:
    """The help of a page as it is now."""
    from screens import keymap

    asked = question_of(page.behind or page.focused)
    about = [asked] if asked is not None and asked.help else questions.of_page(page.PAGE, page.session)
    fields = [(one.label, one.help) for one in about if one.help][:_FIELDS]
    why = [*page.why()]
    if (told := guide.reason(page.PAGE)) and told not in why:
        why.append(told)
    keys = [(one.name, one.label) for one in keymap.working(page)]
    return HelpModal(
        page.heading()[0], why, keys + page.help_keys(), fields=fields, chapters=guide.chapters(page.PAGE)
    )
