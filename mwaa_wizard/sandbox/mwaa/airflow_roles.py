"""What Airflow's own Viewer, User and Op roles may ask of its REST API, coarsely, by collection and method.

Source: Airflow documentation, FAB auth manager, access control (default roles). Used because the proxy reaches
Airflow as one administrator and so must refuse for the lesser role itself.
"""

from __future__ import annotations

_ADMIN_ONLY = ("users", "roles", "permissions")
_OP_ONLY = ("connections", "pools", "variables", "config", "configs", "providers", "plugins", "eventLogs")
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def permits(role: str, method: str, path: str) -> bool:
    """True when `role` may call `method` on `path` (without /api/vN)."""
    collection = path.strip("/").split("/", 1)[0].split("?", 1)[0]
    if role == "Admin" or collection in ("health", "monitor", "version"):
        return True
    if role == "Public" or collection in _ADMIN_ONLY:
        return False
    if role == "Op":
        return True
    if collection in _OP_ONLY:
        return False
    return role == "User" or method == "GET"
