"""What is said and asked, one thing a line; the words that work at every prompt; answers that come from a file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from mwaa_wizard.errors import EXIT_FAILED, WizardError
from mwaa_wizard.front.answering import NOTHING
from mwaa_wizard.front.answers_file import Answers
from mwaa_wizard.front.words import wrap
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .lines import Asker

HELP, BACK, LIST, PAGES, GO, QUIT = "?", "<", "list", "pages", "go", "quit"


_NARROW = 20  # columns below which nothing is gained by whole words


class Back(Exception):
    """One question back, or one page."""


class Leave(Exception):
    """Quit; everything is saved. `code` where the exit code is not told by how the session's run stands."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(code)
        self.code = code


class GoTo(Exception):
    """Another page, by the name or number that was typed."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class Talk:
    """`answers` are given as if typed, each once: the second time that a question is asked its answer was refused."""

    def __init__(self, asker: Asker, answers: Answers | None = None, out: TextIO | None = None) -> None:
        self._asker, self._out = asker, out or sys.stdout
        self.answers = answers
        self.resume = "mwaa-wizard --plain"  # how to go on by hand
        self._given: set[str] = set()
        self._problem = ""

    # Saying

    def say(self, *lines: str) -> None:
        """Print lines; text from outside is inert. On a terminal words stay whole."""
        cells = shutil.get_terminal_size().columns if self._out.isatty() else 0
        for line in lines:
            text = clean(line, limit=100_000)
            for row in wrap(text, cells, "", "") if cells > _NARROW else [text]:
                print(row, file=self._out)
        self._out.flush()

    def raw(self, text: str) -> None:
        """Print a text of several lines as it is, but inert."""
        print(clean(text, keep_newlines=True, limit=2_000_000), file=self._out, flush=True)

    def heading(self, text: str) -> None:
        """An empty line, then what comes now."""
        self.say("", text)

    def problems(self, found: Sequence[str]) -> None:
        """What was refused, and why."""
        self._problem = " ".join(found)
        for text in found:
            self.say(_("Not taken: {why}").format(why=text))

    def error(self, problem: WizardError) -> None:
        """A failure in full."""
        self._problem = clean(f"{problem.what} {problem.remedy}".strip())
        self.say(*problem.lines())

    # Asking

    def ask(
        self,
        prompt: str,
        key: str = "",
        *,
        default: str = "",
        help_lines: Callable[[], Sequence[str]] | None = None,
        again: Callable[[], None] | None = None,
    ) -> str:
        """A typed line, without what is a command at every prompt. `again` says the choices once more."""
        shown = prompt + (f" [{clean(default, limit=10_000)}]" if default else "") + ": "
        while True:
            text = self._from_file(shown, key)
            if text is None:
                text = self._asker.line(shown).strip()
                if self._command(text, help_lines, again):
                    continue
            # An answer that reads like a command is typed with = before it.
            return text[1:].strip() if text.startswith("=") else text

    def secret(self, prompt: str, key: str = "") -> str:
        """A line that is not shown. Files of answers have none, so somebody has to be there."""
        try:
            return self._asker.secret(prompt + ": ")
        except EOFError:
            if self.answers is None:
                raise
            self._problem = ""
            raise self._unanswered(key or prompt) from None

    def yes(self, prompt: str, key: str = "", *, default: bool = False, said: bool | None = None) -> bool:
        """Yes or no. `said`: the answer of a file, where it is not one of its `answers`."""
        words = {"yes": True, "y": True, "no": False, "n": False, _("yes").lower(): True, _("no").lower(): False}
        if said is not None:
            self.say(f"{prompt} ({_('yes or no')}): {_('yes') if said else _('no')}")
            return said
        while True:
            shown = f"{prompt} ({_('yes or no')})"
            text = self.ask(shown, key, default=_("yes") if default else _("no")).lower()
            if not text:
                return default
            if text in words:
                return words[text]
            self.problems([_("Answer yes or no.")])

    def choose(
        self, prompt: str, choices: Sequence[tuple[str, str]], key: str = "", *, default: int = 1, told: bool = False
    ) -> str:
        """One of (value, words), by its number. `told`: they were said before, and list says them again."""

        def show() -> None:
            for number, (_value, words) in enumerate(choices, 1):
                self.say(f"{number}. {words}")

        if not told:
            show()
        while True:
            text = self.ask(prompt, key, default=str(default) if default else "", again=show)
            if not text and default:
                return choices[default - 1][0]
            if text.isascii() and text.isdigit() and 1 <= int(text) <= len(choices):
                return choices[int(text) - 1][0]
            if any(text == value for value, _words in choices):
                return text
            self.problems([_("Give a number from 1 to {count}.").format(count=len(choices))])

    def _command(
        self, text: str, help_lines: Callable[[], Sequence[str]] | None, again: Callable[[], None] | None
    ) -> bool:
        """Do what a command says; False where it is none."""
        if text == HELP:
            self.say(*(help_lines() if help_lines else ()), *commands())
            return True
        if text == BACK:
            raise Back
        if text == QUIT:
            raise Leave
        if text == LIST and again is not None:
            again()
            return True
        if text == PAGES:
            raise GoTo("")
        word, _space, page = text.partition(" ")
        if word == GO and page:
            raise GoTo(page.strip())
        return False

    # Answers from a file

    def there(self) -> bool:
        """Whether somebody, or something, can go on where the file has no answer."""
        return self.answers is None or not self.answers.start

    def stop_here(self, key: str) -> None:
        """The file's answer does not lead on: hand over to whoever is there. Raises WizardError where nobody is."""
        if self.answers is None:
            return
        if self.answers.start:
            raise self._unanswered(key)
        self.say(_("The answers file does not lead on from here: go on by hand."))
        self.answers = None

    def _from_file(self, shown: str, key: str) -> str | None:
        """The file's answer as if typed, an empty line where it has none and it was not asked before; None: ask."""
        if self.answers is None:
            return None
        if key in self._given or not key:
            self.stop_here(key or shown.rstrip(": "))
            return None
        self._given.add(key)
        text = self.answers.texts.get(key, "")
        if key in self.answers.texts and not text:
            text = NOTHING
        self.say(shown + text)
        return text

    def _unanswered(self, key: str) -> WizardError:
        assert self.answers is not None
        why = self._problem or _("It has no answer to {key}.").format(key=clean(key))
        return WizardError(
            what=_("The answers file {name} does not lead on from {key}: {why}").format(
                name=self.answers.path, key=clean(key), why=why
            ),
            changed=_("The answers before it are saved; the run did not begin."),
            remedy=_("Mend the file, or go on by hand: {command}").format(command=self.resume),
            exit_code=EXIT_FAILED,
        )


def commands() -> list[str]:
    """The words that work at every prompt."""
    return [
        _("Enter alone keeps what stands in brackets."),
        _("? says what the question is about."),
        _("< goes back to the question before, and from the first one to the page before."),
        _("list repeats the choices; /part gives only those that contain part."),
        _("pages lists all pages; go and a number, or a name, opens one."),
        _("quit leaves; everything is saved."),
        _("= before an answer takes it as it is, where it reads like one of these."),
    ]
