"""Parts of the documents that no run in the sandbox can show to be needed, each with the reason why it stays.

Patterns (`*`) stand in `piece`, `sid`, `element` and `value`. A mark that says too much fails: every part that it
names has to be one that is not shown.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from tests.policies.minimal.cuts import Part


@dataclass(frozen=True)
class Mark:
    """Parts, and why they cannot be tested here."""

    piece: str
    sid: str
    value: str
    reason: str
    element: str = "*"

    def names(self, part: Part) -> bool:
        """Whether it is about this part."""
        pairs = ((part.piece, self.piece), (part.sid, self.sid), (part.element, self.element), (part.value, self.value))
        return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs)


MARKS: tuple[Mark, ...] = ()
