"""One point: its words, what proves it, and what of it does not hold.

A test is named as pytest names it; a name without `[...]` stands for all its cases. A capture is a file below
tests/captures/snapshots, compared by the tests of tests/captures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """`words` have every clause of the point. `lacking`: what of it does not hold, and then it does not; `reason`: what
    is done otherwise on purpose, or measured elsewhere.
    """

    number: int
    words: str
    tests: tuple[str, ...] = ()
    captures: tuple[str, ...] = ()
    reason: str = ""
    lacking: str = ""

    @property
    def held(self) -> bool:
        """Whether something proves it, and nothing of it is lacking."""
        return bool(self.tests or self.captures) and not self.lacking
