"""Policies: every document that page Policies has, numbered; each can be read in all forms, explained, compared, asked
about, attached, and saved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies, policy_files, policy_said
from mwaa_wizard.front.words import account
from mwaa_wizard.i18n import _, listed, ngettext

from .looking import look
from .talk import Back, Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_policies import Policies
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.principals import Piece

WHICH = "policies.which"
ON, ALL, AGAIN = "on", "all", "again"


def policies_page(talk: Talk, opened: Opened) -> None:
    """Say who needs what, then show whichever document is wanted. Raises Back."""
    policies = _asked(talk, opened)
    for line in policy_said.left_out(policies):
        talk.say(line)
    while True:
        pieces = policies.found.pieces()
        ways = [(ON, _("go on to the next page"))]
        for principal in policies.found.principals:
            ways += [(piece.name, _titled(principal.title, piece)) for piece in principal.pieces]
        ways += [(ALL, _("save all of them to files, as JSON")), (AGAIN, _("ask AWS again"))]
        way = talk.choose(_("Which document"), ways, WHICH)
        if way == ON:
            return
        if way == AGAIN:
            policies = _asked(talk, opened)
        elif way == ALL:
            for piece in pieces.values():
                _save(talk, opened, piece, "json", "")
        else:
            _document(talk, opened, pieces[way])


def _asked(talk: Talk, opened: Opened) -> Policies:
    """The documents with what AWS says today; where it says nothing, with what this machine knows."""
    refused: list[WizardError] = []

    def made() -> Policies:
        try:
            return engine_policies.asked(opened.session)
        except WizardError as problem:
            refused.append(problem)
            return engine_policies.draft(opened.session, opened.environment)

    policies = look(talk, _("Asking AWS who and where …"), made)
    for problem in refused:
        talk.error(problem)
    if policies.unread or refused:
        why = policies.unread or refused[0].what
        talk.say(_("From this machine only: {why}").format(why=why))
    talk.say(_("Each document allows what is needed and nothing more, and says who attaches it."))
    return policies


def _titled(title: str, piece: Piece) -> str:
    name = listed((title, piece.label)) if piece.label else title
    return name + (": " + _("something is to be mended") if engine_policies.problems(piece) else "")


def _document(talk: Talk, opened: Opened, piece: Piece) -> None:
    """One document until another is wanted."""
    policy = piece.policy
    used, most = engine_policies.sizes(piece)
    problems = engine_policies.problems(piece)
    talk.heading(_("Policy {name}").format(name=policy.name))
    where = policy.attach_to_arn or _("(not known yet)")
    if policy.principal == "ui-users":
        where = _("people and programs, by their role or permission set")
    talk.say(_("Attach to {arn}").format(arn=where), piece.whose)
    talk.say(_("{used:,} of {most:,} characters").format(used=used, most=most))
    count = len(policy.why)
    talk.say(ngettext("{n} statement", "{n} statements", count).format(n=count))
    talk.say(*(_("To mend: {why}").format(why=problem) for problem in problems))
    if not problems:
        talk.say(_("Grammar, size and actions are right, by AWS's list of {date}.").format(
            date=engine_policies.actions_date()))  # fmt: skip
    ways, told = _ways(opened, piece), False
    while True:
        try:
            way, told = talk.choose(_("What to do with it (list repeats the choices)"), ways, told=told), True
            if way == "other":
                return
            if way in engine_policies.forms(piece):
                talk.raw(engine_policies.text(piece, way).rstrip("\n"))
            elif way == "why":
                talk.say(*(f"{sid}: {why}" for sid, why in policy.why.items()), *policy.after)
            elif way == "diff":
                _compare(talk, opened, piece)
            elif way == "check":
                _check(talk, opened, piece)
            elif way == "attach":
                _attach(talk, opened, piece)
                ways, told = _ways(opened, piece), False
            elif way == "detach":
                _detach(talk, opened, piece)
                ways, told = _ways(opened, piece), False
            elif way == "save":
                _ask_save(talk, opened, piece)
        except Back:
            return
        except WizardError as problem:
            if not talk.there():
                raise
            talk.error(problem)


def _ways(opened: Opened, piece: Piece) -> list[tuple[str, str]]:
    from mwaa_wizard.policies.forms import title

    ways = [("other", _("another document"))]
    ways += [(form, _("print it: {form}").format(form=title(form))) for form in engine_policies.forms(piece)]
    ways += [
        ("why", _("why each statement is there")),
        ("diff", _("what is there now beside it")),
        ("check", _("ask AWS whether each statement counts now")),
        ("save", _("save it to a file")),
    ]
    if engine_policies.may_apply(piece):
        ways.append(("attach", _("attach it now")))
    if engine_policies.may_detach(opened.session, piece):
        ways.append(("detach", _("take it off again")))
    return ways


def _compare(talk: Talk, opened: Opened, piece: Piece) -> None:
    found = look(talk, _("Reading what is there now …"), lambda: engine_policies.compared(opened.session, piece))
    covered = dict(found.covered)
    talk.say(*([found.note] if found.note else []))
    talk.say(*(f"{one.sid}: {policy_said.difference(one, covered)}" for one in found.differences))


def _check(talk: Talk, opened: Opened, piece: Piece) -> None:
    what = _("Asking AWS whether it counts …")
    found = look(talk, what, lambda: engine_policies.checked(opened.session, piece))
    talk.say(*(f"{one.sid}: {policy_said.verdict(one.state, one.detail)}" for one in found.verdicts))
    talk.say(*([found.note] if found.note else []))
    if found.analysis:
        talk.say(*((f"{one.sid}: " if one.sid else "") + policy_said.finding(one) for one in found.analysis.findings))
        talk.say(policy_said.analysed(found.analysis))
    talk.say(_("Asked at {time}.").format(time=found.at))


def _attach(talk: Talk, opened: Opened, piece: Piece) -> None:
    """As the run would; asked for first."""
    from mwaa_wizard.policies.live import side_of

    connection, policy = opened.session.connection(side_of(piece)), piece.policy
    talk.say(policy_said.attach_question(policy.name, policy.attach_to_arn, account(connection.account)))
    if talk.yes(_("Attach this policy now?")):
        talk.say(*look(talk, _("Attaching the policy …"), lambda: engine_policies.applied(opened.session, piece)))
        _check(talk, opened, piece)


def _detach(talk: Talk, opened: Opened, piece: Piece) -> None:
    """What the wizard put there, and nothing else; asked for first."""
    from mwaa_wizard.policies.live import side_of

    connection, policy = opened.session.connection(side_of(piece)), piece.policy
    talk.say(policy_said.detach_question(policy.name, policy.attach_to_arn, account(connection.account)))
    if talk.yes(_("Take this policy off now?")):
        what = _("Taking the policy off …")
        talk.say(*look(talk, what, lambda: engine_policies.detached(opened.session, piece)))


def _ask_save(talk: Talk, opened: Opened, piece: Piece) -> None:
    from mwaa_wizard.policies.forms import title

    forms = engine_policies.forms(piece)
    form = forms[0]
    if len(forms) > 1:
        chosen = talk.choose(_("In which form"), [(one, title(one)) for one in forms])
        form = next(one for one in forms if one == chosen)
    start = str(policy_files.default_place(opened.session.id, piece.name, form))
    place = talk.ask(_("Save where"), default=start)
    had = policy_files.there(Path(place or start).expanduser())
    other = bool(place) and had is not None and had != engine_policies.text(piece, form)
    if not other or talk.yes(_("There is a file with another text. Replace it?")):
        _save(talk, opened, piece, form, "" if place in ("", start) else place)


def _save(talk: Talk, opened: Opened, piece: Piece, form: Form, place: str) -> None:
    text = engine_policies.text(piece, form)
    talk.say(policy_said.saved(policy_files.save(opened.session.id, piece.name, form, text, place)))
