"""The ways out of page Policies: the terminal's clipboard, a file, and the role itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies, policy_files, policy_said
from mwaa_wizard.front.words import account, shown_path
from mwaa_wizard.i18n import _, sentences
from mwaa_wizard.text import clean

from . import clipboard, policy_words
from .page import WizardPage
from .widgets.confirm import Confirm

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_policies import Compared
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.live import Checked
    from mwaa_wizard.policies.principals import Piece


class WaysOut(WizardPage):
    """What the page shows is what leaves it: `piece`, `form` and `text` are the page's own."""

    def __init__(self) -> None:
        super().__init__()
        self._checked: dict[str, Checked] = {}
        self._compared: dict[str, Compared] = {}
        self._saved_name = ""

    @property
    def piece(self) -> Piece:
        """The document of the open tab."""
        raise NotImplementedError

    @property
    def form(self) -> Form:
        """The form shown."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The exact bytes."""
        return engine_policies.text(self.piece, self.form)

    def show_again(self) -> None:
        """Everything of the open document."""
        raise NotImplementedError

    def action_copy(self) -> None:
        """To the terminal's clipboard, and to a file: whether the terminal takes OSC 52 cannot be known."""
        saved = self._save()
        also = _("The same text is in {path}.").format(path=shown_path(saved.path)) if saved else ""
        self.notice.good(clipboard.send(self.wizard, self.text, also))

    def action_save_file(self) -> None:
        """To a file of the session's folder; a second time: to another place."""
        if self._saved_name == self.piece.name:
            self._ask_place()
            return
        if saved := self._save():
            self._saved_name = self.piece.name
            self.notice.good(sentences((policy_said.saved(saved), _("s again: to another place."))))

    def _save(self, place: str = "") -> policy_files.Saved | None:
        try:
            return policy_files.save(self.session.id, self.piece.name, self.form, self.text, place)
        except WizardError as problem:
            self.notice.error(problem, retry=False)
            return None

    def _ask_place(self) -> None:
        from .widgets.save_as import SaveAs

        start = str(policy_files.default_place(self.session.id, self.piece.name, self.form))

        def done(place: str | None) -> None:
            if place and (saved := self._save(place)):
                self.notice.good(policy_said.saved(saved))

        self.wizard.push_screen(SaveAs(_("Save where?"), start, self.text), done)

    def action_accept(self) -> None:
        """Attach it as the run would; asks first."""
        piece, connection = self.piece, self.session.connection(policy_words.side(self.piece))
        arn = clean(piece.policy.attach_to_arn)
        text = policy_said.attach_question(piece.policy.name, arn, account(connection.account))

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._apply(piece)

        self.wizard.push_screen(
            Confirm(_("Attach this policy now?"), text, _("yes: attach it"), _("no: change nothing")), answered
        )

    def action_take_back(self) -> None:
        """Take off what the wizard put there; asks first."""
        piece, connection = self.piece, self.session.connection(policy_words.side(self.piece))
        text = policy_said.detach_question(
            piece.policy.name, clean(piece.policy.attach_to_arn), account(connection.account)
        )

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._take_off(piece)

        self.wizard.push_screen(
            Confirm(_("Take this policy off now?"), text, _("yes: take it off"), _("no: change nothing")), answered
        )

    def _take_off(self, piece: Piece) -> None:
        session = self.session.model_copy(deep=True)

        def done(lines: list[str]) -> None:
            self._compared.pop(piece.name, None)
            self._checked.pop(piece.name, None)
            self.show_again()
            self.notice.good(clean(" ".join(lines[-2:])))

        self.look_up(_("Taking the policy off …"), lambda: engine_policies.detached(session, piece), done)

    def _apply(self, piece: Piece) -> None:
        session = self.session.model_copy(deep=True)

        def both() -> tuple[list[str], Checked]:
            # What AWS says afterwards belongs to the same answer: the words must not be overtaken by a question.
            return engine_policies.applied(session, piece), engine_policies.checked(session, piece)

        def done(answer: tuple[list[str], Checked]) -> None:
            self._compared.pop(piece.name, None)
            self._checked[piece.name] = answer[1]
            self.show_again()
            self.notice.good(clean(" ".join(answer[0][-2:])))

        self.look_up(_("Attaching the policy …"), both, done)
