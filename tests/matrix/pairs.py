"""Which databases there are, and which of them go to which."""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.sandbox.airflow.versions import parse

SOURCES = (
    "1.10.12", "1.10.15", "2.0.2", "2.2.2", "2.4.3", "2.5.1", "2.6.3", "2.7.2", "2.8.1", "2.9.2", "2.10.1", "2.10.3",
    "2.11.0", "2.11.2",
)  # fmt: skip
TARGETS = tuple(version for version in SOURCES if not version.startswith("1."))
BRIDGE = "2.11.2"  # MWAA upgrades to 3.x in place from here
BRIDGED = ("3.0.6", "3.2.1", "3.3.1")

# Databases that Airflow's own upgrade commands brought to the last version, with history in them at the first.
LINEAGES = ("1.10.12>2.0.2>2.10.3", "2.0.2>2.2.2>2.4.3>2.5.1>2.8.1>2.10.3")
OLD_TARGET = LINEAGES[1]


# Pairs whose target has the rows already.
POLICIES = (("1.10.12", "2.5.1"), ("1.10.12", "2.11.2"), ("2.2.2", "2.11.2"), ("2.5.1", "2.10.3"), ("2.10.3", "2.11.2"),
            ("2.11.2", "2.11.2"))  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One cell. `source`, `target`: a version, or a lineage's versions joined by `>`. `after`: over the bridge.

    `policies`: into a target that has the rows already, some with other values; see tests/matrix/policies.py.
    """

    source: str
    target: str
    after: str = ""
    policies: bool = False

    @property
    def name(self) -> str:
        further = f" -> {self.after}" if self.after else " (keep, replace, fail)" if self.policies else ""
        return f"{self.source} -> {self.target}{further}"


def last(origin: str) -> str:
    """The Airflow version a database is at."""
    return origin.split(">")[-1]


def every() -> list[Pair]:
    """All supported pairs; cells over the bridge stand behind the import they go on from."""
    out: list[Pair] = []
    for source in SOURCES + LINEAGES:
        for target in TARGETS:
            if parse(last(source)) <= parse(target):
                out.append(Pair(source, target))
                if (source, target) in POLICIES:
                    out.append(Pair(source, target, policies=True))
                if target == BRIDGE:
                    out += [Pair(source, target, after) for after in BRIDGED]
        if source not in LINEAGES and parse(source) <= parse(last(OLD_TARGET)):
            out.append(Pair(source, OLD_TARGET))
    return out


def chosen(wanted: list[str]) -> list[Pair]:
    """The pairs named such as `1.10.12:2.5.1`, `2.10.3:3.3.1`, `1.10.12:` (all its targets) or `:2.5.1`; all for none.

    Raises ValueError for a name that fits no pair.
    """
    if not wanted:
        return every()
    out: list[Pair] = []
    for text in wanted:
        source, _, target = text.partition(":")
        found = [
            pair
            for pair in every()
            if source in ("", pair.source) and target in ("", pair.after or pair.target)
        ]
        if not found:
            raise ValueError(f"{text} is no supported pair; try 1.10.12:2.5.1, 2.10.3:3.3.1, 2.2.2: or :2.11.2")
        out += [pair for pair in found if pair not in out]
    return out
