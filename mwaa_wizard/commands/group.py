"""The click group whose subcommands are imported only when they are called."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial

import click

from mwaa_wizard import __version__, readonly
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, languages, listed

from .click_words import speak


class LazyGroup(click.Group):
    """Finds a command as `module:name` on first use."""

    targets: Mapping[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.targets)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = self.targets.get(cmd_name)
        if target is None:
            return None
        module, name = target.split(":")
        try:
            command = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as problem:
            if (problem.name or "").split(".")[0] in ("mwaa_wizard", "screens"):
                raise
            raise WizardError(
                what=_("The command {command} needs the package {package}.").format(
                    command=cmd_name, package=problem.name
                ),
                changed=_("Nothing was changed."),
                remedy=_('Install the extra: pip install "mwaa-wizard[{extra}]"').format(
                    extra="web" if cmd_name == "serve" else "sandbox"
                ),
            ) from None
        assert isinstance(command, click.Command)
        return command


def make_group(targets: Mapping[str, str], open_wizard: Callable[..., int]) -> click.Group:
    """The `mwaa-wizard` command. Without a subcommand it opens the wizard through `open_wizard`."""
    speak()

    @click.group(
        cls=LazyGroup,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=_("Move an Apache Airflow, with its history and secrets, to Amazon MWAA."),
    )
    @click.version_option(__version__, "-V", "--version", message="mwaa-wizard %(version)s")
    @click.option("--profile", help=_("AWS profile to start with."))
    @click.option("--region", help=_("AWS region to start with."))
    @click.option("--session", "session_id", help=_("Open this saved session."))
    @click.option("--plain", is_flag=True, help=_("Questions and progress as plain lines; also ACCESSIBLE=1."))
    @click.option("--answers", metavar="FILE", help=_("Play a file of answers; see: mwaa-wizard answers SESSION."))
    @click.option("--no-mouse", is_flag=True, help=_("Leave the mouse to the terminal (native selection)."))
    @click.option("--theme", default="", help=_("Colours: dark, light, contrast, 16, or a theme of Textual's."))
    @click.option("--read-only", is_flag=True, help=_("Start nothing that changes AWS; also MWAA_WIZARD_READ_ONLY=1."))
    @click.option("--dry-run", is_flag=True, help=_("A run only says what it would do."))
    # Read by the command line's first look (cli.main), before this is declared.
    @click.option("--lang", metavar="CODE", expose_value=False, help=_("Language of the interface: {codes}.").format(
        codes=listed(languages())))  # fmt: skip
    @click.pass_context
    def group(
        ctx: click.Context,
        profile: str | None,
        region: str | None,
        session_id: str | None,
        plain: bool,
        answers: str | None,
        no_mouse: bool,
        theme: str,
        read_only: bool,
        dry_run: bool,
    ) -> int:
        if read_only:
            readonly.switch_on()
        ctx.obj = partial(
            open_wizard, mouse=not no_mouse, theme=theme, dry_run=dry_run, plain=plain, answers=answers
        )
        if ctx.invoked_subcommand is None:
            page = "session" if session_id else "start"
            return int(ctx.obj(page=page, session_id=session_id, profile=profile, region=region))
        return 0

    assert isinstance(group, LazyGroup)
    group.targets = targets
    return group
