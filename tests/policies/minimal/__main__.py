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
    print(f"{len(table.proven())} parts shown, {len(table.generated()) - len(table.proven())} not, {len(idle)} unmarked")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
