"""keyring for what must be kept: values of secret Airflow options. AWS keys are never here: profiles own them.

Where only an insecure backend exists (plain text files, none at all) nothing is stored and the user is asked each
time; values then live in this process's memory only.
"""

from __future__ import annotations

from mwaa_wizard.paths import APP

# Allow-list by module: a merely installed `keyrings.alt` would otherwise win with a plain text file.
_SAFE_BACKENDS = (
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
)

_memory: dict[tuple[str, str], str] = {}


def backend_is_safe() -> bool:
    """Whether the active keyring backend (or every member of the chain) keeps values encrypted."""
    import keyring

    active = keyring.get_keyring()
    members = getattr(active, "backends", [active])
    return bool(members) and all(type(member).__module__.startswith(_SAFE_BACKENDS) for member in members)


def remember(session_id: str, name: str, value: str) -> bool:
    """Keep a secret for this process and, where that is safe, in keyring. Returns whether keyring has it."""
    _memory[session_id, name] = value
    import keyring
    from keyring.errors import KeyringError

    if not backend_is_safe():
        return False
    try:
        keyring.set_password(APP, f"{session_id}/{name}", value)
    except KeyringError:
        return False
    return True


def recall(session_id: str, name: str) -> str | None:
    """The secret, or None: then the front-end asks for it."""
    if (session_id, name) in _memory:
        return _memory[session_id, name]
    import keyring
    from keyring.errors import KeyringError

    if not backend_is_safe():
        return None
    try:
        kept: str | None = keyring.get_password(APP, f"{session_id}/{name}")
    except KeyringError:
        return None
    return kept


def forget(session_id: str, name: str) -> None:
    """Drop a secret from memory and keyring."""
    _memory.pop((session_id, name), None)
    import keyring
    from keyring.errors import KeyringError

    if backend_is_safe():
        try:
            keyring.delete_password(APP, f"{session_id}/{name}")
        except KeyringError:
            return


def looks_secret(name: str) -> bool:
    """Whether an Airflow option's name says that its value is a secret (Airflow masks by the same words)."""
    lowered = name.lower()
    words = (
        "password",
        "passwd",
        "secret",
        "token",
        "api_key",
        "apikey",
        "private_key",
        "fernet",
        "authorization",
        "_conn",
        "backend_kwargs",
        "passphrase",
        "access_key",
        "credential",
    )
    return any(word in lowered for word in words)
