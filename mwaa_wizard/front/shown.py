"""What the functions of `engine` answer with: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileLine:
    """A profile of this machine. `words` says where its credentials come from, as far as the files tell."""

    name: str
    region: str = ""
    words: str = ""


@dataclass(frozen=True)
class Who:
    """What STS answered for a side."""

    account: str
    arn: str
    partition: str


@dataclass(frozen=True)
class EnvironmentLine:
    """One environment in the list of the source page; `created` is a date (YYYY-MM-DD). `problem`: why AWS says no
    more of it, or (without a name) nothing of the whole region.
    """

    name: str
    status: str
    version: str
    environment_class: str
    created: str
    region: str = ""
    problem: str = ""


@dataclass(frozen=True)
class TableLine:
    """A table of the picker; `note` is one line, `default` whether it is picked unless the user says otherwise."""

    name: str
    note: str
    default: bool


@dataclass(frozen=True)
class ReportText:
    """The verification report for the summary page: `text` without the head that the page shows itself."""

    text: str
    next: tuple[str, ...]
    files: tuple[str, ...]
    same: bool | None
    rejected: int = 0  # rows that the target could not take
