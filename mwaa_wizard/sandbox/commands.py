"""The `mwaa-wizard sandbox` commands."""

from __future__ import annotations

import click

from mwaa_wizard.i18n import _, listed


@click.group(
    help=_("A local AWS with real Airflow environments, on this machine only."),
    short_help=_("A local AWS with real Airflow environments."),
)
def sandbox() -> None:
    """Group of the sandbox commands."""


def _fail(error: Exception) -> None:
    from mwaa_wizard.errors import WizardError

    assert isinstance(error, WizardError)
    for line in error.lines():
        click.echo(line, err=True)
    raise SystemExit(error.exit_code)


@sandbox.command(
    help=_("Bring environments up; NAME=VERSION, for example analytics-prod=2.8.1."),
    short_help=_("Bring environments up, like analytics-prod=2.8.1."),
)
@click.argument("specs", metavar="NAME=VERSION...", nargs=-1, required=True)
@click.option(
    "--data", type=click.Choice(["small", "large", "none"]), default="small", show_default=True,
    help=_("How much history, variables and connections to put into a new environment."),
)  # fmt: skip
@click.option("--profile", default="", help=_("In the account of this profile (sandbox account adds one)."))
def up(specs: tuple[str, ...], data: str, profile: str) -> None:
    """Start the sandbox if needed, add the environments, wait until they are AVAILABLE."""
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        result = control.up(
            [control.parse_spec(text) for text in specs], data, lambda line: click.echo(line, err=True), profile=profile
        )
    except WizardError as error:
        _fail(error)
    except KeyboardInterrupt:
        click.echo("", err=True)
        current = control.status()
        names = listed(f"{found.name} ({found.status})" for found in current.environments) or _("none yet")
        said = _("Interrupted. The sandbox goes on in the background; environments: {names}.").format(names=names)
        click.echo(said, err=True)
        click.echo(_("See it with `mwaa-wizard sandbox status`, end it with `mwaa-wizard sandbox down`."), err=True)
        raise SystemExit(130) from None
    else:
        _show(result)


@sandbox.command(help=_("Add another account with its own credentials and network, for example 222233334444."))
@click.argument("account_id", metavar="ACCOUNT")
@click.option("--region", default="eu-west-1", show_default=True)
@click.option("--profile", default="sandbox-2", show_default=True, help=_("The profile of the account's operator."))
def account(account_id: str, region: str, profile: str) -> None:
    """Start the sandbox if needed, add the account, print its profile and network."""
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        added = control.add_account(account_id, region, profile, lambda line: click.echo(line, err=True))
    except WizardError as error:
        _fail(error)
    else:
        click.echo(_("Profile {profile}, region {region}, account {account}").format(
            profile=added.profile, region=added.region, account=added.account
        ))  # fmt: skip
        click.echo(f"  subnets         {' '.join(added.subnet_ids)}")
        click.echo(f"  security_groups {' '.join(added.security_group_ids)}")


@sandbox.command(help=_("Count the calls made so far, by caller, region, service and owner."))
@click.option("--json", "as_json", is_flag=True, help=_("Machine-readable."))
def calls(as_json: bool) -> None:
    """Every kind of call with its count."""
    import json

    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        rows = control.calls()
    except WizardError as error:
        _fail(error)
    else:
        if as_json:
            click.echo(json.dumps(rows, indent=1))
            return
        for row in rows:
            where = "" if row["owner"] == row["account"] else f"  → {row['owner']}"
            click.echo(f"{row['count']:>7}  {row['account']} {row['region']:<14} {row['service']}:{row['operation']}"
                       f"  {row['caller']}{where}")  # fmt: skip


@sandbox.command(help=_("Show what runs."))
@click.option("--json", "as_json", is_flag=True, help=_("Machine-readable."))
def status(as_json: bool) -> None:
    """Every environment with its version, status, addresses and folders."""
    from mwaa_wizard.sandbox import control

    current = control.status()
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps(asdict(current), indent=2))
    else:
        _show(current)


@sandbox.command(help=_("Print the exports that point boto3 and the AWS CLI at the sandbox."))
def env() -> None:
    """For `eval "$(mwaa-wizard sandbox env)"`."""
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        for line in control.env_lines():
            click.echo(line)
    except WizardError as error:
        _fail(error)


@sandbox.command(help=_("End the sandbox and everything it started."))
@click.option("--wipe", is_flag=True, help=_("Also remove its data, installed Airflows and databases."))
def down(wipe: bool) -> None:
    """Ask the daemon to stop; end by hand whatever it leaves."""
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        control.down(wipe=wipe, progress=lambda line: click.echo(line, err=True))
    except WizardError as error:
        _fail(error)
    click.echo(_("The sandbox is down."))


def _show(current: object) -> None:
    from mwaa_wizard.sandbox.state import Status

    assert isinstance(current, Status)
    if not current.running:
        click.echo(_("No sandbox is running."))
    else:
        click.echo(_("Endpoint {url}, profile {profile}, region {region}, account {account}").format(
            url=current.endpoint_url, profile=current.profile, region=current.region, account=current.account
        ))  # fmt: skip
        for place in current.accounts:
            if place.profile != current.profile:
                click.echo(_("Also profile {profile}, region {region}, account {account}").format(
                    profile=place.profile, region=place.region, account=place.account
                ))  # fmt: skip
    for found in current.environments:
        click.echo(f"\n{found.name}  Airflow {found.version}  {found.status}")
        if found.account and (found.account, found.region) != (current.account, current.region):
            click.echo(f"  {'account':<14} {found.account} {found.region}")
        rows = (
            ("database_uri", found.database_uri), ("webserver_url", found.webserver_url), ("bucket", found.bucket),
            ("role", found.role_arn), ("home", found.home), ("log_folder", found.log_folder), ("error", found.error),
        )  # fmt: skip
        for label, value in rows:
            if value:
                click.echo(f"  {label:<14} {value}")
