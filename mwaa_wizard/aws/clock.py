"""How far this computer's clock is from AWS's: a signature is only good for some minutes around AWS's time.

Sources: IAM user guide, "Troubleshoot AWS Signature Version 4" (five minutes); S3 API reference, "Error responses"
(RequestTimeTooSkewed: fifteen).
"""

from __future__ import annotations

import datetime as dt
import email.utils
import sys
from collections.abc import Mapping
from typing import Any

from mwaa_wizard.i18n import _, ngettext

# What AWS answers to a signature of another time. Most of these also mean a wrong key: the answer's Date tells.
CODES = {
    "RequestTimeTooSkewed",
    "RequestInTheFuture",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "AuthFailure",
}
ALWAYS = {"RequestTimeTooSkewed", "RequestInTheFuture"}
TOLERATED = 240.0  # seconds; AWS refuses from 300 on, and the answer was some time under way


def now() -> dt.datetime:
    """This computer's time, UTC."""
    return dt.datetime.now(dt.UTC)


def skew(headers: Mapping[str, Any]) -> float | None:
    """Seconds that this computer is ahead (negative: behind) of the answer's Date header; None without one."""
    text = next((str(value) for name, value in headers.items() if name.lower() == "date"), "")
    try:
        there = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if there.tzinfo is None:
        there = there.replace(tzinfo=dt.UTC)
    return (now() - there).total_seconds()


def is_skewed(code: str, seconds: float | None) -> bool:
    """Whether an error code together with the skew says that the clock is wrong."""
    return code in ALWAYS or (code in CODES and seconds is not None and abs(seconds) >= TOLERATED)


def said(seconds: float | None) -> str:
    """By how much the clock is off, in words."""
    if seconds is None:
        return _("This computer's clock is off.")
    text = _("This computer's clock is {time} fast.") if seconds > 0 else _("This computer's clock is {time} slow.")
    minutes = max(1, round(abs(seconds) / 60))
    if minutes < 180:
        return text.format(time=ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes))
    hours = round(minutes / 60)
    if hours < 72:
        return text.format(time=ngettext("{n} hour", "{n} hours", hours).format(n=hours))
    return text.format(time=ngettext("{n} day", "{n} days", round(hours / 24)).format(n=round(hours / 24)))


def remedy() -> str:
    """How to set the clock on this system."""
    command = {
        "win32": "w32tm /resync",
        "darwin": "sudo sntp -sS time.apple.com",
    }.get(sys.platform, "sudo timedatectl set-ntp true")
    return _("Set it ({command}), then resume.").format(command=command)
