"""What is planted, and what of it must never be found."""

from __future__ import annotations

# A name as somebody may give a DAG, a tag or an environment: clipboard, title, cursor, C1, DCS, direction, markup.
HOSTILE = (
    "evil\x1b]52;c;Y2FuYXJ5\x07\x1b]0;canary-title\x07\x1b[66;6H\x9b66;66m\x1bPcanary-dcs\x1b\\"
    "\u202ecanary\u2066[/x][red]移行"
)
# As bytes on their way to a terminal; `66;6H` is outside of every screen that is used here.
SEQUENCES: dict[str, bytes] = {
    "OSC 52 (clipboard)": b"]52;c;Y2FuYXJ5",
    "OSC 0 (title)": b"]0;canary-title",
    "CSI (cursor)": b"\x1b[66;6H",
    "C1 control": "\x9b66;66m".encode(),
    "DCS": b"\x1bPcanary-dcs",
    "right-to-left override": "\u202e".encode(),
    "isolate": "\u2066".encode(),
}
VISIBLE = "[/x][red]"

SECRETS: dict[str, str] = {
    "a secret Airflow option": "canary-Option-7Kq2",
    "a password inside an option's URL": "canary-Url-9Wm4",
    "the Fernet key": "Y2FuYXJ5LWZlcm5ldC1rZXktb2YtMzItYnl0ZXMhIQ0=",
    "an AWS secret key": "canaryAwsSecretKey0000000000000000000000",
    "a connection's password, typed": "canary-Typed-5Zr8",
    "an edited secret option, typed": "canary-Edit-3Lp6",
    "a value in keyring": "canary-Keyring-8Vd1",
    "a variable": "canary-Variable-2Hx9",
    "a value of a local variable in a crash": "canary-Local-6Bn5",
}


def sequences_in(data: bytes) -> list[str]:
    """Which control sequences of HOSTILE came through."""
    return [name for name, mark in SEQUENCES.items() if mark in data]


def secrets_in(data: bytes) -> list[str]:
    """Which of the planted secrets are in there."""
    return [name for name, value in SECRETS.items() if value.encode() in data]
