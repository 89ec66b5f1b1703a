"""What the tasks do: something small that leaves a line in the log and a value behind."""

import logging
import zlib

log = logging.getLogger(__name__)


def size_of(name, logical="", upper=1000):
    """A number that depends on the name and date only."""
    return zlib.crc32(("%s %s" % (name, logical)).encode("utf-8")) % upper


def process(name, ds="", **_context):
    """Pretend to read, change and write `name` for one day."""
    rows = size_of(name, ds, 50000)
    log.info("Read %d rows of %s for %s", rows, name, ds or "now")
    return {"name": name, "rows": rows}


def check(name, limit=50000, ds="", **_context):
    """Fail when there are more rows than `limit`: a check that can fail and does not, today."""
    rows = size_of(name, ds, 50000)
    if rows > limit:
        raise ValueError("%s has %d rows, more than %d" % (name, rows, limit))
    log.info("%s passed: %d rows", name, rows)


def wrap(text):
    """Read structured values back with the `parse` package from requirements.txt, if it is there."""
    try:
        from parse import parse
    except ImportError:
        log.warning("The package `parse` is not installed; the line stays as it is")
        return {"line": text}
    found = parse("{key}={value}", text)
    return dict(found.named) if found else {"line": text}
