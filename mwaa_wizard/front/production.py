"""Whether a side is production: by its names, or because the user said so. A hint to the eye, never a permission."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaa_wizard.preferences import Preferences
    from mwaa_wizard.session.model import Connection

# prod, production, prd and live as a word of a name: analytics-prod, prod_eu, acme.live; not "product" or "alive".
_WORD = re.compile(r"(?i)(?<![a-z])(prod|production|prd|live)(?![a-z])")


def names_of(connection: Connection, environment: str) -> list[str]:
    """What a side can be known by, the account first: that is what the user's own choice is kept for."""
    return [name for name in (connection.account, connection.profile or "", environment) if name]


def is_production(connection: Connection, environment: str, chosen: Preferences) -> bool:
    """Whether a side is production. What the user said wins over what the names look like."""
    names = names_of(connection, environment)
    if any(name in chosen.not_production for name in names):
        return False
    return any(name in chosen.production for name in names) or any(map(_WORD.search, names))
