"""Writes the computed half of differences.json anew, and the table in docs/policies.md; reasons stay."""

from __future__ import annotations

import dataclasses
import json

from tests.policies import guide


def main() -> None:
    """Write both files."""
    known = {row.key(): row for row in guide.rows()} if guide.DIFFERENCES.exists() else {}
    made = []
    for row in guide.computed():
        had = known.get(row.key(), row)
        made.append(dataclasses.replace(row, why=had.why, instead=had.instead))
    text = json.dumps([dataclasses.asdict(row) for row in made], indent=1, ensure_ascii=True)
    guide.DIFFERENCES.write_text(text + "\n", encoding="utf-8")
    page = guide.DOCUMENT.read_text(encoding="utf-8")
    before, rest = page.split(guide.BEGIN)
    after = rest.split(guide.END)[1]
    guide.DOCUMENT.write_text(f"{before}{guide.BEGIN}\n{guide.table()}\n{guide.END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
