"""Policies: who needs which IAM document, what is in it and why, what is there now, and the ways to put it in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from mwaa_wizard.front import engine_policies, policy_said
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from . import policy_text, policy_words
from .policy_out import WaysOut
from .widgets.document_view import DocumentView
from .widgets.plain import Plain
from .widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_policies import Compared, Policies
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.live import Checked
    from mwaa_wizard.policies.principals import Piece

Mode = Literal["document", "diff", "why"]


class PoliciesPage(WaysOut):
    """Shows the exact bytes that are copied, saved, printed by the command, or attached by the run."""

    PAGE = "policies"
    ONWARD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "tab(-1)", N_("tab"), show=False),
        Binding("right", "tab(1)", N_("tab"), key_display="←→"),
        Binding("v", "version", N_("next of its kind")),
        Binding("enter", "accept", N_("attach")),
        Binding("u", "take_back", N_("take off")),
        Binding("y", "copy", N_("copy")),
        Binding("s", "save_file", N_("save")),
        Binding("t", "form", N_("form")),
        Binding("c", "diff", N_("diff")),
        Binding("k", "check", N_("check now")),
        Binding("h", "why", N_("why")),
        Binding("slash", "search", N_("search")),
        Binding("f3", "find_next", N_("next match")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._policies: Policies | None = None
        self._tab = 0
        self._versions: dict[str, int] = {}
        self._form: Form = "json"
        self._mode: Mode = "document"
        self._needle = ""
        self._ours = False  # whether the journal has the open document as put by the wizard

    def body(self) -> ComposeResult:
        yield TabBar(id="policy-tabs")
        yield Plain(id="policy-facts")
        yield DocumentView(id="policy-view")
        yield Plain(id="policy-why")
        yield Input(id="policy-search", placeholder=_("search in the text: enter next, esc close"))

    def heading(self) -> tuple[str, str]:
        title = _("Who must be allowed what")
        if self._policies is None:
            return title, ""
        piece, pieces = self.piece, self._pieces()
        which = f"{pieces.index(piece) + 1}/{len(pieces)} {piece.label} · " if len(pieces) > 1 else ""
        return title, which + policy_words.form_title(self.form)

    def why(self) -> list[str]:
        if self._policies is None:
            return [_("Each statement says why it is there; nothing broader than needed is asked for.")]
        piece, view = self.piece, self.query_one(DocumentView)
        found = [f"{view.sid}: {piece.policy.why[view.sid]}"] if view.sid in piece.policy.why else []
        found += policy_words.verdict_of(self._checked.get(piece.name), view.sid)
        found += [piece.whose, *policy_said.left_out(self._policies)]
        return [text for text in found if text]

    def help_keys(self) -> list[tuple[str, str]]:
        return [
            ("v", _("the next document of the same kind: another Airflow role, the trust policy, planning only")),
            ("t", _("JSON to paste, AWS CLI, CloudFormation, Terraform")),
            ("c", _("what the role (bucket, key) has now beside this document; again: the document")),
            ("k", _("ask AWS, statement by statement, whether it counts, and Access Analyzer about the text")),
            ("u", _("take off its role again what the wizard put there, and nothing else")),
        ]

    # What is shown

    @property
    def piece(self) -> Piece:
        """The document of the open tab."""
        assert self._policies is not None, "nothing is shown before there is a document"
        principal = self._policies.found.principals[self._tab]
        return principal.pieces[self._versions.get(principal.name, 0) % len(principal.pieces)]

    def _pieces(self) -> tuple[Piece, ...]:
        assert self._policies is not None
        return self._policies.found.principals[self._tab].pieces

    @property
    def form(self) -> Form:
        """The form shown; one that this document cannot have stands for JSON."""
        return self._form if self._form in engine_policies.forms(self.piece) else "json"

    def entered(self) -> None:
        self.query_one("#policy-search", Input).display = False
        self.query_one(DocumentView).focus()
        if self._policies is not None:
            self._ask()
            return
        session, environment = self.session.model_copy(deep=True), self.opened.environment

        def done(made: Policies) -> None:
            self._take(made)
            self._ask()

        # From this machine alone, at once; but in a thread, as the plan's steps may have to be loaded for it.
        self.look_up(_("Making the documents …"), lambda: engine_policies.draft(session, environment), done)

    def _ask(self) -> None:
        session = self.session.model_copy(deep=True)
        self.look_up(_("Asking AWS who and where …"), lambda: engine_policies.asked(session), self._take)

    def _take(self, policies: Policies) -> None:
        """Documents, at first from this machine, then with AWS's own words."""
        name = self.piece.name if self._policies is not None else ""
        same = self._policies is not None and self._policies.found == policies.found
        self._policies = policies
        for index, principal in enumerate(policies.found.principals):
            for place, piece in enumerate(principal.pieces):
                if piece.name == name:
                    self._tab, self._versions[principal.name] = index, place
        self._tab = min(self._tab, len(policies.found.principals) - 1)
        if policies.unread:
            self.notice.hint(_("From this machine only: {why} F5 asks again.").format(why=clean(policies.unread)))
        if not same:
            self._checked.clear()
            self._compared.clear()
            self.show_again()

    def show_again(self) -> None:
        """Everything of the open document; the cursor stays on its line."""
        if self._policies is None:
            return
        view, piece = self.query_one(DocumentView), self.piece
        principals = self._policies.found.principals
        self.query_one(TabBar).show([(one.title, one.short) for one in principals], self._tab)
        cells = max(30, (view.size.width or 60) - 2)
        # The cursor stays on its line; in another document it begins at the first statement, whose reason then shows.
        line = view.line if self._mode == "document" else -1
        view.show(self._rows(piece, cells), line)
        self._show_facts()
        self.refresh_chrome()

    def _rows(self, piece: Piece, cells: int) -> list[policy_text.Row]:
        if self._mode == "diff" and piece.name in self._compared:
            found = self._compared[piece.name]
            return policy_text.prose_rows(policy_words.differences(found), cells) + policy_text.difference_rows(
                found.lines, cells
            )
        if self._mode == "why":
            return policy_text.prose_rows(policy_words.reasons(piece, self._checked.get(piece.name)), cells)
        marks = policy_words.marks(self._checked.get(piece.name))
        return policy_text.rows(self.text, cells, marks, self._needle)

    def _show_facts(self) -> None:
        # The journal is asked here, not for every key that the footer looks at.
        self._ours = engine_policies.may_detach(self.session, self.piece)
        facts = self.query_one("#policy-facts", Plain)
        cells = facts.size.width or 60
        facts.say(policy_words.facts(self.piece, self.text, self._checked.get(self.piece.name), cells))
        self._show_why(self.query_one(DocumentView).sid)

    def _show_why(self, sid: str) -> None:
        cells = self.query_one("#policy-why", Plain).size.width or 60
        said = policy_words.under_cursor(self.piece, sid, cells, self._mode, self._checked.get(self.piece.name))
        self.query_one("#policy-why", Plain).say(said)

    def on_document_view_moved(self, event: DocumentView.Moved) -> None:
        event.stop()
        if self._policies is not None and self.alive:
            self._show_why(event.sid)
            self.refresh_why()

    def refresh_why(self) -> None:
        """The pane at the right follows the cursor."""
        from .widgets.why import Why

        self.query_one(Why).show(self.why())

    def fitted(self) -> None:
        self.show_again()

    # Which document, which form

    def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
        self._open(event.index)

    def action_tab(self, step: int) -> None:
        """The principal on the left or on the right."""
        if self._policies is not None:
            self._open((self._tab + step) % len(self._policies.found.principals))

    def _open(self, index: int) -> None:
        self._tab, self._saved_name = index, ""
        self._other()

    def action_version(self) -> None:
        """The next document of the same principal."""
        assert self._policies is not None
        name = self._policies.found.principals[self._tab].name
        self._versions[name] = (self._versions.get(name, 0) + 1) % len(self._pieces())
        self._other()

    def _other(self) -> None:
        self.query_one(DocumentView).highlighted = None
        self.notice.hint()
        if self._mode == "diff" and self.piece.name not in self._compared:
            self._compare()
        self.show_again()

    def action_form(self) -> None:
        """JSON, AWS CLI, CloudFormation, Terraform, and round again."""
        forms, view = engine_policies.forms(self.piece), self.query_one(DocumentView)
        sid = view.sid
        self._form = forms[(forms.index(self.form) + 1) % len(forms)]
        self._mode = "document"
        self._saved_name = ""
        view.highlighted = None
        self.show_again()
        view.go_to(sid)

    # What is there, and why

    def action_why(self) -> None:
        """All reasons at once; again: the document."""
        self._mode = "document" if self._mode == "why" else "why"
        self.show_again()

    def action_diff(self) -> None:
        """What is there now beside the document; again: the document."""
        if self._mode == "diff":
            self._mode = "document"
            self.show_again()
            return
        self._compare()

    def _compare(self) -> None:
        session, piece = self.session.model_copy(deep=True), self.piece

        def done(found: Compared) -> None:
            self._compared[piece.name] = found
            self._mode = "diff"
            self.show_again()

        self.look_up(_("Reading what is there now …"), lambda: engine_policies.compared(session, piece), done)

    def action_check(self) -> None:
        """Ask AWS whether it counts now: "I pasted it, check again"."""
        session, piece = self.session.model_copy(deep=True), self.piece

        def done(found: Checked) -> None:
            self._checked[piece.name] = found
            self.show_again()
            told = [found.note, found.analysis.note if found.analysis else ""]
            if any(told):
                self.notice.hint(clean(" ".join(text for text in told if text)))

        self.look_up(_("Asking AWS whether it counts …"), lambda: engine_policies.checked(session, piece), done)

    # Searching

    def action_search(self) -> None:
        """A field for the text that is looked for."""
        self._mode = "document"
        field = self.query_one("#policy-search", Input)
        field.display = True
        field.focus()
        self.show_again()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._needle = event.value
        view = self.query_one(DocumentView)
        self.show_again()
        if event.value and not view.find(event.value):
            self.notice.hint(_("Not found: {text}").format(text=clean(event.value, limit=60)))
        else:
            self.notice.hint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_find_next()

    def action_find_next(self) -> None:
        """The next row that has the text, round the end."""
        self.query_one(DocumentView).find(self._needle, on=True)

    def action_back(self) -> None:
        field = self.query_one("#policy-search", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.query_one(DocumentView).focus()
        elif self._mode != "document":
            self._mode = "document"
            self.show_again()
        else:
            super().action_back()

    def action_retry(self) -> None:
        self.lookups.retry()
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        shown = super().check_action(action, parameters)
        if self.has_class("-too-small") or action not in _OWN:
            return shown
        if self._policies is None:
            return False
        if action == "version":
            return len(self._pieces()) > 1
        if action == "form":
            return len(engine_policies.forms(self.piece)) > 1
        if action == "accept":
            return engine_policies.may_apply(self.piece) and self.opened.active_run is None
        if action == "take_back":
            return self._ours and self.opened.active_run is None
        if action == "find_next":
            return bool(self._needle)
        if action == "retry":
            return shown or bool(self._policies.unread)
        return True


_OWN = ("tab", "version", "form", "copy", "save_file", "diff", "why", "check", "accept", "take_back", "search",
        "find_next", "retry")  # fmt: skip
