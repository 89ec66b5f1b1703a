"""`policy` at AWS: whether a document counts, what is there beside it, attaching it, taking it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_policies import Compared
    from mwaa_wizard.policies.live import Checked
    from mwaa_wizard.policies.principals import Piece
    from mwaa_wizard.session.model import Session

Way = Literal["check", "diff", "attach", "detach"]


def carry_out(way: Way, session: Session, piece: Piece, *, yes: bool) -> int:
    """Do it, and return the exit code. Raises WizardError."""
    from mwaa_wizard.front import engine_policies

    if way == "check":
        return told(engine_policies.checked(session, piece))
    if way == "diff":
        return compared(engine_policies.compared(session, piece))
    return _changed(way, session, piece, yes=yes)


def told(found: Checked) -> int:
    """The verdicts, one a line, what Access Analyzer says below; 0 where all that can be asked about is allowed."""
    from mwaa_wizard.front import policy_said

    words = {"allowed": _("allowed"), "denied": _("not allowed now"), "unknown": _("not known")}
    marks = {"allowed": "✔", "denied": "✘", "unknown": "?"}
    analysis = found.analysis
    for one in found.verdicts:
        click.echo(f"{marks[one.state]} {one.sid}  {words[one.state]}" + (f": {one.detail}" if one.detail else ""))
        for finding in analysis.of(one.sid) if analysis else ():
            click.echo(f"    {policy_said.finding(finding)}")
    for finding in analysis.of("") if analysis else ():
        click.echo(policy_said.finding(finding))
    if found.note:
        click.echo(found.note, err=True)
    if analysis:
        click.echo(policy_said.analysed(analysis), err=True)
    click.echo(_("Asked at {time}.").format(time=found.at), err=True)
    return 0 if found.good else 1


def compared(found: Compared) -> int:
    """What is there beside the document, in words and lines; 0 where nothing differs."""
    from mwaa_wizard.front import policy_said

    signs, covered = {"same": "=", "new": "+", "changed": "~", "gone": "-"}, dict(found.covered)
    if found.note:
        click.echo(found.note, err=True)
    for one in found.differences:
        click.echo(f"{signs[one.change]} {one.sid}: {policy_said.difference(one, covered)}")
    if found.lines:
        click.echo()
    for sign, line in found.lines:
        click.echo("..." if sign == "@" else f"{sign} {line}")
    return 0 if found.differences and all(one.change == "same" for one in found.differences) else 1


def _changed(way: Way, session: Session, piece: Piece, *, yes: bool) -> int:
    from mwaa_wizard.commands.confirm import confirm
    from mwaa_wizard.front import engine_policies, policy_said
    from mwaa_wizard.front.words import account
    from mwaa_wizard.policies.live import side_of
    from mwaa_wizard.session import store

    policy, number = piece.policy, account(session.connection(side_of(piece)).account)
    with store.Lock(session.id):
        if way == "attach":
            if not yes and piece.applies:
                click.echo(policy_said.attach_question(policy.name, policy.attach_to_arn, number))
                confirm(_("Attach this policy now?"))
            lines = engine_policies.applied(session, piece)
        else:
            if not yes and engine_policies.is_attached(session, piece):
                click.echo(policy_said.detach_question(policy.name, policy.attach_to_arn, number))
                confirm(_("Take this policy off now?"))
            lines = engine_policies.detached(session, piece)
    for line in lines:
        click.echo(line)
    return 0
