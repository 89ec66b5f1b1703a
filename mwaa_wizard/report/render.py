"""The report as text for a terminal, Markdown, HTML (one file, no script, nothing loaded) and JSON."""

from __future__ import annotations

import dataclasses
import html
import json
import re

from mwaa_wizard.i18n import _, language, listed
from mwaa_wizard.report import table
from mwaa_wizard.report.model import Report
from mwaa_wizard.text import fit, pieces, width

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; }
tr { border-bottom: 1px solid #8884; } .n { text-align: right; font-variant-numeric: tabular-nums; }
li { overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } }
"""


def to_text(report: Report, columns: int = 80) -> str:
    """Plain lines of at most `columns` terminal cells."""
    rows = table.cells(report)
    lines = _wrapped(table.headline(report), columns, "")
    lines += _wrapped(table.places(report), columns, "")
    lines.append("─" * columns)
    if rows:
        lines += _grid([table.header(), *rows], columns)
    if numbers := table.import_cells(report):
        lines += ["", *_wrapped(table.import_title(), columns, "")]
        lines += _numbers([table.import_header(), *numbers], columns)
    for title, texts in table.counted(report):
        lines += ["", *_wrapped(title, columns, "")]
        for text in texts:
            lines += _wrapped(text, columns, "  ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def wrap(text: str, cells: int) -> list[str]:
    """`text` in lines of at most `cells` terminal cells, broken at spaces and, where a word is longer, inside it.

    textwrap counts characters, and wide ones take two cells.
    """
    lines, line, end = [], "", 0
    for begin, after in pieces(text):
        # Sentences that were put together stand one behind the other in Japanese, without a space.
        word, gap = text[begin:after], " " * (begin > end and text[end - 1] != "。")
        end = after
        while width(word) > cells:
            room = cells - (width(line) + len(gap) if line else 0)
            head = _head(word, room)
            if head:
                line, word = f"{line}{gap}{head}".lstrip(), word[len(head) :]
            lines.append(line)
            line = ""
        if line and width(line) + len(gap) + width(word) > cells:
            lines.append(line)
            line = ""
        line = f"{line}{gap}{word}".strip()
    return [*lines, line] if line or not lines else lines


def _head(word: str, cells: int) -> str:
    """As much of the word's beginning as fits into `cells`."""
    used = 0
    for index, char in enumerate(word):
        used += width(char)
        if used > cells:
            return word[:index]
    return word


def _wrapped(text: str, cells: int, indent: str) -> list[str]:
    return [indent + line for line in wrap(text, cells - len(indent))]


def _grid(rows: list[tuple[str, str, str, str, str]], cells: int) -> list[str]:
    """Columns as wide as needed; the notes take what is left and go on below. A name is cut only for its notes."""
    left, right = (max(width(row[i]) for row in rows) for i in (1, 2))
    same = max(width(row[3]) for row in rows)
    shared = cells - (2 + 2 + left + 2 + right + 2 + same + 2)
    name = min(max(width(row[0]) for row in rows), max(24, shared - 24))
    room = shared - name
    if room < 12:
        return _stacked(rows[1:], cells)
    lines = []
    for row in rows:
        notes = wrap(row[4], room)
        start = f"  {fit(row[0], name)}  {_right(row[1], left)}  {_right(row[2], right)}  {fit(row[3], same)}  "
        lines.append(start + notes[0])
        lines += [" " * width(start) + note for note in notes[1:]]
    return lines


def _numbers(rows: list[tuple[str, ...]], cells: int) -> list[str]:
    """A name and numbers; where they are too wide for the terminal, one number below the other."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = cells - 2 - sum(widths[1:]) - 2 * len(widths[1:])
    if room < min(12, widths[0]):
        head, lines = rows[0], []
        for row in rows[1:]:
            told = listed(f"{value} {name}" for name, value in zip(head[1:], row[1:], strict=True))
            lines += _wrapped(f"{row[0]}: {told}", cells, "  ")
        return lines
    name = min(widths[0], room)
    numbers = ["".join("  " + _right(value, widths[i]) for i, value in enumerate(row) if i) for row in rows]
    return [f"  {fit(row[0], name)}{told}" for row, told in zip(rows, numbers, strict=True)]


def _right(text: str, cells: int) -> str:
    """To the right of so many cells: str.format counts characters, and the names of columns may be wide ones."""
    return " " * (cells - width(text)) + text


def _stacked(rows: list[tuple[str, str, str, str, str]], cells: int) -> list[str]:
    """For narrow terminals: no columns, the notes below."""
    lines = []
    for name, source, target, same, notes in rows:
        lines += _wrapped(f"{same} {name}: {source} → {target}", cells, "  ")
        lines += _wrapped(notes, cells, "    ") if notes else []
    return lines


def _md(text: str) -> str:
    """Inert in Markdown: characters with a meaning there are escaped."""
    # Hyphens, plus and hash signs mean something at the beginning only; elsewhere a command stays fit to paste.
    return re.sub(r"(^[-+#]|[\\`*_{}\[\]<>()!|~&$])", r"\\\1", text)


def to_markdown(report: Report) -> str:
    """GitHub-flavoured Markdown."""
    lines = [f"# {_md(table.headline(report))}", "", _md(table.places(report)), ""]
    rows = table.cells(report)
    if rows:
        lines += ["| " + " | ".join(table.header()) + " |", "|---|---:|---:|:---:|---|"]
        lines += ["| " + " | ".join(_md(cell) for cell in row) + " |" for row in rows]
    if numbers := table.import_cells(report):
        head = table.import_header()
        lines += ["", f"## {_md(table.import_title())}", "", "| " + " | ".join(head) + " |"]
        lines += ["|---|" + "---:|" * (len(head) - 1)]
        lines += ["| " + " | ".join(_md(cell) for cell in row) + " |" for row in numbers]
    for title, texts in table.counted(report):
        lines += ["", f"## {_md(title)}", "", *(f"- {_md(text)}" for text in texts)]
    written = _("Written {when}, session {id}").format(when=report.made_at, id=report.session_id)
    return "\n".join([*lines, "", written, ""])


def to_html(report: Report) -> str:
    """One self-contained page."""
    esc = html.escape
    head = table.header()
    body = [f"<h1>{esc(table.headline(report))}</h1>", f"<p>{esc(table.places(report))}</p>"]
    rows = table.cells(report)
    if rows:
        cells = "".join(f"<th{_number(i)} scope=col>{esc(name)}</th>" for i, name in enumerate(head))
        body.append(f"<table><thead><tr>{cells}</tr></thead><tbody>")
        for row in rows:
            cells = "".join(f"<td{_number(i)}>{esc(text)}</td>" for i, text in enumerate(row))
            body.append(f"<tr>{cells}</tr>")
        body.append("</tbody></table>")
    if numbers := table.import_cells(report):
        body.append(f"<h2>{esc(table.import_title())}</h2>")
        body.append(_html_numbers([table.import_header(), *numbers]))
    for title, texts in table.counted(report):
        items = "".join(f"<li>{esc(text)}</li>" for text in texts)
        body.append(f"<h2>{esc(title)}</h2><ul>{items}</ul>")
    body.append(f"<p><small>{esc(report.made_at)} · {esc(report.session_id)}</small></p>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{esc(report.title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _html_numbers(rows: list[tuple[str, ...]]) -> str:
    """A table whose columns but the first are numbers."""
    made = []
    for number, row in enumerate(rows):
        tag, scope = ("th", " scope=col") if number == 0 else ("td", "")
        cells = (f"<{tag}{' class=n' if i else ''}{scope}>{html.escape(text)}</{tag}>" for i, text in enumerate(row))
        made.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead>{made[0]}</thead><tbody>{''.join(made[1:])}</tbody></table>"


def _number(column: int) -> str:
    return ' class="n"' if column in (1, 2) else ""


def to_json(report: Report) -> str:
    """Everything, for programs; `state` is verified, differs or not-verified."""
    return json.dumps({"format": 1, **dataclasses.asdict(report)}, indent=2, ensure_ascii=False) + "\n"
