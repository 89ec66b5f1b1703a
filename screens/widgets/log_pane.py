"""A step's log beside the steps: lines broken at words, shortened to what a person needs of them."""

from __future__ import annotations

import re

from mwaa_wizard.front.words import wrap

from .file_view import FileView

# `[step] 12:40:58 INFO  text`: only a level that stands out is worth its cells.
_LINE = re.compile(r"(\[[\w-]+\] )?(\d\d:\d\d:\d\d) (INFO|STEP|DEBUG) +")
# More of one line than a person reads here is in the full view.
_MOST = 4000


def shown_lines(lines: list[str], cells: int) -> list[str]:
    """Lines of a step's log as they are shown, broken at words to `cells`."""
    rows: list[str] = []
    for line in lines:
        head = _LINE.match(line)
        if head is None:
            rows += wrap(line, cells, " " * 9, "")
            continue
        start = f"{head[2]} {'· ' if head[3] == 'STEP' else ''}"
        rows += wrap((head[1] or "") + line[head.end() :], cells, " " * 9, start)
    return rows


class LogPane(FileView):
    """`show(path)` brings the pane up to date with the file."""

    def rows_of(self, text: str) -> list[str]:
        """Broken at words; the file has the whole line."""
        cut = text[:_MOST] + ("…" if len(text) > _MOST else "")
        return shown_lines([cut], max(20, self.size.width))
