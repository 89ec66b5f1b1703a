"""What every front-end says of a document: verdicts, differences, files; without a mark, which is the screens' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean

from .words import shown_path

if TYPE_CHECKING:
    from mwaa_wizard.policies.analyzed import Analysis, Finding
    from mwaa_wizard.policies.compare import Difference

    from .engine_policies import Policies
    from .policy_files import Saved


def verdict(state: str, detail: str) -> str:
    """What AWS said of one statement."""
    what = {"allowed": _("AWS allows it now."), "denied": _("Not allowed now: {what}").format(what=clean(detail)),
            "unknown": _("Not known: {why}").format(why=clean(detail))}[state]  # fmt: skip
    if state == "allowed" and detail:
        what += " " + _("By: {policies}").format(policies=clean(detail))
    return what


def difference(one: Difference, covered: dict[str, str]) -> str:
    """One statement beside what is there now. `covered`: Sid -> which of the role's other policies allow it."""
    words = {"same": _("there as it is here"), "new": _("not there"), "gone": _("there, and not in this document")}
    text = one.text if one.change == "changed" else words[one.change]
    if one.change == "new" and one.sid in covered:
        by = clean(covered[one.sid])
        text += ", " + (_("but allowed already by {policies}").format(policies=by) if by else
                        _("but allowed already; IAM does not say by which policy"))  # fmt: skip
    return text


def finding(one: Finding) -> str:
    """What Access Analyzer has against a document, with its place and AWS's code."""
    kinds = {"ERROR": _("error"), "SECURITY_WARNING": _("security warning"), "WARNING": _("warning"),
             "SUGGESTION": _("suggestion")}  # fmt: skip
    place = listed(clean(part) for part in (one.code, one.where) if part)
    return f"{listed(('Access Analyzer', kinds[one.kind]))}: {clean(one.text)} ({place})"


def analysed(analysis: Analysis) -> str:
    """All that Access Analyzer said, in one sentence; or why it said nothing."""
    if analysis.note:
        return clean(analysis.note)
    if not analysis.findings:
        return _("Access Analyzer has nothing against it.")
    count = len(analysis.findings)
    return ngettext("Access Analyzer has {n} finding.", "Access Analyzer has {n} findings.", count).format(n=count)


def left_out(policies: Policies) -> list[str]:
    """Who gets no document here, and why."""
    return [_("No document: {title}. {reason}").format(title=one.title, reason=one.reason)
            for one in policies.found.left_out]  # fmt: skip


def saved(result: Saved) -> str:
    """What became of the file."""
    path = shown_path(result.path)
    return {
        "new": _("Saved to {path}."),
        "same": _("Saved to {path} already, with the same text."),
        "replaced": _("Saved to {path}, in place of an older text."),
    }[result.how].format(path=path)


def attach_question(policy_name: str, arn: str, account: str) -> str:
    """What attaching a document now means."""
    words = _("{policy} goes on {arn}, in account {account}. The journal notes it first; clean-up and undo take it "
              "off, and the run finds it done.")  # fmt: skip
    return words.format(policy=policy_name, arn=arn, account=account)


def detach_question(policy_name: str, arn: str, account: str) -> str:
    """What taking a document off now means."""
    words = _("{policy} is taken off {arn}, in account {account}; nothing else of the role is touched. A run puts it "
              "on again when it needs it.")  # fmt: skip
    return words.format(policy=policy_name, arn=arn, account=account)
