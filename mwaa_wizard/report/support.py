"""The support bundle: one zip of what explains a run, secrets taken out, made on this machine and never sent.

What is in it can be listed before it is written. Redaction has two layers: members of JSON documents whose name says
that they are secret, and, in all text, whatever looks like a key, a password, a token or a signed URL.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mwaa_wizard import paths
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean, human_bytes

MOST_OF_A_LOG = 5 << 20  # of each log the end
MOST_CRASHES = 5
HIDDEN = "[redacted]"

# Beyond commands/crash.redact: what AWS, Airflow and JWT issuers hand out.
_TOKENS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|\bgAAAAA[\w=-]{20,}"  # Fernet
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"  # JWT, MWAA's web tokens
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|(?<![\w/+=-])(?=[\w/+]*[a-z])(?=[\w/+]*[A-Z])(?=[\w/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])"  # a secret access key
    r"|(?<![\w=-])[\w-]{43}=(?!\w)"  # a Fernet key
    r"|(?i:\b(?:bearer|basic)\s+[\w.~+/=-]{8,})"
    r"|(?i:\bX-Amz-(?:Signature|Credential|Security-Token)=[^&\s\"']+)",
    re.DOTALL,
)
_SECRET_NAME = re.compile(
    r"(?i)pass(word|wd|phrase)?$|secret|token|credential|private|fernet|api_?key|access_?key|authorization|cookie"
)
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])")
_CALLER = re.compile(r"(assumed-role/[^/\s\"]+/)[^\s\"]+|(:(?:federated-)?user/)[^\s\"]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Piece:
    """One file of the bundle: its name there, what it is, and how large its source is."""

    name: str
    what: str
    size: int
    path: Path | None = None


class Redaction:
    """Takes secrets out of texts and documents; with `mask_accounts` accounts, users and mail addresses, too.

    The same account gets the same mask everywhere in one bundle, so that two can still be told apart.
    """

    def __init__(self, *, mask_accounts: bool = False) -> None:
        self.mask_accounts = mask_accounts
        self._accounts: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text without secrets and control sequences."""
        from mwaa_wizard.commands.crash import redact

        return self._masked(redact(_TOKENS.sub(HIDDEN, text)))

    def document(self, value: Any, name: str = "") -> Any:
        """A JSON value without secrets. Names tell more there than in text: an object's `key` is no secret."""
        if isinstance(value, dict):
            return {key: self.document(one, str(key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self.document(one, name) for one in value]
        if not isinstance(value, str):
            return value
        if value and _SECRET_NAME.search(name):
            return HIDDEN
        # Without a name in front crash.redact would have nothing to go by; what stands inside the text is looked at.
        return self.text(clean(value, keep_newlines=True))

    def _masked(self, text: str) -> str:
        if not self.mask_accounts:
            return text
        text = _CALLER.sub(lambda found: (found[1] or found[2]) + "[user]", text)
        return _MAIL.sub("[mail]", _ACCOUNT.sub(self._account, text))

    def _account(self, found: re.Match[str]) -> str:
        return self._accounts.setdefault(found[0], f"[account {len(self._accounts) + 1}]")


def pieces(session: Session) -> list[Piece]:
    """What the bundle of a session holds, in order. Reads folders only."""
    run = paths.run_dir(session.id)
    found = [
        Piece("about.txt", _("versions of the wizard, Python and the libraries; this terminal"), 0),
        Piece("session.json", _("what was chosen"), _size(paths.sessions_dir() / f"{session.id}.json")),
    ]
    kinds = {
        "journal.jsonl": _("what was done, with AWS's request ids"),
        "preflight.json": _("what preflight found"),
        "report.json": _("the report"),
        "report.md": _("the report, to read"),
    }
    for name, what in kinds.items():
        if (run / name).is_file():
            found.append(Piece(name, what, _size(run / name), run / name))
    for path in sorted((run / "logs").glob("*.log")):
        size = _size(path)
        what = _("log of step {step}").format(step=path.stem) if path.stem != "all" else _("log of all steps")
        if size > MOST_OF_A_LOG:
            what += " " + _("(its last {size})").format(size=human_bytes(MOST_OF_A_LOG))
        found.append(Piece(f"logs/{path.name}", what, min(size, MOST_OF_A_LOG), path))
    crashes = sorted(paths.log_dir().glob("crash-*.txt"), key=lambda path: path.name, reverse=True)
    found += [Piece(path.name, _("crash of the wizard"), _size(path), path) for path in crashes[:MOST_CRASHES]]
    return found


def lines(session: Session) -> list[str]:
    """The list a person sees before it is written: one line a file, logs and crashes together."""
    found = pieces(session)
    logs = [piece for piece in found if piece.name.startswith("logs/")]
    crashes = [piece for piece in found if piece.name.startswith("crash-")]
    told = [f"· {piece.name}: {piece.what}" for piece in found if piece not in logs and piece not in crashes]
    if logs:
        size = human_bytes(sum(piece.size for piece in logs))
        count = ngettext("{n} step log", "{n} step logs", len(logs)).format(n=len(logs))
        told.append("· " + _("{logs}, {size}; of each at most the last {most}").format(
            logs=count, size=size, most=human_bytes(MOST_OF_A_LOG)))  # fmt: skip
    if crashes:
        count = ngettext("{n} crash file", "{n} crash files", len(crashes)).format(n=len(crashes))
        told.append("· " + count)
    return told


def write(session: Session, where: Path | None = None, *, mask_accounts: bool = False) -> Path:
    """Write the bundle (0600, whole or not at all) and return where it is. Raises OSError."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    path = (where or paths.exports_dir() / f"support-{session.id}-{stamp}.zip").absolute()
    redaction = Redaction(mask_accounts=mask_accounts)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
                for piece in pieces(session):
                    entry = zipfile.ZipInfo(piece.name, dt.datetime.now().timetuple()[:6])
                    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                    with bundle.open(entry, "w", force_zip64=True) as raw:
                        _copy(session, piece, raw, redaction)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return path


def _copy(session: Session, piece: Piece, out: IO[bytes], redaction: Redaction) -> None:
    def put(text: str) -> None:
        out.write(text.encode("utf-8", "replace"))

    if piece.name == "about.txt":
        put(_about(session, redaction))
    elif piece.name == "session.json":
        document = redaction.document(_options_hidden(session))
        put(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    elif piece.path is not None and piece.name.endswith((".json", ".jsonl")):
        _each(piece.path, 0, lambda line: put(_json_line(line, redaction)), whole=piece.name.endswith(".json"))
    elif piece.path is not None:
        skip = max(0, _size(piece.path) - MOST_OF_A_LOG) if piece.name.startswith("logs/") else 0
        if skip:
            put(_("… {size} before this are left out").format(size=human_bytes(skip)) + "\n")
        _each(piece.path, skip, lambda line: put(redaction.text(clean(line)) + "\n"))


def _each(path: Path, skip: int, take: Callable[[str], None], *, whole: bool = False) -> None:
    """Each line of a file from an offset on; a file that went away meanwhile has none."""
    try:
        with open(path, "rb") as file:
            if skip:
                file.seek(skip)
                file.readline()
            for line in [file.read()] if whole else _lines(file):
                take(line.decode("utf-8", "replace"))
    except FileNotFoundError:
        return


def _lines(file: io.BufferedReader) -> Iterator[bytes]:
    """Lines in bounded pieces: a line may have no end."""
    while line := file.readline(1 << 20):
        yield line.rstrip(b"\r\n")


def _json_line(text: str, redaction: Redaction) -> str:
    if not text.strip():
        return ""
    try:
        return json.dumps(redaction.document(json.loads(text)), ensure_ascii=False) + "\n"
    except ValueError:
        # Torn or damaged: as text, which hides more.
        return redaction.text(clean(text)) + "\n"


def _options_hidden(session: Session) -> dict[str, Any]:
    from mwaa_wizard.environments.secret import is_secret

    raw: dict[str, Any] = session.model_dump(mode="json")
    options = raw["target"]["airflow_options"]
    raw["target"]["airflow_options"] = {
        key: HIDDEN if value is not None and is_secret(key, value) else value for key, value in options.items()
    }
    return raw


def _about(session: Session, redaction: Redaction) -> str:
    from mwaa_wizard.front.about import facts

    told = [f"{name}: {value}" for name, value in facts(session.id)]
    home = str(Path.home())
    text = "\n".join(told).replace(home, "~") + "\n\n"
    text += _("Secrets were replaced by {word} in every file.").format(word=HIDDEN) + "\n"
    if redaction.mask_accounts:
        text += _("Account numbers, user names and mail addresses were masked.") + "\n"
    return redaction.text(text)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
