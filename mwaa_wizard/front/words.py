"""Small phrases in which pages say the same thing the same way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.report.kinds import kind_word as kind_word
from mwaa_wizard.text import clean, pieces, width


def account(number: str) -> str:
    """`1111-2222-3333`, as the console writes account numbers."""
    return "-".join((number[:4], number[4:8], number[8:])) if len(number) == 12 else clean(number)


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """`3 min ago`, `yesterday`, `12 Nov`."""
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{count} min ago").format(count=int(seconds // 60))
    if seconds < 86400 and then.date() == now.date():
        return _("{count} h ago").format(count=int(seconds // 3600))
    if (now.date() - then.date()).days <= 1:
        return _("yesterday")
    if then.year == now.year:
        return _("{day} {month}").format(day=then.day, month=_month(then.month))
    return _("{day} {month} {year}").format(day=then.day, month=_month(then.month), year=then.year)


def _month(number: int) -> str:
    return (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )[number - 1]  # fmt: skip


def age(created: str, today: dt.date) -> str:
    """How old something made on a day (YYYY-MM-DD) is: `12 d`, `5 mo`, `2 y`; empty where the day is not known."""
    try:
        days = (today - dt.date.fromisoformat(created)).days
    except ValueError:
        return ""
    if days < 60:
        return _("{count} d").format(count=max(0, days))
    return _("{count} mo").format(count=days // 30) if days < 730 else _("{count} y").format(count=days // 365)


def worded(problem: WizardError | OSError) -> WizardError:
    """A refusal of this machine (a full disk, a folder that is not ours) told as every other one."""
    if isinstance(problem, WizardError):
        return problem
    from mwaa_wizard.aws.errors import translate

    return translate(problem)


def to_mend(count: int) -> str:
    """`1 to mend`."""
    return ngettext("{count} to mend", "{count} to mend", count).format(count=count)


def shorten(text: str, cells: int) -> str:
    """`text` cut with an ellipsis to at most `cells` terminal cells, not padded."""
    if width(text) <= cells:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > cells - 1:
            break
        kept += char
    return kept + "…" if cells > 0 else ""


def shorten_middle(text: str, cells: int) -> str:
    """`text` with its middle left out: the ends of ARNs and paths tell them apart."""
    if width(text) <= cells or cells < 5:
        return shorten(text, cells)
    tail = text[-(cells * 2 // 3) :]
    while width(tail) > cells * 2 // 3:
        tail = tail[1:]
    return shorten(text, cells - width(tail)) + tail


def shown_path(path: str | Path) -> str:
    """A path below the home folder with `~`, as shells take it too; others as they are."""
    text, home = str(path), str(Path.home())
    return clean("~" + text[len(home) :] if home != "/" and text.startswith(home + "/") else text)


def shorten_value(text: str, cells: int) -> str:
    """A setting's value in `cells`: of an ARN the name at its end, of anything else the beginning."""
    if width(text) <= cells or not text.startswith("arn:"):
        return shorten(text, cells)
    name = text.rpartition("/" if "/" in text else ":")[2]
    whole = f"…/{name}"
    return whole if width(whole) <= cells else "…" + whole[-(cells - 1) :]


def wrap(text: str, cells: int, indent: str, first: str) -> list[str]:
    """`text` in lines of at most `cells`, the first begun by `first`, the others by `indent`; words stay whole."""
    lines, line, end = [], first, 0
    for begin, after in pieces(text):
        # Sentences that were put together stand one behind the other in Japanese, without a space.
        word, gap = text[begin:after], " " * (begin > end and text[end - 1] != "。")
        end = after
        start = line in (first, indent)
        if not start and width(line) + len(gap) + width(word) > cells:
            lines.append(line)
            line, start = indent, True
        line += word if start else gap + word
        while width(line) > cells > width(indent) + 2:
            kept = shorten(line, cells + 1)[:-1]
            lines.append(kept)
            line = indent + line[len(kept) :]
    return [*lines, line]
