"""`policy`: the IAM documents of a session, byte for byte what the wizard shows and copies."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Any

import click

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.commands.policy_live import Way
    from mwaa_wizard.policies.alone import Given
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.principals import Piece
    from mwaa_wizard.session.model import Session

FORMS = ("json", "cli", "cloudformation", "terraform")


@click.command(help=_("Print an IAM policy of a session, to paste elsewhere."))
@click.argument("session_id", metavar="SESSION", required=False)
@click.option("--for", "which", required=True, metavar="WHO", help=_("Whose policy; --for help lists them."))
@click.option("--format", "form", type=click.Choice(FORMS), default="json", show_default=True)
@click.option("--explain", is_flag=True, help=_("Say on standard error why each statement is there."))
@click.option("--check", "way", flag_value="check", help=_("Ask AWS whether each statement counts now; print that."))
@click.option("--diff", "way", flag_value="diff", help=_("Print what is there now beside it."))
@click.option("--attach", "way", flag_value="attach", help=_("Put it on its role, as the run would."))
@click.option("--detach", "way", flag_value="detach", help=_("Take it off, where the wizard put it there."))
@click.option("--yes", is_flag=True, help=_("With --attach and --detach: do not ask."))
@click.option("--env", help=_("Without a session: the environment."))
@click.option("--account", help=_("Without a session: the account's number."))
@click.option("--region", help=_("Without a session: the environment's region."))
@click.option("--role", help=_("For ui-users: Admin, Op, User, Viewer, Public, or a role of your own."))
@click.option("--dag", "dags", multiple=True, metavar="ID", help=_("For a role of your own: a DAG it is limited to."))
@click.option("--bucket", help=_("For execution-role and planning: the bucket of the DAGs."))
@click.option("--execution-role", metavar="ARN", help=_("For planning: the environment's role."))
@click.option("--kms-key", metavar="ARN", help=_("For execution-role, secrets and kms-key: a key of your own."))
@click.option("--backend", type=click.Choice(["secrets-manager", "ssm"]), default="secrets-manager",
              show_default=True, help=_("For secrets: where Airflow reads them."))
@click.option("--prefix", help=_("For secrets: what comes before /connections and /variables (airflow)."))
def policy(
    session_id: str | None, which: str, form: Form, explain: bool, way: Way | None, yes: bool, **given: Any,
) -> int:  # fmt: skip
    from mwaa_wizard.front import engine_policies
    from mwaa_wizard.policies import alone

    options = alone.Given(**given)
    if session_id is None:
        if found := alone.problem(which, options):
            raise click.UsageError(found)
        if way:
            words = _("--{way} needs a SESSION: it asks AWS with the session's profiles.")
            raise click.UsageError(words.format(way=way))
        piece = alone.piece(which, options)
    else:
        several: dict[str, dict[str, Any]] = {"ui-users": {"role": None, "dags": ()}, "secrets": {"kms_key": None}}
        allowed = several.get(which, {})
        if dataclasses.replace(options, **allowed).any() or (way and options.any()):
            raise click.UsageError(_("A SESSION says where and who; leave out the options for documents without one."))
        if found := alone.misshapen(options):
            raise click.UsageError(found)
        from mwaa_wizard.commands.reach import reach
        from mwaa_wizard.session import store

        session = store.load(session_id)
        reach(session)
        pieces = engine_policies.asked(session).found.pieces()
        piece = _for_people(session, pieces, options) if which == "ui-users" else _named(pieces, which)
        if options.kms_key:
            from mwaa_wizard.policies.secrets_backend import with_key

            piece = dataclasses.replace(piece, policy=with_key(piece.policy, options.kms_key))
        if way:
            from mwaa_wizard.commands import policy_live

            return policy_live.carry_out(way, session, piece, yes=yes)
    if form not in engine_policies.forms(piece):
        told = _("{name} comes as JSON only: its statements are added to the key's policy, which is not replaced.")
        raise click.UsageError(told.format(name=piece.name))
    sys.stdout.write(engine_policies.text(piece, form))
    if explain:
        _explained(piece)
    return 0


def _for_people(session: Session, pieces: dict[str, Piece], options: Given) -> Piece:
    """The document for one role of the target, also one of your own; where the target is, its other documents say."""
    from mwaa_wizard.policies import alone

    resource = str(pieces["ui-viewer"].policy.document["Statement"][0]["Resource"])
    _arn, _partition, _service, region, account, _name = resource.split(":", 5)
    given = dataclasses.replace(options, env=session.target.environment, region=region, account=account)
    if found := alone.problem("ui-users", given):
        raise click.UsageError(found)
    return alone.piece("ui-users", given)


def _named(pieces: dict[str, Piece], which: str) -> Piece:
    """The document of a name; a usage error that lists the names otherwise."""
    if which in pieces:
        return pieces[which]
    listed = "\n".join(f"  {name}  {piece.label}".rstrip() for name, piece in pieces.items())
    raise click.UsageError(_("This session has no policy {name}. There are:").format(name=which) + "\n" + listed)


def _explained(piece: Piece) -> None:
    from mwaa_wizard.front import engine_policies

    used, most = engine_policies.sizes(piece)
    lines = [_("Attach to {arn}").format(arn=piece.policy.attach_to_arn)] if piece.policy.attach_to_arn else []
    lines += [_("Policy name: {name}").format(name=piece.policy.name), piece.whose]
    lines.append(_("{used:,} of {most:,} characters").format(used=used, most=most))
    lines += [f"{sid}: {why}" for sid, why in piece.policy.why.items()]
    lines += piece.policy.after
    lines += [f"✘ {one}" for one in engine_policies.problems(piece)]
    for line in lines:
        click.echo(line, err=True)
