"""Preflight: every check on both sides as it is answered, before anything is changed."""

from __future__ import annotations

import threading
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from mwaa_wizard.errors import Cancelled
from mwaa_wizard.front import cleanup_text, engine_preflight
from mwaa_wizard.front import preflight_text as words
from mwaa_wizard.front.engine_preflight import Result, Row
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, fit, width

from .page import WizardPage
from .widgets.filter import Filtering
from .widgets.plain import Plain
from .widgets.row_list import RowList

_TONES = {"pass": "", "warn": "warning", "fail": "error"}
_ORDER = ("fail", "warn", "pass")
_DETAIL = 4  # lines below the list


class PreflightPage(Filtering, WizardPage):
    """Rows come while the look-up runs; the result is kept in this process, with the answers it was found for."""

    PAGE = "preflight"
    ONWARD = True
    LIST = "#preflight-rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "only", N_("only what complains")),
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("r", "again", N_("ask again")),
        Binding("f5", "retry", N_("ask again"), show=False),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("in full")}

    class Came(Message):
        """A check was answered."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._shown: list[Row] = []
        self._result: Result | None = None
        self._only = False
        self._cancel = threading.Event()

    def body(self) -> ComposeResult:
        yield RowList(id="preflight-rows")
        yield Plain(id="preflight-detail")

    def heading(self) -> tuple[str, str]:
        counts = [(sum(row.verdict == verdict for row in self._rows), word) for verdict, word in (
            ("pass", _("{n} pass")), ("warn", _("{n} warn")), ("fail", _("{n} fail")))]  # fmt: skip
        return _("Can it be done?"), " · ".join(word.format(n=count) for count, word in counts if count)

    def why(self) -> list[str]:
        return [
            _("Everything that can be known to fail is found here, before anything is changed: permissions, roles, "
              "buckets, network, keys, quotas, name, version and settings of both sides."),
            _("Asking changes nothing, in AWS or in either Airflow. The run asks all of it again before it begins."),
            _("✘ that only another answer can mend keeps you here. Any other ✘ may be mended in AWS until the run "
              "begins, so going on is allowed; the run stops there if it is not."),
        ]  # fmt: skip

    def help_keys(self) -> list[tuple[str, str]]:
        return [("c", _("shows only warnings and failures, and all again"))]

    def by_hand(self) -> bool:
        """Nobody is led past checks that are still out, or past a failure."""
        return self._result is None or self._result.count("fail") > 0

    # Asking

    def entered(self) -> None:
        self.query_one(RowList).focus()
        kept = engine_preflight.kept(self.session)
        if kept is not None and not self._rows:
            self._result, self._rows = kept, list(kept.rows)
            self._show()
        if kept is None or kept.stale(self.session):
            self._ask()
        else:
            self._say()

    def _ask(self) -> None:
        if self.lookups.busy:
            return
        self._rows, self._result = [], None
        self._show()
        session, cancel = self.session.model_copy(deep=True), self._cancel

        def look() -> Result | None:
            try:
                return engine_preflight.look(session, self._tell, cancel)
            except Cancelled:
                return None  # the page was left

        self.look_up(_("Checking both sides; nothing is changed …"), look, self._done)

    def _tell(self, row: Row) -> None:
        """Called in the look-up's thread."""
        self.post_message(self.Came(row))

    def on_unmount(self) -> None:
        self._cancel.set()

    def on_preflight_page_came(self, event: Came) -> None:
        event.stop()
        if self.alive and self._result is None:
            self._rows.append(event.row)
            self._show()

    def _done(self, result: Result | None) -> None:
        if result is None:
            return
        self._result, self._rows = result, list(result.rows)
        self._show()
        self.query_one(RowList).action_first()
        if self.query_one(RowList).has_focus:
            self.begin()
        self._say()

    def action_again(self) -> None:
        """Ask everything anew."""
        self._ask()

    def action_retry(self) -> None:
        self._ask()

    # Showing

    def _say(self) -> None:
        result = self._result
        if result is None:
            return
        failed = result.count("fail")
        when = cleanup_text.moment(result.at.isoformat())
        said = words.closing(result.count("warn"), failed)
        if result.certain:
            self.notice.problems(self.reasons())
        elif failed:
            self.notice.hint(said + " " + _("Going on is allowed: the run checks again and stops there if it must."))
        elif result.count("warn"):
            self.notice.hint(said + " " + _("Asked {when}.").format(when=when))
        else:
            self.notice.good(said + " " + _("Asked {when}.").format(when=when))

    def _show(self) -> None:
        shown = [
            row for row in self._rows
            if (row.complains or not self._only) and self.holds(row.name, row.evidence, words.word(row.verdict))
        ]  # fmt: skip
        # What complains comes first: one failure among thirty is not to be looked for.
        self._shown = sorted(shown, key=lambda row: _ORDER.index(row.verdict))
        numbers = {id(row): number for number, row in enumerate(self._rows)}
        self.query_one(RowList).show([str(numbers[id(row)]) for row in self._shown], self._draw)
        self.next_note = " " + _("(anyway)") if any(row.complains for row in self._rows) else ""
        if self._rows and not self._shown and self._result is not None:
            self.notice.hint(_("Nothing complains.") if self._only and not self.words else
                             _("Nothing matches; esc shows all again."))  # fmt: skip
        self._detail()
        self.refresh_chrome()

    def _draw(self, index: int, cells: int) -> tuple[str, str]:
        row = self._shown[index]
        name = min(30, max(16, cells * 2 // 5))
        longest = max(width(words.word(one)) for one in words.GLYPHS)
        verdict = f"{words.GLYPHS[row.verdict]} {fit(words.word(row.verdict), longest)}"
        return f"{verdict} {fit(row.name, name)} {row.evidence}", _TONES[row.verdict]

    def _detail(self) -> None:
        pane, row = self.query_one("#preflight-detail", Plain), self._marked()
        if row is None:
            pane.say("")
            return
        cells = max(20, pane.size.width)
        lines = wrap(clean(f"{row.name}: {row.evidence}"), cells, "", "")
        mend = wrap(clean(row.remedy), cells, "  ", "→ ") if row.remedy else []
        room = max(1, _DETAIL - min(2, len(mend)))
        if len(lines) > room:
            lines = [*lines[: room - 1], lines[room - 1][: cells - 2] + " …"]
        pane.say(Content("\n".join([*lines, *mend][:_DETAIL])))

    def _marked(self) -> Row | None:
        key = self.query_one(RowList).key
        return self._rows[int(key)] if key and int(key) < len(self._rows) else None

    def on_row_list_marked(self) -> None:
        # Not stopped here: the app takes the terminal's cursor along.
        self._detail()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """One check in full."""
        from .widgets.full_text import FullText

        event.stop()
        row = self._marked()
        if row is not None:
            certain = _("Only another answer in the wizard mends this, so Next is refused.") if row.certain else ""
            remedy = _("To mend it: {remedy}").format(remedy=row.remedy) if row.remedy else ""
            title = f"{words.GLYPHS[row.verdict]} {words.word(row.verdict)} · {row.name}"
            self.wizard.push_screen(FullText(title, [row.evidence, remedy, certain]))

    def fitted(self) -> None:
        self._detail()

    # Keys

    def action_only(self) -> None:
        """Only what complains, and all again."""
        self._only = not self._only
        self._show()

    def filtered(self) -> None:
        self._show()

    def action_back(self) -> None:
        if not self.close_filter():
            super().action_back()

    def reasons(self) -> list[str]:
        result = self._result
        if result is None or result.stale(self.session) or not result.certain:
            return super().reasons()
        told = [f"{row.name}: {row.evidence}" + (f" → {row.remedy}" if row.remedy else "") for row in result.certain]
        count = len(told)
        first = ngettext("This is certain to fail; go back and change the answer:",
                         "These are certain to fail; go back and change the answers:", count)  # fmt: skip
        return [f"{first} {clean(told[0])}", *told[1:]]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            if action in ("again", "retry"):
                return not self.lookups.busy
            if action in ("only", "filter"):
                return bool(self._rows)
        return super().check_action(action, parameters)
