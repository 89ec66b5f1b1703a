"""Text from outside is untrusted: make it inert before it is stored in an event or shown."""

from __future__ import annotations

import re
import unicodedata

# CSI, OSC and the other escape families first, so that their payload goes too (an OSC 52 would set the clipboard).
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[PX^_].*?(?:\x1b\\|$)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]?|"
    r"\x9b[0-?]*[ -/]*[@-~]",
    re.DOTALL,
)
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])


def clean(text: object, *, keep_newlines: bool = False, limit: int = 20_000) -> str:
    """`text` without control sequences and control or direction-changing characters, at most `limit` long."""
    value = str(text)[: limit * 2]
    if value.isascii() and value.isprintable():
        return value[:limit]  # nothing in it to be taken out: most of what is shown
    value = _ESCAPES.sub("", value).translate(_BIDI)
    kept = []
    for char in value:
        if char == "\n" and keep_newlines:
            kept.append(char)
        elif char in "\n\t\r":
            kept.append(" ")
        elif unicodedata.category(char) not in ("Cc", "Cs"):
            kept.append(char)
    return "".join(kept)[:limit]


def width(text: str) -> int:
    """Terminal cells `text` takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return 2 if _is_wide(char) else 1


def fit(text: str, cells: int) -> str:
    """`text` cut (with an ellipsis) or padded with spaces to exactly `cells` terminal cells."""
    taken = width(text)
    if taken <= cells:
        return text + " " * (cells - taken)
    kept = taken = 0
    for char in text:
        more = _cells(char)
        if taken + more > cells - 1:
            break
        kept, taken = kept + 1, taken + more
    if cells <= 0:
        return text[:kept]
    return text[:kept] + "…" + " " * (cells - 1 - taken)


# What must not begin a line, and what must not end one (JIS X 4051, as far as a terminal needs it).
_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝〉》】〕’”…～ァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ)]},.:;!?%"
)
_NOT_LAST = frozenset("「『（［｛〈《【〔‘“([{")


def has_wide(text: str) -> bool:
    """Whether a text has characters of two cells."""
    return not text.isascii() and any(map(_is_wide, text))


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the parts of a text begin and end that no line break may cut: words, and single wide characters with the
    punctuation that belongs to them. The spaces between two parts are in neither.
    """
    out: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text):
        if not has_wide(word[0]):
            out.append(word.span())
            continue
        start, before = word.start(), ""
        for index in range(word.start(), word.end()):
            char = text[index]
            wide = before and (_is_wide(char) or _is_wide(before))
            if wide and char not in _NOT_FIRST and before not in _NOT_LAST:
                out.append((start, index))
                start = index
            before = char
        out.append((start, word.end()))
    return out


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def human_bytes(count: float) -> str:
    """A byte count in binary units: 7.9 MiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(count) < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def human_time(seconds: float) -> str:
    """Elapsed time: 0:41, 12:41, 1:02:03."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
