"""A document as rows: line numbers, syntax in colour and weight, and which statement each line belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content, Span

from mwaa_wizard.front.words import shorten, wrap
from mwaa_wizard.text import clean, has_wide, width

_SID = re.compile(r"""^\s*(?:-\s*)?"?Sid"?\s*[:=]\s*"?([A-Za-z0-9]+)"?,?\s*$""")
GUTTER = 5  # cells of a line's number and its statement's mark
# Colours only help: what a key is, and where a comment begins, is told by weight as well.
_STYLES = {
    "comment": "italic $text-muted", "key": "bold $text-accent", "string": "$text-success", "option": "$text-warning",
    "word": "bold", "mark": "$text-muted",
}  # fmt: skip
_TOKENS = re.compile(
    r"""(?P<comment>^\s*\#.*$)
    |(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:\s|\s*:$)|(?<![\w"/:.-])[A-Za-z_][\w-]*(?=\s*=\s|:\s|:$))
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<option>(?<=\s)--[a-z-]+)
    |(?P<word>\b(?:resource|variable|jsonencode|true|false|null|aws)\b(?![\w:/-]))
    |(?P<mark>[{}\[\],])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Row:
    """One row of the screen. `sid` is the statement it belongs to; `head`: its Sid stands here; `line` counts from 0
    and is that of the text, for rows that go on too.
    """

    content: Content
    sid: str = ""
    head: bool = False
    line: int = -1


def colours(text: str) -> Content:
    """A line with its syntax."""
    spans = [Span(found.start(), found.end(), _STYLES[found.lastgroup or "mark"]) for found in _TOKENS.finditer(text)]
    return Content(text, spans)


def owners(lines: list[str]) -> list[str]:
    """For each line the Sid of the statement it belongs to; empty outside of statements."""
    heads = [(number, found[1]) for number, line in enumerate(lines) if (found := _SID.match(line))]
    owned = [""] * len(lines)
    starts = []
    for number, sid in heads:
        opens = number > 0 and lines[number - 1].strip() in ("{", "- {")
        starts.append((number - 1 if opens else number, sid))
    for place, (start, sid) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else _closes(lines, start)
        owned[start:end] = [sid] * (end - start)
    return owned


def _closes(lines: list[str], start: int) -> int:
    """The line after the last statement: the first that is not indented further, its closing bracket included."""
    depth = len(lines[start]) - len(lines[start].lstrip())
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            return number + (line.strip()[:1] == "}" and len(line) - len(line.lstrip()) == depth)
    return len(lines)


def rows(text: str, cells: int, marks: dict[str, str], needle: str = "") -> list[Row]:
    """The text as rows of at most `cells`; `marks` are glyphs by Sid. A long line goes on in the next row, without a
    number: what is copied and saved is one line.
    """
    lines = text.rstrip("\n").split("\n")
    found: list[Row] = []
    for number, (line, sid) in enumerate(zip(lines, owners(lines), strict=True)):
        head = bool(_SID.match(line))
        glyph = marks.get(sid, " ") if head else " "
        words = clean(line)
        whole, read = colours(words), 0  # what is a string is one in all its rows
        for place, part in enumerate(_parts(words, max(cells, 30) - GUTTER)):
            gutter = f"{number + 1:>3}{glyph} " if place == 0 else " " * GUTTER
            indent = _indent(words, max(cells, 30) - GUTTER) if place else ""
            end = read + len(part) - len(indent)
            content = _matched(Content.assemble(indent, whole[read:end]), part, needle)
            read = end
            found.append(Row(Content.assemble((gutter, "$text-muted"), content), sid, head and place == 0, number))
    return found


def _parts(line: str, cells: int) -> list[str]:
    """A line in parts that fit; those after the first are set in a little further, and lose nothing but room."""
    if width(line) <= cells:
        return [line]
    indent = _indent(line, cells)
    parts, rest = [], line
    while width(rest) > cells:
        # Documents are ASCII, where cells are characters; only comments and names may hold more.
        cut = cells if rest.isascii() else len(shorten(rest, cells + 1)) - 1
        # Behind a separator near the end it reads better than in the middle of a name.
        near = max(rest.rfind(char, max(len(indent) + 1, cut - 24), cut) for char in "/ ,:")
        cut = near + 1 if near > 0 and not has_wide(rest[near:cut]) else cut
        parts.append(rest[:cut])
        rest = indent + rest[cut:]
    return [*parts, rest]


def _indent(line: str, cells: int) -> str:
    """What the parts of a line after the first begin with."""
    return " " * min(len(line) - len(line.lstrip()) + 2, cells // 2)


def _matched(content: Content, text: str, needle: str) -> Content:
    if not needle:
        return content
    low, start = text.lower(), 0
    while (start := low.find(needle.lower(), start)) >= 0:
        content = content.stylize("reverse", start, start + len(needle))
        start += len(needle)
    return content


def difference_rows(lines: Iterable[tuple[str, str]], cells: int) -> list[Row]:
    """Lines of a comparison: the sign says it, the colour only helps."""
    styles = {"+": "$text-success", "-": "$text-error", "@": "$text-muted"}
    found = []
    for sign, line in lines:
        if sign == "@":
            found.append(Row(Content.styled("  ⋯", "$text-muted")))
            continue
        for part in _parts(clean(line), max(cells, 30) - 2):
            found.append(Row(Content.styled(f"{sign} {part}", styles.get(sign, ""))))
    return found


def prose_rows(paragraphs: Iterable[tuple[str, str, str]], cells: int) -> list[Row]:
    """(mark, heading, text) as rows, the heading in bold; the row belongs to the statement of that name."""
    found = []
    for mark, head, text in paragraphs:
        words = clean(f"{head}: {text}" if head and text else head or text)
        first, *more = wrap(words, max(cells, 30), "    ", f"{mark} ")
        content = Content(first)
        start = len(f"{mark} ")
        found.append(Row(content.stylize("bold", start, start + len(head)), head, True))
        found += [Row(Content(part), head) for part in more]
    return found
