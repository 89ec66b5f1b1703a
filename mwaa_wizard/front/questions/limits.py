"""What the session's own model demands of a member, so that no limit is written down twice."""

from __future__ import annotations

from typing import Any


def limit(part: type[Any], member: str, name: str) -> Any:
    """A constraint of a member (`ge`, `le`, `max_length`, `pattern`). Raises KeyError where the model has none."""
    for rule in part.model_fields[member].metadata:
        found = getattr(rule, name, None)
        if found is not None:
            return found
    raise KeyError(f"{member}.{name}")
