"""`python -m tests.policies.minimal`: writes docs/policies-proof.md from the records; `--idle` lists what is neither
shown nor marked.
"""

from __future__ import annotations

import sys

from tests.policies.minimal import table


def main() -> int:
    """Returns 1 where something is neither shown nor marked."""
    idle = table.unmarked()
    if "--idle" in sys.argv[1:]:
        print("\n".join(str(part) for part in idle))
    else:
        table.FILE.write_text(table.render(), encoding="utf-8")
    shown, every = len(table.proven()), len(table.generated())
    print(f"{shown} of {every} parts are shown, {every - shown - len(idle)} are marked, {len(idle)} are neither")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
