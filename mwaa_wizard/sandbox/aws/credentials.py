"""Access keys: moto's IAM users and assumed roles, and the sandbox's own root keys."""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Iterator
from typing import Any

from mwaa_wizard.sandbox.aws.principal import Credential, Principal

_CAPITALS = string.ascii_uppercase + "234567"
_SECRET = string.ascii_letters + string.digits + "+/"


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def iam_backends() -> Iterator[tuple[str, str, Any]]:
    """(account, partition, moto IAM backend) of every account that exists so far.

    Only backends already made are walked: asking moto for a new one loads every AWS managed policy.
    """
    from moto.iam.models import iam_backends as backends

    for account, partitions in list(backends.items()):
        for partition, backend in list(partitions.items()):
            yield account, partition, backend


class CredentialStore:
    """Answers which principal an access key belongs to. Root keys live in memory only, new at each start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._roots: dict[str, Credential] = {}
        self._root_of_account: dict[str, str] = {}
        self._sessions: dict[str, tuple[Any, Any]] = {}

    def root(self, account: str, partition: str = "aws") -> tuple[str, str]:
        """Access key id and secret of an account's root user, made on first use."""
        with self._lock:
            known = self._root_of_account.get(account)
            if known is None:
                known = "AKIA" + _random(_CAPITALS, 16)
                principal = Principal(
                    arn=f"arn:{partition}:iam::{account}:root",
                    account=account,
                    user_id=account,
                    kind="root",
                    access_key=known,
                    partition=partition,
                    name="root",
                )
                self._roots[known] = Credential(known, principal, _random(_SECRET, 40))
                self._root_of_account[account] = known
            return known, self._roots[known].secret

    def lookup(self, access_key: str) -> Credential | None:
        """The credential of an access key id; None if unknown, deleted or inactive."""
        if root := self._roots.get(access_key):
            return root
        for account, partition, backend in iam_backends():
            key = backend.access_keys.get(access_key)
            if key is None:
                continue
            if key.user_name is not None:
                return self._user(account, partition, backend, key)
            return self._session(account, partition, backend, key)
        return None

    def _user(self, account: str, partition: str, backend: Any, key: Any) -> Credential | None:
        user = backend.users.get(key.user_name)
        if user is None or key.status != "Active" or key not in user.access_keys:
            return None
        principal = Principal(
            arn=user.arn,
            account=account,
            user_id=user.id,
            kind="user",
            access_key=key.access_key_id,
            partition=partition,
            name=user.name,
        )
        return Credential(key.access_key_id, principal, key.secret_access_key)

    def _session(self, account: str, partition: str, backend: Any, key: Any) -> Credential | None:
        found = self._sessions.get(key.access_key_id) or self._find_session(account, partition, backend, key)
        if found is None:
            return None
        session, role_id = found
        role = next((role for role in list(backend.roles.values()) if role.id == role_id), None)
        if role is None:
            # The role was deleted after the session began; a new role of the same name is another role.
            return None
        principal = Principal(
            arn=f"arn:{partition}:sts::{account}:assumed-role/{role.name}/{session.session_name}",
            account=account,
            user_id=f"{role.id}:{session.session_name}",
            kind="assumed-role",
            access_key=key.access_key_id,
            partition=partition,
            name=role.name,
            role_arn=role.arn,
            session_policies=(session.policy,) if session.policy else (),
        )
        return Credential(
            key.access_key_id, principal, key.secret_access_key, session.session_token, session.expiration
        )

    def _find_session(self, account: str, partition: str, backend: Any, key: Any) -> tuple[Any, Any] | None:
        from moto.sts.models import sts_backends

        session = sts_backends[account][partition].get_assumed_role_from_access_key(key.access_key_id)
        role = next((role for role in list(backend.roles.values()) if role.arn == key.role_arn), None)
        if session is None or role is None:
            return None
        self._sessions[key.access_key_id] = (session, role.id)
        return session, role.id
