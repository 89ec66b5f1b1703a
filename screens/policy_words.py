"""What page Policies says: header, verdicts, reasons and comparisons, as short sentences with a mark in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.content import Content

from mwaa_wizard.front import engine_policies, policy_said
from mwaa_wizard.front.words import shorten, shorten_middle, wrap
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean, width

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_policies import Compared
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.live import Checked
    from mwaa_wizard.policies.principals import Piece

_MARKS = {"allowed": "✔", "denied": "✘", "unknown": "?"}
_FORMS = {"json": "JSON", "cli": "AWS CLI", "cloudformation": "CloudFormation", "terraform": "Terraform"}


def side(piece: Piece) -> Literal["source", "target"]:
    """Whose account a document belongs to."""
    from mwaa_wizard.policies.live import side_of

    return side_of(piece)


def form_title(form: Form) -> str:
    """What a form is called."""
    return _FORMS[form]


def facts(piece: Piece, text: str, checked: Checked | None, cells: int) -> Content:
    """Where it goes, how large it is against the limit, and what the checks say: three lines."""
    used, most = engine_policies.sizes(piece)
    where = clean(piece.policy.attach_to_arn)
    if piece.policy.principal == "ui-users":
        where = _("people and programs, by their role or permission set")
    head = _("Attach to {arn}").format(arn="\0")
    room = cells - width(head.replace("\0", ""))
    first = head.replace("\0", shorten_middle(where or _("(not known yet)"), room))
    lines = text.count("\n")
    size = ngettext("{n} line", "{n} lines", lines).format(n=lines)
    second = f"{listed([clean(piece.policy.name), f'{used:,} / {most:,}'])} · {size}"
    return Content("\n").join([Content(first), Content(shorten(second, cells)), _verdict(piece, checked, cells)])


def _verdict(piece: Piece, checked: Checked | None, cells: int) -> Content:
    problems = engine_policies.problems(piece)
    if problems:
        more = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
        return Content.styled(shorten(f"✘ {clean(problems[0])}", cells - len(more)) + more, "$text-error")
    if checked is None:
        text = _("✔ grammar, size, actions ({date}) · k asks AWS").format(date=engine_policies.actions_date())
        return Content.styled(shorten(text, cells), "$text-success")
    good = checked.good
    return Content.styled(shorten(summary(checked), cells), "$text-success" if good else "$text-warning")


def summary(checked: Checked) -> str:
    """`✔ 3 allowed  ✘ 1 refused  ? 1 not known · asked 03:12:00Z`."""
    counts = {state: sum(one.state == state for one in checked.verdicts) for state in _MARKS}
    words = {
        "allowed": ngettext("{n} allowed", "{n} allowed", counts["allowed"]),
        "denied": ngettext("{n} not allowed now", "{n} not allowed now", counts["denied"]),
        "unknown": ngettext("{n} not known", "{n} not known", counts["unknown"]),
    }
    parts = [f"{_MARKS[state]} {words[state].format(n=count)}" for state, count in counts.items() if count]
    said = " · ".join(["  ".join(parts), *_analyzer(checked), _("asked {time}").format(time=checked.at)])
    return f"{said} · {clean(checked.note)}" if checked.note else said


def _analyzer(checked: Checked) -> list[str]:
    """`Access Analyzer ✔`, or how many findings it has; `?` where it could not be asked."""
    analysis = checked.analysis
    if analysis is None:
        return []
    count = len(analysis.findings)
    return [f"Access Analyzer {'?' if analysis.note else f'! {count}' if count else '✔'}"]


def marks(checked: Checked | None) -> dict[str, str]:
    """Sid -> the mark beside its line: what IAM says, unless Access Analyzer has something against the statement."""
    if checked is None:
        return {}
    found = {one.sid: _MARKS[one.state] for one in checked.verdicts}
    for one in reversed(checked.analysis.findings if checked.analysis else ()):  # the gravest come first, and last here
        if one.kind == "ERROR" or found.get(one.sid) != _MARKS["denied"]:
            found[one.sid] = _MARKS["denied"] if one.kind == "ERROR" else "!"
    return found


def verdict_of(checked: Checked | None, sid: str) -> list[str]:
    """What AWS said of one statement; without a Sid, of the whole document."""
    found = [f"{_MARKS[one.state]} {policy_said.verdict(one.state, one.detail)}"
             for one in (checked.verdicts if checked else ()) if sid and one.sid == sid]  # fmt: skip
    analysis = checked.analysis if checked else None
    if analysis is None:
        return found
    found += [f"{_MARKS['denied'] if one.kind == 'ERROR' else '!'} {policy_said.finding(one)}"
              for one in analysis.of(sid)]  # fmt: skip
    return found if sid else [*found, policy_said.analysed(analysis)]


def under_cursor(piece: Piece, sid: str, cells: int, mode: str, checked: Checked | None = None) -> Content:
    """Two lines: why the statement under the cursor is there; once AWS was asked, what it said of it."""
    if mode == "why":
        return Content.styled(shorten(clean(piece.whose), cells), "$text-muted")
    text = clean(piece.policy.why.get(sid, ""))
    if not text:
        rows = wrap(clean(piece.whose), cells, "", "")[:2]
        return Content.styled("\n".join(rows), "$text-muted")
    rows = wrap(text, cells, "  ", f"◂ {sid}: ")
    if said := verdict_of(checked, sid):
        # All room for what is wrong: why the statement is there is said under `h` and at the right.
        bad = [line for line in said if not line.startswith(_MARKS["allowed"])]
        rows = [shorten(f"◂ {sid}: {text}", cells), shorten(said[0], cells)]
        rows = wrap(" ".join(bad), cells, "  ", f"◂ {sid}: ") if bad else rows
    if len(rows) > 2:
        rows = [rows[0], shorten(rows[1] + " " + rows[2].strip(), cells)]
    return Content("\n".join(rows)).stylize("bold", 2, 2 + len(sid))


def reasons(piece: Piece, checked: Checked | None) -> list[tuple[str, str, str]]:
    """(mark, Sid, reason) of every statement, and what AWS said of it."""
    glyphs = marks(checked)
    found = [(glyphs.get(sid, "·"), sid, " ".join([why, *verdict_of(checked, sid)]))
             for sid, why in piece.policy.why.items()]  # fmt: skip
    more = [*verdict_of(checked, ""), *map(clean, piece.policy.after)]
    return [*found, *(("·", "", line) for line in more)]


def differences(compared: Compared) -> list[tuple[str, str, str]]:
    """(mark, Sid, words) of a comparison, what is to be said of the whole first."""
    signs = {"same": "=", "new": "+", "changed": "~", "gone": "-"}
    covered = dict(compared.covered)
    found = [("·", clean(compared.note), "")] if compared.note else []
    found += [(signs[one.change], one.sid, policy_said.difference(one, covered)) for one in compared.differences]
    return [*found, ("", "", "")] if compared.lines else found
