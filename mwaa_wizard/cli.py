"""The composition root: the only module that may bring the engine and the screens together.

Kept import-light: `--version` answers before click is loaded, and each command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from mwaa_wizard.errors import WizardError

PROGRAM = "mwaa-wizard"
COMMANDS = {
    "new": "mwaa_wizard.commands.answer:new",
    "set": "mwaa_wizard.commands.answer:set_",
    "show": "mwaa_wizard.commands.answer:show",
    "run": "mwaa_wizard.commands.run:run",
    "resume": "mwaa_wizard.commands.run:resume",
    "undo": "mwaa_wizard.commands.run:undo",
    "preflight": "mwaa_wizard.commands.preflight:preflight",
    "cutover": "mwaa_wizard.commands.cutover:cutover",
    "cleanup": "mwaa_wizard.commands.cleanup:cleanup",
    "sessions": "mwaa_wizard.commands.sessions:sessions",
    "answers": "mwaa_wizard.commands.answers:answers",
    "policy": "mwaa_wizard.commands.policy:policy",
    "secret": "mwaa_wizard.commands.secret:secret",
    "report": "mwaa_wizard.commands.report:report",
    "support": "mwaa_wizard.commands.support:support",
    "mapping": "mwaa_wizard.commands.mapping:mapping",
    "routes": "mwaa_wizard.commands.routes:routes",
    "template": "mwaa_wizard.commands.template:template",
    "demo": "mwaa_wizard.commands.demo:demo",
    "sandbox": "mwaa_wizard.sandbox.commands:sandbox",
    "about": "mwaa_wizard.commands.about:about",
    "serve": "screens.web.command:serve",
    "locate": "mwaa_wizard.commands.sessions:locate",
}


def main() -> NoReturn:
    """Entry point of `mwaa-wizard`; exits with the codes of `errors.py`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from mwaa_wizard import __version__

        print(f"mwaa-wizard {__version__}")
        sys.exit(0)
    from mwaa_wizard import preferences
    from mwaa_wizard.commands.encoding import show_what_can_be
    from mwaa_wizard.i18n import asked_for, notice, use_language

    show_what_can_be()
    # Before click is: its options are declared with translated help.
    use_language(asked_for(sys.argv[1:]), saved=preferences.read().language)
    if told := notice():
        print(told, file=sys.stderr)
    if not sys.argv[1:]:
        # The common case skips click: the first screen paints sooner.
        _guarded(lambda: open_wizard(page="start"))
    _guarded(_command)


def open_wizard(
    *,
    page: str,
    session_id: str | None = None,
    profile: str | None = None,
    region: str | None = None,
    go_on: bool = False,
    mouse: bool = True,
    theme: str = "",
    dry_run: bool = False,
    plain: bool = False,
    answers: str | None = None,
) -> int:
    """Open the wizard, full-screen or in plain lines, and return its exit code. `answers` is a file that is played.

    Raises WizardError where there is no terminal to draw on.
    """
    from dataclasses import replace

    from mwaa_wizard.commands.encoding import can_draw
    from mwaa_wizard.commands.terminal import in_browser, measure_terminal, require_terminal, wants_plain

    found = None
    if answers is not None:
        from mwaa_wizard.front.answers_file import load

        found = load(answers)
    if plain or wants_plain():
        if not plain and not can_draw():
            from mwaa_wizard.i18n import _

            words = _("This terminal's encoding ({encoding}) has no signs to draw with, so the wizard asks in plain "
                      "lines.")  # fmt: skip
            print(words.format(encoding=sys.stderr.encoding), file=sys.stderr)
        return _open_plain(session_id, profile, region, go_on=go_on, dry_run=dry_run, answers=found)
    require_terminal()
    measure_terminal()
    from mwaa_wizard.commands.reach import reach
    from screens.app import run_app
    from screens.start_request import StartRequest

    request = StartRequest(
        page=page,
        session_id=session_id,
        profile=profile,
        region=region,
        go_on=go_on,
        mouse=mouse,
        theme=theme,
        dry_run=dry_run,
        answers=found,
        reach=reach,
    )
    code = run_app(request)
    while code == StartRequest.WANTS_DEMO and not in_browser():
        from mwaa_wizard.commands.demo import begin

        info = begin()
        code = run_app(replace(request, page="start", session_id=None, profile=info.profile, region=info.region))
    return code


def _open_plain(session_id: str | None, profile: str | None, region: str | None, **more: Any) -> int:
    """The wizard as plain lines."""
    from dataclasses import replace

    from mwaa_wizard.commands.reach import SANDBOX_PROFILE, reach
    from mwaa_wizard.prompts.wizard import WANTS_DEMO, PlainRequest, run_plain

    request = PlainRequest(
        session_id=session_id, profile=profile, region=region, reach=reach, sandbox=profile == SANDBOX_PROFILE, **more
    )
    code = run_plain(request)
    while code == WANTS_DEMO:
        from mwaa_wizard.commands.demo import begin

        info = begin()
        code = run_plain(replace(request, session_id=None, profile=info.profile, region=info.region, sandbox=True))
    return code


def _guarded(action: object) -> NoReturn:
    from mwaa_wizard.errors import EXIT_USAGE, WizardError

    try:
        code = action()  # type: ignore[operator]
        sys.stdout.flush()
    except WizardError as problem:
        sys.exit(_tell(problem))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(_nobody_reads())
    except OSError as problem:
        # A full disk, a folder that is not ours: the user's to mend, and no fault of the program.
        from mwaa_wizard.aws.errors import translate

        sys.exit(_tell(translate(problem)))
    except Exception as problem:
        if type(problem).__name__ == "Abort":  # click's, for Ctrl-C and the end of input
            sys.exit(130)
        shown = getattr(problem, "show", None)
        if shown is None:
            from mwaa_wizard.commands.crash import report_crash

            sys.exit(report_crash(problem))
        shown()
        sys.exit(EXIT_USAGE)
    sys.exit(code if isinstance(code, int) else 0)


def _tell(problem: WizardError) -> int:
    """Print the parts of an error and return its exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        _nobody_reads()
    for line in problem.lines():
        print(line, file=sys.stderr)
    return problem.exit_code


def _nobody_reads() -> int:
    """The reader of our output went away (`| head`), or it is full: what is still held must not fail again at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 141


def _command() -> object:
    """Run the command that the arguments name, whatever way the program was started.

    click's own `main` would end the process with code 1 where the reader of our output went away.
    """
    import os

    import click

    from mwaa_wizard.commands.group import make_group

    group = make_group(COMMANDS, open_wizard)
    if "_MWAA_WIZARD_COMPLETE" in os.environ:  # click's shell completion
        return group.main(prog_name=PROGRAM)
    try:
        with group.make_context(PROGRAM, sys.argv[1:]) as context:
            return group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
