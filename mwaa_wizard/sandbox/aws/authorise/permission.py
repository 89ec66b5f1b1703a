"""One permission a request needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Permission:
    """An action on a resource, with the condition keys only this request knows.

    ``resource_policy`` is the resource's own document (bucket policy, key policy, trust policy), ``owner`` the
    account the resource belongs to (empty: the caller's), ``resource_must_allow`` as in evaluate.Policies.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)
    resource_policy: str | None = None
    owner: str = ""
    resource_must_allow: bool = False
