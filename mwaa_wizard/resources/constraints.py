"""requirements.txt for another Airflow version: its constraint line and its pins of Airflow itself follow.

Sources: MWAA user guide connections-packages and best-practices-dependencies (the constraint line names Airflow's and
Python's version; MWAA adds one itself where there is none, from 2.7.2 on), upgrading-environment (Python changes from
2.6 to 2.7 and from 2.10 to 2.11); pip's requirements file format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mwaa_wizard.environments import versions
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

# .../constraints-2.10.3/constraints-3.11.txt, also the forms constraints-no-providers- and constraints-source-.
_OFFICIAL = re.compile(
    r"constraints-(?P<airflow>\d+(?:\.\d+){1,3})/constraints(?P<form>(?:-[a-z]+)*)-(?P<python>\d\.\d+)\.txt"
)
_CONSTRAINT = re.compile(r"^\s*(?:-c|--constraint)[\s=]+[\"']?(?P<where>[^\s\"']+)")
_PIN = re.compile(r"^(?P<head>\s*apache[-_.]airflow(?:\[[^\]]*\])?\s*==\s*)(?P<version>[0-9][0-9A-Za-z.]*)", re.I)
_AIRFLOW = re.compile(r"^\s*apache[-_.]airflow(?:\[[^\]]*\])?\s*[<>=!~]", re.I)
_AMAZON = re.compile(
    r"^(?P<head>\s*apache[-_.]airflow[-_.]providers[-_.]amazon(?:\[[^\]]*\])?\s*==\s*)(?P<version>[0-9][0-9A-Za-z.]*)",
    re.I,
)
_PROVIDER = re.compile(r"^\s*(?P<name>apache[-_.]airflow[-_.]providers[-_.][\w.-]+?)\s*(?:\[[^\]]*\])?\s*==", re.I)
_WHEEL = re.compile(r"\.whl\b|^\s*--find-links\b", re.I)


@dataclass(frozen=True)
class Image:
    """What MWAA's image of a version has: its Python, and its amazon provider (empty where that is not known)."""

    airflow: str
    python: str
    amazon: str = ""


@dataclass(frozen=True)
class Rewritten:
    """The new text; `changed` are lines as they were and are, `doubts` what somebody should look at."""

    text: str
    changed: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def image_of(version: str) -> Image:
    """What MWAA's image of a version has, as far as the table knows."""
    row = versions.find(version)
    return Image(version, row.python if row else "", row.amazon_provider if row else "")


def rewrite(text: str, before: Image, after: Image) -> Rewritten:
    """`text` for another version. What cannot be known to fit stays as it is and is among the doubts."""
    lines, changed, doubts = [], [], []
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        new = _line(body, before, after)
        lines.append(new + line[len(body) :])
        if new != body:
            changed.append(f"{clean(body, limit=300).strip()} → {clean(new, limit=300).strip()}")
        elif doubt := _doubt(body, before, after):
            doubts.append(f"{clean(body, limit=300).strip()}: {doubt}")
    return Rewritten("".join(lines), changed, doubts)


def _line(line: str, before: Image, after: Image) -> str:
    if line.lstrip().startswith("#"):
        return line
    if found := _OFFICIAL.search(line):
        if not after.python:
            return line
        new = f"constraints-{after.airflow}/constraints{found['form']}-{after.python}.txt"
        return line[: found.start()] + new + line[found.end() :]
    if found := _PIN.match(line):
        return found["head"] + after.airflow + line[found.end() :]
    if (found := _AMAZON.match(line)) and after.amazon and found["version"] == before.amazon:
        # The image's own provider: pinned to it before, so pinned to it again.
        return found["head"] + after.amazon + line[found.end() :]
    return line


def _doubt(line: str, before: Image, after: Image) -> str:
    if line.lstrip().startswith("#"):
        return ""
    if _OFFICIAL.search(line):
        return "" if after.python else _("which Python {version} has is not known here.").format(version=after.airflow)
    if _CONSTRAINT.match(line):
        return _("a constraint file of your own; make sure that it fits {version}.").format(version=after.airflow)
    if _AIRFLOW.match(line) and not _PIN.match(line):
        return _("make sure that {version} is among these.").format(version=after.airflow)
    if found := _PROVIDER.match(line):
        return _("make sure that {name} of this version works with {version} and its constraints.").format(
            name=found["name"], version=after.airflow
        )
    if _WHEEL.search(line) and before.python != after.python:
        return _("wheels have to be built for Python {python}.").format(python=after.python or "?")
    return ""
