"""The column mapping as text in aligned columns, and as JSON."""

from __future__ import annotations

import dataclasses
import json

from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.report.mapping import Mapping, TableMapping
from mwaa_wizard.report.render import wrap
from mwaa_wizard.text import fit, width

_ACTION = 10  # cells of the longest action, "impossible"


def action_word(action: str) -> str:
    """An action of mapping.ColumnPlan as a user reads it."""
    words = {
        "copied": _("copied"),
        "renamed": _("renamed"),
        "computed": _("computed"),
        "defaulted": _("defaulted"),
        "nulled": _("nulled"),
        "generated": _("generated"),
        "dropped": _("dropped"),
        "impossible": _("IMPOSSIBLE"),
    }
    return words.get(action, action)


def to_text(found: Mapping, columns: int = 80, *, everything: bool = False) -> str:
    """Lines of at most `columns` cells. Plain copies are counted only, unless `everything`."""
    pair = found.pair
    way = f"Airflow {pair.source} → {pair.enters}" + (f" → {pair.target}" if pair.bridged else "")
    lines = [way, "─" * columns]
    for table in found.tables:
        lines += [*table_lines(table, columns, everything=everything), ""]
    for title, texts in _sections(found):
        lines += _hanging(title, columns, "", "")
        for text in texts:
            lines += _hanging(text, columns, "  ", "    ")
        lines.append("")
    if found.bridge:
        lines[-1:] = _bridge_tables(found, columns)
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def table_lines(table: TableMapping, columns: int, *, everything: bool = False) -> list[str]:
    """One table: its head, then a line a column; the reasons go on below where they are long."""
    head = f"{table.name}  {table.title}"
    if table.note:
        return [_beside(head, "", columns), *_hanging(table.note, columns, "  ", "  ")]
    shown = [line for line in table.columns if everything or not line.plain]
    count = ngettext("{count} plain copy", "{count} plain copies", table.copied).format(count=table.copied)
    lines = [_beside(head, count, columns)]
    if not shown:
        return lines
    name = min(max(width(line.name) for line in shown), max(12, columns * 3 // 8))
    left = 2 + name + 2 + _ACTION + 2
    for line in shown:
        names = wrap(line.name, name)
        reason = in_words(line.reason)
        if line.checked and not line.plain and not line.rule:
            reason += "; " + _("a value that does not fit is rejected")
        reasons = wrap(reason, max(12, columns - left))
        for row in range(max(len(names), len(reasons))):
            first = fit(names[row] if row < len(names) else "", name)
            action = fit(action_word(line.action) if row == 0 else "", _ACTION)
            lines.append(f"  {first}  {action}  {reasons[row] if row < len(reasons) else ''}".rstrip())
    return lines


def _beside(left: str, right: str, columns: int) -> str:
    return (fit(left, max(0, columns - width(right) - 1)) + " " + right).rstrip()


def _sections(found: Mapping) -> list[tuple[str, list[str]]]:
    pair, sections = found.pair, []
    if found.rules:
        sections.append(
            (
                _("Rules that the schemas cannot tell"),
                [f"{r.name}: {in_words(r.words)} ({r.source})" for r in found.rules],
            )
        )
    if found.left_out:
        sections.append(
            (
                _("Tables that are left out, where the source has them"),
                [f"{', '.join(names)}: {why}" for why, names in found.left_out.items()],
            )
        )
    if pair.bridged:
        sections.append((_("The bridge to {version}").format(version=pair.target), _bridge_steps(found)))
    return sections


def _bridge_steps(found: Mapping) -> list[str]:
    enters, target = found.pair.enters, found.pair.target
    upgrade = _("2. MWAA's in-place upgrade to {version} runs Airflow's own “db migrate”.").format(version=target)
    return [
        _("1. The history is imported at {version}, as above: tasks of Airflow 3 cannot write it.").format(
            version=enters
        ),
        upgrade + (" " + _("What it changes of the tables above:") if found.bridge else ""),
    ]


def bridge_lines(found: Mapping, columns: int) -> list[str]:
    """What comes after the import on the way to 3.x."""
    title = _("Then the in-place upgrade to {version} runs Airflow's own “db migrate”:").format(
        version=found.pair.target
    )
    return [*_hanging(title, columns, "", "  "), *_bridge_tables(found, columns)]


def _bridge_tables(found: Mapping, columns: int) -> list[str]:
    """One block a table, in the layout of the columns above."""
    lines: list[str] = []
    missing = _("Airflow {version} has no such table").format(version=found.pair.target)
    for line in found.bridge:
        parts = [
            (_("gone"), missing if line.gone else ""),
            (_("new"), listed(line.added)),
            (_("dropped"), listed(line.dropped)),
            (_("type"), listed(line.changed)),
            *((_("values"), words) for words in line.values),
        ]
        lines.append(f"  {line.table}")
        for label, words in parts:
            lines += _hanging(words, columns, f"    {fit(label, 8)} ", " " * 13) if words else []
    return lines


def _hanging(text: str, cells: int, first: str, then: str) -> list[str]:
    rows = wrap(text, cells - max(width(first), width(then)))
    return [(first if number == 0 else then) + row for number, row in enumerate(rows)]


def to_json(found: Mapping) -> str:
    """Everything, for programs."""
    document = dataclasses.asdict(found)
    document["pair"]["bridged"] = found.pair.bridged
    for table, raw in zip(found.tables, document["tables"], strict=True):
        raw["copied"] = table.copied
    return json.dumps({"format": 1, **document}, indent=2, ensure_ascii=False) + "\n"
