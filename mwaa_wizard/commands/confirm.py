"""The questions of the command line, and what is said where they cannot be asked."""

from __future__ import annotations

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _


def confirm(question: str, *, as_json: bool = False) -> None:
    """Ask; return for a yes. Raises WizardError (usage) for a no, without a terminal, and where output is JSON."""
    from mwaa_wizard.commands.terminal import has_terminal

    if as_json or not has_terminal():
        raise WizardError(
            what=_("This needs a yes, and there is no terminal to ask on.")
            if not as_json
            else _("This needs a yes, and with --json nothing is asked."),
            changed=_("Nothing was changed."),
            remedy=_("Add --yes."),
            exit_code=EXIT_USAGE,
        )
    if not yes(question):
        raise WizardError(what=_("Not confirmed."), changed=_("Nothing was changed."), exit_code=EXIT_USAGE)


def ask(question: str) -> bool:
    """Ask in the middle of a run that was confirmed on this terminal; Ctrl-C is a no."""
    try:
        return yes(question)
    except (KeyboardInterrupt, EOFError):
        return False


def yes(question: str, *, default: bool = False) -> bool:
    """Ask on this terminal; in a plain line where it can, or is meant to, show no more. Raises KeyboardInterrupt."""
    from mwaa_wizard.commands.terminal import is_accessible, is_dumb

    if is_dumb() or is_accessible():
        from mwaa_wizard.prompts.lines import Lines
        from mwaa_wizard.prompts.talk import Back, GoTo, Leave, Talk

        try:
            return Talk(Lines()).yes(question, default=default)
        except (Back, GoTo, Leave):
            return False
    import questionary

    return bool(questionary.confirm(question, default=default).unsafe_ask())
