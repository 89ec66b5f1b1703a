"""What becomes of one Airflow option."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "kept",  # as it is
    "unknown",  # as it is, but not in Airflow's own list: nothing is known of it
    "renamed",  # another name in the same section
    "moved",  # another section, perhaps another name
    "value-changed",  # the value is written differently (the name may be new, too)
    "removed",  # the target has no such option
    "collides",  # left out, because another option of the source becomes the same one
    "refused",  # MWAA sets it itself, or does not support it
    "default-flipped",  # nobody set it, and the target behaves differently: the old value can be pinned
]
KINDS: tuple[Kind, ...] = (
    "kept", "unknown", "renamed", "moved", "value-changed", "removed", "collides", "refused", "default-flipped",
)  # fmt: skip
STAYS: frozenset[Kind] = frozenset({"kept", "unknown", "renamed", "moved", "value-changed"})


@dataclass(frozen=True)
class Change:
    """`key` is the source's option, `new_key` the target's; empty where the target gets none.

    For `default-flipped` both are the option's name in the target, `value` is the old default and `new_value` the new
    one. Values can be secrets (they are not in the repr), and None stands for one that is hidden.
    """

    kind: Kind
    key: str
    new_key: str
    reason: str
    source: str
    value: str | None = field(default=None, repr=False)
    new_value: str | None = field(default=None, repr=False)

    @property
    def stays(self) -> bool:
        """Whether the target gets an option from it without anybody asking."""
        return self.kind in STAYS
