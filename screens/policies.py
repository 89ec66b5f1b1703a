"""Policies: the inline policy of each execution role, to read, copy and save."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Tab, Tabs

from mwaa_wizard import paths
from mwaa_wizard.front import engine
from mwaa_wizard.front.engine import PolicyText, Which
from mwaa_wizard.front.words import shown_path, wrap
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .page import WizardPage
from .widgets.plain import Plain

_WHICH: tuple[Which, ...] = ("source-role", "target-role")


class _Pane(VerticalScroll, inherit_bindings=False):
    """Scrolls up and down; left and right stay with the tabs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]


class PoliciesPage(WizardPage):
    """Shows the exact bytes that are pasted, saved, or attached by the run."""

    PAGE = "policies"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,right", "other", N_("other role"), key_display="←→"),
        Binding("y", "copy", N_("copy")),
        Binding("s", "save_file", N_("save to file")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._which: Which = "source-role"
        self._order: tuple[Which, ...] = _WHICH
        self._made: dict[str, PolicyText] = {}

    def body(self) -> ComposeResult:
        if self.session.route == "settings-only":
            self._which, self._order = "secrets", ("secrets",)
        titles = {"source-role": _("Source role"), "target-role": _("Target role"), "secrets": _("Target role")}
        yield Tabs(*(Tab(titles[which], id=which) for which in self._order), id="policy-tabs")
        yield Plain(id="policy-facts")
        with _Pane(id="policy-scroll"):
            yield Plain(id="policy-text")

    def heading(self) -> tuple[str, str]:
        if self.session.route == "settings-only":
            return _("What the target's execution role must be allowed to do"), ""
        return _("What the two execution roles must be allowed to do"), ""

    def why(self) -> list[str]:
        found = self._made.get(self._which)
        reasons = [f"{sid}: {text}" for sid, text in found.why.items()] if found else []
        if self.session.route == "settings-only":
            return [
                _("The run attaches this as an inline policy, and it stays: the target's Airflow reads its connections "
                  "with it. Where you may not change roles yourself, hand the text to whoever may."),
                *reasons,
            ]  # fmt: skip
        return [
            _("The run attaches these as inline policies and removes them in the clean-up. Where you may not change "
              "roles yourself, hand the text to whoever may; the run then finds the policy in place."),
            *reasons,
        ]  # fmt: skip

    def entered(self) -> None:
        self.query_one(Tabs).can_focus = False
        self.query_one(_Pane).focus()
        self._ask()

    def _ask(self) -> None:
        if self._which in self._made:
            self._show()
            return
        session, which = self.session.model_copy(deep=True), self._which

        def done(found: PolicyText) -> None:
            self._made[which] = found
            self._show()

        self.look_up(_("Building the policy …"), lambda: engine.policy(session, which), done)

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        which = next((one for one in self._order if one == event.tab.id), self._which)
        if which != self._which:
            self._which = which
            self._ask()

    def action_other(self) -> None:
        """The other role's policy."""
        self.query_one(Tabs).active = self._order[1 - self._order.index(self._which)]

    def _show(self) -> None:
        found = self._made[self._which]
        role = clean(found.attach_to) or _("(the role that the run makes for the target)")
        facts = [
            _("Attach to {arn}").format(arn=role),
            _("as {name}, {used:,} of {allowed:,} characters").format(
                name=clean(found.name), used=found.used, allowed=found.allowed
            ),
        ]
        verdict = Content.styled("✔ " + _("IAM's grammar takes it."), "$text-success")
        if found.problems:
            verdict = Content.styled("\n".join(f"✘ {clean(text)}" for text in found.problems[:3]), "$text-error")
        self.query_one("#policy-facts", Plain).say(Content("\n").join([*(Content(f) for f in facts), verdict]))
        lines = found.json.rstrip("\n").split("\n")
        cells = max(30, self.query_one(_Pane).size.width - 2)
        numbered = []
        for number, line in enumerate(lines, 1):
            # A long ARN goes on in the next row, without a number: what is copied and saved is one line.
            margin = " " * (len(line) - len(line.lstrip()) + 7)
            first, *more = wrap(clean(line.lstrip()), cells, margin, margin[2:])
            numbered.append(Content.assemble((f"{number:>3}  ", "$text-muted"), first[5:]))
            numbered += [Content(row) for row in more]
        self.query_one("#policy-text", Plain).say(Content("\n").join(numbered))
        self.query_one(_Pane).scroll_home(animate=False)
        self.refresh_chrome()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self._which in self._made:
            self.call_after_refresh(self._show)

    def _save(self) -> Path:
        found = self._made[self._which]
        path = paths.exports_dir() / f"{self.session.id}-{self._which}.json"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(found.json)
        return path

    def action_copy(self) -> None:
        """To the terminal's clipboard, and to a file: whether the terminal takes OSC 52 cannot be known."""
        path = self._save()
        self.wizard.copy_to_clipboard(self._made[self._which].json)
        self.notice.good(
            _("Sent to the terminal's clipboard (some terminals and tmux refuse that). Also saved: {path}").format(
                path=path
            )
        )

    def action_save_file(self) -> None:
        """To a file below the state folder."""
        self.notice.good(_("Saved to {path}").format(path=shown_path(self._save())))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "other":
            return len(self._order) > 1
        if action in ("copy", "save_file") and not self.has_class("-too-small"):
            return self._which in self._made
        return super().check_action(action, parameters)
