"""How a profile's credentials are renewed: the exact command, read from the AWS config.

Sources: AWS CLI user guide, "Configuring IAM Identity Center authentication" (`aws sso login`), "Sign in through the
AWS CLI" (`aws login`); AWS SDKs and tools reference, "Assume role credential provider" (source_profile).
"""

from __future__ import annotations

import os
import shlex
from typing import Any

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean


def login_command(profile: str) -> str:
    """The command that renews a profile's SSO login (or `aws login` session), ready to paste."""
    name, config = _with_login(profile)
    words = "aws login" if "login_session" in config and "sso_account_id" not in config else "aws sso login"
    return words + (f" --profile {shlex.quote(name)}" if name and name != "default" else "")


def sso_session(profile: str) -> str:
    """The name of the profile's `sso-session`; empty where it has none."""
    return clean(_with_login(profile)[1].get("sso_session", ""), limit=100)


def how_to_renew(profile: str) -> str:
    """What to do about credentials that have expired, by where the profile has them from."""
    name, config = _with_login(profile)
    shown = clean(name or "default", limit=100)
    if _is_login(config):
        session = sso_session(profile)
        told = _("Run: {command}").format(command=login_command(profile))
        return told + (_(" (SSO session {name})").format(name=session) if session else "")
    if "credential_process" in config:
        return _("Profile {profile} has them from its credential_process: renew what that command needs.").format(
            profile=shown
        )
    if not config and os.environ.get("AWS_SESSION_TOKEN"):
        return _("They are in this terminal's AWS_* variables: export new ones and start the wizard again.")
    told = _("Renew the keys of profile {profile} with the tool they came from, or let it log in: {command}")
    return told.format(profile=shown, command=f"aws configure sso --profile {shlex.quote(shown)}")


def _is_login(config: dict[str, Any]) -> bool:
    return any(key in config for key in ("sso_session", "sso_start_url", "login_session"))


def _with_login(profile: str) -> tuple[str, dict[str, Any]]:
    """The profile that has the login: itself, or the one that its role is assumed from (`source_profile`)."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        profiles = Session().full_config.get("profiles", {})
    except BotoCoreError:  # a config file that cannot be read is told by the call that needs it
        profiles = {}
    name, seen = profile, set[str]()
    while True:
        config = profiles.get(name or "default", {})
        parent = str(config.get("source_profile") or "")
        if _is_login(config) or not parent or parent in seen:
            return (name, config) if _is_login(config) else (profile, profiles.get(profile or "default", {}))
        seen.add(parent)
        name = parent
