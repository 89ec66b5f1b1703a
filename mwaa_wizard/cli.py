"""The composition root: the only module that may bring the engine and the screens together.

Kept import-light: `--version` answers before click is loaded, and each command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from mwaa_wizard.errors import WizardError

PROGRAM = "mwaa-wizard"
COMMANDS = {
    "run": "mwaa_wizard.commands.run:run",
    "resume": "mwaa_wizard.commands.run:resume",
    "undo": "mwaa_wizard.commands.run:undo",
    "sessions": "mwaa_wizard.commands.sessions:sessions",
    "policy": "mwaa_wizard.commands.policy:policy",
    "secret": "mwaa_wizard.commands.secret:secret",
    "report": "mwaa_wizard.commands.report:report",
    "mapping": "mwaa_wizard.commands.mapping:mapping",
    "routes": "mwaa_wizard.commands.routes:routes",
    "template": "mwaa_wizard.commands.template:template",
    "demo": "mwaa_wizard.commands.demo:demo",
    "sandbox": "mwaa_wizard.sandbox.commands:sandbox",
    "locate": "mwaa_wizard.commands.sessions:locate",
}


def main() -> NoReturn:
    """Entry point of `mwaa-wizard`; exits with the codes of `errors.py`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from mwaa_wizard import __version__

        print(f"mwaa-wizard {__version__}")
        sys.exit(0)
    from mwaa_wizard.i18n import use_language

    use_language()
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
) -> int:
    """Open the full-screen wizard and return its exit code.

    Raises WizardError where there is no terminal to draw on.
    """
    from mwaa_wizard.commands.terminal import measure_terminal, require_terminal

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
        reach=reach,
    )
    code = run_app(request)
    while code == StartRequest.WANTS_DEMO:
        from mwaa_wizard.commands.demo import begin

        info = begin()
        code = run_app(StartRequest(page="start", profile=info.profile, region=info.region, mouse=mouse, reach=reach))
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
